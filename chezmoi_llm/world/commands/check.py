"""``chezmoi-llm check``: tells what is wrong in the template, before anything is applied."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import Any

import click

from chezmoi_llm import codes, report
from chezmoi_llm.diagnostics import Diagnostic, Exit, Severity
from chezmoi_llm.records import EMPTY, record
from chezmoi_llm.review import review
from chezmoi_llm.words import did_you_mean
from chezmoi_llm.world.datafiles import good_document
from chezmoi_llm.world.model_store import look_up
from chezmoi_llm.world.places import near, required_template, source_folder
from chezmoi_llm.world.streams import is_coloured, read_bytes


@record
class Options:
    """What was asked for on the command line."""

    files: tuple[str, ...]
    source: str
    form: str
    strict: bool
    frozen: bool
    render: bool


@click.command("check")
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--source", default="", metavar="DIR", help="Source folder of chezmoi.")
@click.option(
    "--format", "form", type=click.Choice(tuple(report.FORMATS)), default="full", show_default=True
)
@click.option("--strict", is_flag=True, help="Let warnings fail as errors do.")
@click.option("--frozen", is_flag=True, help="Fail where the committed llm.json is out of date.")
@click.option(
    "--explain",
    metavar="CODE",
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, code: _explain(context, code),
    help="Say what a code means, with an example, and check nothing.",
)
@click.option("--render", is_flag=True, help="Look at what chezmoi renders the template to, as well.")
def command(**options: Any) -> int:
    """Check config templates: yours where no FILE is named.

    Reads the text alone: no template runs, and chezmoi is not needed. Nothing is said about values
    that only rendering can tell, unless --render is given. That runs what the template calls.

    Example: chezmoi-llm check
    """
    asked = Options(**options)
    paths = asked.files or (required_template(source_folder(asked.source)),)
    diagnostics: list[Diagnostic] = []
    texts: dict[str, str] = {}
    for path in dict.fromkeys(map(near, paths)):
        text = read_bytes(path)
        texts[path] = text.decode("utf-8", errors="replace")
        diagnostics += _reviewed(path, text, is_rendered=asked.render)
    for path in {one.file for one in diagnostics} - texts.keys():  # entries of the model store
        texts[path] = read_bytes(path).decode("utf-8", errors="replace")
    _print(diagnostics, texts, asked.form)
    if asked.frozen:
        from chezmoi_llm.world.frozen import check_frozen  # noqa: PLC0415  only for this option

        check_frozen(source_folder(asked.source))
    worst = Severity.WARNING if asked.strict else Severity.ERROR
    return Exit.PROBLEMS if any(one.severity <= worst for one in diagnostics) else Exit.FINE


def _reviewed(path: str, text: bytes, *, is_rendered: bool) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a template, and with what it renders to if that is asked for."""
    folder = os.path.dirname(path)
    before, stored = good_document(folder) or EMPTY, partial(look_up, source_dir=folder)
    if not is_rendered:
        return review(text, path, before, stored)
    from chezmoi_llm.world.rendering import render  # noqa: PLC0415  only for this option

    renders = render(path, text)
    if renders.notice:
        click.echo(f"chezmoi-llm: {renders.notice}", err=True)
    found = review(text, path, before, stored, renders.outputs)
    return tuple(dict.fromkeys((*found, *renders.faults)))


def _print(diagnostics: list[Diagnostic], texts: dict[str, str], form: str) -> None:
    """Print the report, and for people a last line with the sum."""
    text = report.FORMATS[form](diagnostics, texts, colour=is_coloured(sys.stdout))
    click.echo(text, nl=False)
    if form == "full":
        click.echo(("\n" if text else "") + report.summary(diagnostics))


def _explain(context: click.Context, code: str | None) -> None:
    """Print what a code means, and leave."""
    if code is None:
        return
    section = codes.sections().get(code.upper())
    if section is None:
        near = did_you_mean(code.upper(), list(codes.sections()))
        raise click.UsageError(f"there is no code {code!r}; {near or 'codes are such as LLM101'}", context)
    click.echo(codes.plain_text(section), nl=False)
    context.exit()

"""``chezmoi-llm check``: tells what is wrong in the template, before anything is applied."""

from __future__ import annotations

import os
import sys
from functools import partial

import click

from chezmoi_llm import codes, report
from chezmoi_llm.diagnostics import Diagnostic, Exit, Severity
from chezmoi_llm.records import EMPTY
from chezmoi_llm.review import review
from chezmoi_llm.words import did_you_mean
from chezmoi_llm.world.datafiles import good_document
from chezmoi_llm.world.model_store import look_up
from chezmoi_llm.world.places import near, required_template, source_folder
from chezmoi_llm.world.streams import is_coloured, read_bytes


@click.command("check")
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--source", default="", metavar="DIR", help="Source folder of chezmoi.")
@click.option(
    "--format", "format_", type=click.Choice(tuple(report.FORMATS)), default="full", show_default=True
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
def command(files: tuple[str, ...], source: str, format_: str, *, strict: bool, frozen: bool) -> int:
    """Check config templates: yours where no FILE is named.

    Reads the text alone: no template runs, and chezmoi is not needed. Nothing is said about values
    that only rendering can tell.

    Example: chezmoi-llm check
    """
    paths = files or (required_template(source_folder(source)),)
    diagnostics: list[Diagnostic] = []
    texts: dict[str, str] = {}
    for path in dict.fromkeys(map(near, paths)):
        text = read_bytes(path)
        texts[path] = text.decode("utf-8", errors="replace")
        folder = os.path.dirname(path)
        before, stored = good_document(folder) or EMPTY, partial(look_up, source_dir=folder)
        diagnostics += review(text, path, before, stored)
    for path in {one.file for one in diagnostics} - texts.keys():  # entries of the model store
        texts[path] = read_bytes(path).decode("utf-8", errors="replace")
    _print(diagnostics, texts, format_)
    if frozen:
        from chezmoi_llm.world.frozen import check_frozen  # noqa: PLC0415  only for this option

        check_frozen(source_folder(source))
    worst = Severity.WARNING if strict else Severity.ERROR
    return Exit.PROBLEMS if any(one.severity <= worst for one in diagnostics) else Exit.FINE


def _print(diagnostics: list[Diagnostic], texts: dict[str, str], format_: str) -> None:
    """Print the report, and for people a last line with the sum."""
    text = report.FORMATS[format_](diagnostics, texts, colour=is_coloured(sys.stdout))
    click.echo(text, nl=False)
    if format_ == "full":
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

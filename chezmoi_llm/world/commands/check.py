"""``chezmoi-llm check``: tells what is wrong in the template, before anything is applied."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import click

from chezmoi_llm import report
from chezmoi_llm.diagnostics import Diagnostic
from chezmoi_llm.records import record
from chezmoi_llm.review import codes
from chezmoi_llm.showing.words import did_you_mean
from chezmoi_llm.world import checking, reporting
from chezmoi_llm.world.checking import Checked
from chezmoi_llm.world.commands.options import consent_options, report_options, source_option
from chezmoi_llm.world.one_file import Consent
from chezmoi_llm.world.places import list_file, near, source_folder
from chezmoi_llm.world.streams import say

_FOR_PEOPLE = ("full", "concise")
"""Formats beside which a difference may be shown."""


@record
class Options:
    """What was asked for on the command line."""

    files: tuple[str, ...]
    source: str
    form: str
    strict: bool
    frozen: bool
    render: bool
    fix: bool
    yes: bool
    dry_run: bool


@click.command("check")
@click.argument("files", nargs=-1, type=click.Path())
@source_option
@report_options
@click.option("--render", is_flag=True, help="Look at what chezmoi renders the template to, as well.")
@click.option("--fix", is_flag=True, help="Mend what is certain; shows the change first.")
@consent_options
@click.option("--frozen", is_flag=True, help="Fail where the committed llm.json is out of date.")
@click.option(
    "--explain",
    metavar="CODE",
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, code: _explain(context, code),
    help="Say what a code means, with an example, and check nothing.",
)
def command(**options: Any) -> int:
    """Check config templates: yours where no FILE is named.

    Reads the text alone: no template runs, and chezmoi is not needed. Nothing is said about values
    that only rendering can tell, unless --render is given. That runs what the template calls.

    Example: chezmoi-llm check --fix
    """
    asked = Options(**options)
    _refuse(asked)
    paths = asked.files or (list_file(source_folder(asked.source)),)
    checked = [one for path in dict.fromkeys(map(near, paths)) for one in _look(path, asked)]
    found = [diagnostic for one in checked for diagnostic in one.found]
    _print(found, checked, asked)
    if asked.frozen:
        from chezmoi_llm.world.frozen import check_frozen  # noqa: PLC0415  only for this option

        check_frozen(source_folder(asked.source))
    return reporting.exit_code(found, strict=asked.strict)


def _refuse(asked: Options) -> None:
    """Refuse options that do not go together."""
    if (asked.yes or asked.dry_run) and not asked.fix:
        raise click.UsageError("--yes and --dry-run are for --fix")
    if asked.fix and asked.form not in _FOR_PEOPLE:
        raise click.UsageError(f"--fix shows what it changes, which has no place in --format {asked.form}")
    if asked.fix and "-" in asked.files:
        raise click.UsageError("--fix cannot change standard input")


def _look(path: str, asked: Options) -> Iterable[Checked]:
    """Return a config template and the templates beside it, mended and rendered if that was asked for."""
    consent = Consent(yes=asked.yes, dry_run=asked.dry_run)
    mend = partial(checking.mend, consent=consent) if asked.fix else _leave
    template = mend(checking.look(path))
    beside = tuple(map(mend, checking.look_beside(template)))
    if asked.render:
        template, notice = checking.rendered(template)
        if notice:
            say(notice)
    return (template, *beside)


def _leave(checked: Checked) -> Checked:
    return checked


def _print(found: Sequence[Diagnostic], checked: Sequence[Checked], asked: Options) -> None:
    """Print the report, and for people a last line with the sum."""

    def summary() -> str:
        mends = 0 if "-" in asked.files else sum(len(one.mends) for one in checked)
        return report.summary(found, mends, _mending(checked, asked))

    reporting.to_stdout(found, checking.texts(checked), asked.form, summary)


def _mending(checked: Sequence[Checked], asked: Options) -> str:
    """Return the command that mends what was looked at, and nothing else."""
    source = ("--source", asked.source) if asked.source else ()
    files = [one.path for one in checked if one.mends] if asked.files else ()
    return shlex.join(("chezmoi-llm", "check", "--fix", *source, *files))


def _explain(context: click.Context, code: str | None) -> None:
    """Print what a code means, and leave."""
    if code is None:
        return
    section = codes.sections().get(code.upper())
    if section is None:
        nearest = did_you_mean(code.upper(), list(codes.sections()))
        raise click.UsageError(
            f"there is no code {code!r}; {nearest or 'codes are such as LLM101'}", context
        )
    click.echo(codes.plain_text(section), nl=False)
    context.exit()

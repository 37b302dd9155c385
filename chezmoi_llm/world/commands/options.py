"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


source_option = click.option("--source", default="", metavar="DIR", help="Source folder of chezmoi.")


def report_options(command: Command) -> Command:
    """Add the options of a check: the format of its report (as ``form``), and what lets it fail."""
    from chezmoi_llm import report  # noqa: PLC0415  only the checks have such a format

    add_format = click.option(
        "--format", "form", type=click.Choice(tuple(report.FORMATS)), default="full", show_default=True
    )
    add_strict = click.option("--strict", is_flag=True, help="Let warnings fail as errors do.")
    return add_format(add_strict(command))


def consent_options(command: Command) -> Command:
    """Add ``--yes`` and ``--dry-run``, the fields of ``one_file.Consent``."""
    add_yes = click.option("--yes", is_flag=True, help="Ask nothing.")
    add_dry_run = click.option("--dry-run", is_flag=True, help="Show the change, and do nothing.")
    return add_yes(add_dry_run(command))


def input_options(command: Command) -> Command:
    """Add the options that say where the list is read from."""
    add_data = click.option(
        "--data",
        default="",
        metavar="FILE",
        help="Read the list from a JSON, YAML or TOML document, or from standard input for -.",
    )
    return add_data(source_option(command))

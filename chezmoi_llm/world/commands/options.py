"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def input_options(command: Command) -> Command:
    """Add the options that say where the list is read from."""
    add_source = click.option(
        "--source", "folder", default="", metavar="DIR", help="Source folder of chezmoi."
    )
    add_data = click.option(
        "--data",
        default="",
        metavar="FILE",
        help="Read the list from a JSON, YAML or TOML document, or from standard input for -.",
    )
    return add_data(add_source(command))

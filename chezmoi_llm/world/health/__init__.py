"""Looks at a person's machine for ``doctor``: local and quick, and nothing is changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from chezmoi_llm.expand import expand
from chezmoi_llm.health.facts import Facts, Machine
from chezmoi_llm.health.stack import Stack, stack_of
from chezmoi_llm.world import datafiles, places
from chezmoi_llm.world.failures import CouldNotRunError, explaining
from chezmoi_llm.world.health.config import Config, read_config
from chezmoi_llm.world.health.dotfiles import dotfiles
from chezmoi_llm.world.health.machine import machine
from chezmoi_llm.world.health.programs import programs
from chezmoi_llm.world.model_store import look_up


def facts(source: str) -> Facts:
    """Return what there is; ``source`` is the source folder as the command line names it, or empty.

    Raises CouldNotRunError where that one is not there.
    """
    home = os.path.expanduser("~")
    folder = places.as_chezmoi_names(os.path.abspath(places.source_folder(source)))
    config = read_config(folder, home)
    found = dotfiles(folder, home, config)
    stack = _stack(folder, config) if found.mode else None
    return Facts(
        programs=programs(found.mode, home),
        dotfiles=found,
        stack=stack,
        machine=machine(stack, home) if stack else Machine(),
        named=source,
    )


def _stack(folder: str, config: Config) -> Stack | None:
    """Return what is to run: what the document says, or else the config file; None where neither does."""
    try:
        with explaining():
            document = datafiles.good_document(folder) or _expanded(folder, config)
        return stack_of(document) if document else None
    except (CouldNotRunError, KeyError, TypeError, AttributeError):  # it is somebody else's
        return None


def _expanded(folder: str, config: Config) -> Mapping[str, Any] | None:
    if config.data is None:
        return None
    return expand(config.data, stock=look_up(config.data, folder), is_config=True).document

"""Judges what ``doctor`` has found: pure checks, each a function from the facts to rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from chezmoi_llm.health import dotfiles, programs, services
from chezmoi_llm.health.facts import Facts
from chezmoi_llm.health.rows import Result, Row

Check: TypeAlias = Callable[[Facts], Iterator[Row]]

CHECKS: Final[tuple[Check, ...]] = (
    programs.version,
    programs.helper,
    programs.chezmoi,
    dotfiles.source_folder,
    dotfiles.config,
    dotfiles.mode,
    dotfiles.hook,
    dotfiles.document,
    dotfiles.the_list,
    dotfiles.templates,
    dotfiles.units,
    services.stack,
    services.podman,
    services.systemd,
    services.podman_socket,
    services.llama_swap,
    services.ramalama,
    services.secrets,
    services.services,
    services.caddy,
    services.selinux,
)
"""In the order in which a person mends things: what stands above may be why something below is wrong."""


def examine(facts: Facts) -> tuple[Row, ...]:
    """Return the rows of all checks; what does not apply to a machine has none."""
    return tuple(row for check in CHECKS for row in check(facts))


__all__ = ["CHECKS", "Facts", "Result", "Row", "examine"]

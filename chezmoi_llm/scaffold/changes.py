"""The records of a plan: what would change, what is there already, what is left out and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file that gets new bytes: ``before`` is None for a new file, ``after`` for one that goes.

    ``what`` says it for a person.
    """

    path: str
    before: bytes | None
    after: bytes | None
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A shipped file that is left out: why, and the lines or steps to use instead."""

    path: str
    reason: str
    instead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be done to a source folder.

    ``present`` are our files that are there already; ``edited`` are (path, difference) of those
    that a person has changed; ``notes`` are sentences for the end of the report. ``emptied`` are source
    folders that go unless something is in them, ``left_empty`` the folders of the home that chezmoi made
    for nothing but what goes, the innermost first.
    """

    changes: tuple[Change, ...] = ()
    present: tuple[str, ...] = ()
    skipped: tuple[Skip, ...] = ()
    edited: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    left_empty: tuple[str, ...] = ()

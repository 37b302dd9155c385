"""Lines meant for chezmoi's hook that chezmoi passes over: the files would grow old without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.document import is_known
from chezmoi_llm.showing.words import did_you_mean, only_near, shown

HOOKS: Final = "hooks"
EVENT: Final = "read-source-state"
"""The event of our hook. As nobody else uses the word, a mapping that has it was meant for a hook."""

MOMENTS: Final = ("pre", "post")
PROGRAMS: Final = ("command", "script")
"""What chezmoi reads of an event, and of a moment of it; see its reference, configuration file, hooks."""


def findings(data: Any) -> Iterator[Finding]:
    """Yield what keeps chezmoi from running a hook that a config template, read whole, writes down."""
    if not isinstance(data, dict):
        return
    yield from _misnamed(data)
    yield from _below_data(data.get("data"))
    for key, held in data.items():
        if _is_hooks(key) and isinstance(held, dict):
            yield from _unknown_event(held, key)
            yield from _read_by_chezmoi(held.get(EVENT), (key, EVENT))


def _is_hooks(key: Any) -> bool:
    """Say whether chezmoi reads hooks there: it takes the keys at the top in any case."""
    return isinstance(key, str) and key.lower() == HOOKS


def _misnamed(data: dict[Any, Any]) -> Iterator[Finding]:
    has_hooks = any(map(_is_hooks, data))
    hint = f"move what is in it to {HOOKS}" if has_hooks else f"did you mean {HOOKS!r}?"
    for key, held in data.items():
        if is_known(key) and not _is_hooks(key) and isinstance(held, dict) and EVENT in held:
            yield _passed_over((key,), hint=hint, mend="" if has_hooks else HOOKS)


def _below_data(own: Any) -> Iterator[Finding]:
    held = own.get(HOOKS) if isinstance(own, dict) else None
    if isinstance(held, dict) and EVENT in held:
        yield _passed_over(("data", HOOKS), hint="move it out of data:, to the left margin")


def _unknown_event(hooks: dict[Any, Any], key: str) -> Iterator[Finding]:
    for event in hooks if EVENT not in hooks else ():
        if isinstance(event, str) and is_known(event) and only_near(event.replace("_", "-"), (EVENT,)):
            yield _passed_over((key, event), hint=f"did you mean {EVENT!r}?", mend=EVENT)


def _read_by_chezmoi(event: Any, path: Path) -> Iterator[Finding]:
    """Yield the first key of an event, or of its ``pre``, where there is nothing that chezmoi reads."""
    yield from _without(event, MOMENTS, path, "write pre: above it, and indent it below that")
    moment = event.get(MOMENTS[0]) if isinstance(event, dict) else None
    yield from _without(moment, PROGRAMS, (*path, MOMENTS[0]), "write command: and the program to run")


def _without(holder: Any, wanted: tuple[str, ...], path: Path, otherwise: str) -> Iterator[Finding]:
    if isinstance(holder, dict) and holder and all(map(is_known, holder)) and not holder.keys() & {*wanted}:
        first = next(iter(holder))
        mend = only_near(first, wanted) if isinstance(first, str) else ""
        yield _passed_over((*path, first), hint=did_you_mean(first, wanted) or otherwise, mend=mend)


def _passed_over(path: Path, *, hint: str, mend: str = "") -> Finding:
    return Finding(
        code="LLM111",
        path=path,
        at_key=True,
        message=f"{shown(path[-1])} is passed over by chezmoi, so that the hook does not run",
        hint=hint,
        mend=mend,
    )

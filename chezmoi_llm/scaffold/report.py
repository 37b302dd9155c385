"""Says a plan to a person: what is done, what was left out and why, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.scaffold.changes import Change, Plan, Skip
from chezmoi_llm.scaffold.config import Config
from chezmoi_llm.scaffold.paste import Paste
from chezmoi_llm.showing.words import counted

_COMMENTS: Final[Mapping[str, str]] = {"yaml": "# ", "toml": "# ", "jsonc": "// "}


def lines(plan: Plan, *, is_whole: bool = True) -> Iterator[str]:
    """Yield the report of a plan, line by line; new files are counted by folder unless it is whole."""
    width = max((len(change.what) for change in plan.changes), default=0)
    shown = [(one.what, one.path) for one in plan.changes] if is_whole else _by_folder(plan.changes)
    yield from (f"  {what:{width}}  {path}" for what, path in shown)
    if plan.present:
        yield f"  already there: {counted(len(plan.present), 'file')}"
    for (reason, instead), paths in _by_reason(plan.skipped).items():
        yield from _labelled("  left out: ", paths)
        yield f"    why:     {reason}"
        yield from _labelled("    instead: ", instead.splitlines())
    for path, difference in plan.edited:
        yield f"  edited by you, so left as it is: {path}"
        yield from (f"    {line}" for line in difference.splitlines())
    yield from plan.notes


def _by_reason(skips: Iterable[Skip]) -> dict[tuple[str, str], list[str]]:
    """Return the paths of what is left out by why, and what to do instead."""
    paths: dict[tuple[str, str], list[str]] = {}
    for skip in skips:
        paths.setdefault((skip.reason, skip.instead), []).append(skip.path)
    return paths


def _labelled(label: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield lines below each other, the first one behind a label."""
    yield from (f"{' ' * len(label) if index else label}{line}" for index, line in enumerate(lines))


def _by_folder(changes: Iterable[Change]) -> list[tuple[str, str]]:
    """Return what is done and where, in the order of the changes; new files of a folder are one line."""
    new: dict[str, list[str]] = {}
    shown: dict[str, tuple[str, str]] = {}
    for change in changes:
        folder = change.path.rpartition("/")[0] if change.before is None else ""
        files = new.setdefault(folder, [])
        files.append(change.path)
        where = f"{folder}/ ({len(files)} files)" if folder and len(files) > 1 else change.path
        shown[folder or change.path] = (change.what, where)
    return list(shown.values())


def ignored(targets: Sequence[str]) -> Iterator[str]:
    """Yield that chezmoi leaves targets alone, for a list of the person's says so."""
    if targets:
        yield f"  {naming.IGNORE} keeps these from being written, so change it if you want them:"
        yield from (f"    ~/{target}" for target in targets)


def to_paste(found: Config, pieces: Sequence[Paste]) -> Iterator[str]:
    """Yield the lines that a person adds to their own config template."""
    yield f"{found.file} is yours, so nothing in it is changed.{' Add to it:' * bool(pieces)}"
    if pieces:
        yield ""
        for piece in pieces:
            yield f"--- {piece.where}:"
            yield piece.text.removesuffix("\n")
        yield "---"


def to_change(changes: Sequence[str]) -> Iterator[str]:
    """Yield the values that a person changes in it."""
    if changes:
        yield ""
        yield "Change in it:"
        yield from (f"  {change}" for change in changes)


def block_alone(found: Config, pieces: Iterable[Paste]) -> Iterator[tuple[str, bool]]:
    """Yield the same as text of that file's own format, each part with whether it belongs into the file.

    The place of each piece is a comment there; JSON has none, so that it stands outside.
    """
    comment = _COMMENTS.get(naming.ending(found.file), "")
    for piece in pieces:
        yield f"{comment}--- {piece.where}", bool(comment)
        yield piece.text.removesuffix("\n"), True

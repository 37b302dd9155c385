"""The targets of a source folder: from the paths in it to what each of them is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.chezmoi.naming import NameProblemError
from chezmoi_llm.engine.patterns import PatternSet
from chezmoi_llm.engine.values import WHITE_SPACE, merged


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A source file that chezmoi manages, and where its target is; both paths are relative."""

    source: str
    target: str
    file: naming.File


def entries(files: Iterable[str], folders: Iterable[str], ignored: PatternSet) -> tuple[Entry, ...]:
    """Return the entries of a source folder, sorted by target, without those that are ignored.

    Raises NameProblemError where two sources have the same target.
    """
    kept = [entry for entry in map(entry_of, files) if not is_ignored(entry.target, ignored)]
    _check_unique([(entry.target, entry.source) for entry in kept])
    _check_unique(_differing(folders))
    return tuple(sorted(kept, key=lambda entry: entry.target))


def entry_of(source: str) -> Entry:
    """Return the entry of one source file; a script's target is only its name in messages."""
    entry = Entry(source=source, target=naming.target_path(source), file=naming.file(_last(source)))
    if source.startswith(f"{naming.SCRIPTS_FOLDER}/") and entry.file.kind is not naming.Kind.SCRIPT:
        raise NameProblemError(f"{source}: not a script")
    return entry


def is_ignored(target: str, ignored: PatternSet) -> bool:
    """Say whether the target, or a folder above it, is ignored."""
    parts = target.split("/")
    return any(ignored.matches("/".join(parts[:end])) for end in range(1, len(parts) + 1))


def _differing(folders: Iterable[str]) -> list[tuple[str, str]]:
    """Return target and source of folders whose attributes differ from the first of that target."""
    seen: dict[str, dict[naming.Folder, str]] = {}
    for source in folders:
        seen.setdefault(naming.target_folder(source), {}).setdefault(naming.folder(_last(source)), source)
    return [(target, source) for target, sources in seen.items() for source in sources.values()]


def _check_unique(pairs: Iterable[tuple[str, str]]) -> None:
    sources_of: dict[str, list[str]] = {}
    for target, source in pairs:
        sources_of.setdefault(target, []).append(source)
    for target, sources in sorted(sources_of.items()):
        if len(sources) > 1:
            raise NameProblemError(f"{target}: inconsistent state ({', '.join(sorted(sources))})")


def stripped(content: bytes) -> str:
    """Return a file's text without white space around it, as Go understands white space.

    A target whose text is empty then is removed.
    """
    return content.decode(errors="surrogateescape").strip(WHITE_SPACE)


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def template_data(data: Mapping[str, Any], source: str, target: str) -> dict[str, Any]:
    """Return the data with the two values that differ for each template under ``chezmoi``."""
    return merged(data, {"chezmoi": {"sourceFile": source, "targetFile": target}})

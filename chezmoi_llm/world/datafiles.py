"""The other data files of a source folder: chezmoi merges them, and a root key ``llm`` would hide ours."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.chezmoi.naming import DATA_FOLDER, DOCUMENT, FORMATS
from chezmoi_llm.chezmoi.rootkeys import root_keys
from chezmoi_llm.world import files


def good_document(source_dir: str) -> Mapping[str, Any] | None:
    """Return our own document; None where it is missing, unreadable, or that of an error."""
    document = written_document(source_dir)
    return document if document is not None and document["error"] == "" else None


def written_document(source_dir: str) -> Mapping[str, Any] | None:
    """Return our own document, even if its ``error`` is set; None where it is not there, or unreadable."""
    try:
        document = json.loads(files.read(os.path.join(source_dir, DOCUMENT)) or b"{}")["llm"]
        return document if isinstance(document["error"], str) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def is_tracked(source_dir: str) -> bool:
    """Say whether our document is there and tracked by git; without git it is not."""
    if not os.path.isfile(os.path.join(source_dir, DOCUMENT)):
        return False
    return DOCUMENT in tracked(source_dir, DOCUMENT)


def tracked(source_dir: str, *paths: str) -> frozenset[str]:
    """Return the files below the source folder that git tracks, or those of them that are named."""
    return _listed(source_dir, *paths)


def is_exposed(source_dir: str) -> bool:
    """Say whether git does not track our document, and would take it in with all else."""
    return bool(_listed(source_dir, "--others", "--exclude-standard", DOCUMENT))


_RUNS_NOTHING = ("-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")
"""A source folder may be anybody's: git would start a program that it names, even from a file in it."""


def _listed(source_dir: str, *words: str) -> frozenset[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        asked = subprocess.run(
            ["git", *_RUNS_NOTHING, "-C", source_dir, "ls-files", "-z", *words],
            capture_output=True,
            check=False,
            env=env,
            stdin=subprocess.DEVNULL,
        )
    except OSError:  # there is no git, or none that may be started
        return frozenset()
    return frozenset(filter(None, os.fsdecode(asked.stdout).split("\0")))


def with_llm(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return those data files that have a root key ``llm``."""
    return tuple(path for path in paths if has_llm(path, files.read(path) or b""))


def has_llm(path: str, data: bytes) -> bool:
    """Say whether the bytes of a data file have a root key ``llm``; the path says what they are."""
    return "llm" in keys(path, data)


def keys(path: str, data: bytes) -> frozenset[str]:
    """Return the root keys of the bytes of a data file; the path says what they are."""
    return root_keys(data.decode(errors="replace"), FORMATS[_ending(path)])


def others(source_dir: str) -> tuple[str, ...]:
    """Return the paths of all data files that chezmoi reads, except our own."""
    own = os.path.join(source_dir, DOCUMENT)
    return tuple(sorted(path for path in _walk(source_dir) if path != own))


def _walk(folder: str) -> Iterator[str]:
    """Yield the data files below a folder of the source, which chezmoi walks in the same way."""
    for entry in os.scandir(folder):
        name, is_folder = entry.name, entry.is_dir(follow_symlinks=False)
        if name == DATA_FOLDER and entry.is_dir():
            yield from _all(entry.path)
        elif name.startswith(f"{DATA_FOLDER}.") and not is_folder and _ending(name) in FORMATS:
            yield entry.path
        elif is_folder and not name.startswith("."):
            yield from _walk(entry.path)


def _all(folder: str) -> Iterator[str]:
    """Yield the data files in a data folder; chezmoi looks into no folder that a link leads to."""
    for entry in os.scandir(folder):
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _all(entry.path)
        elif _ending(entry.name) in FORMATS and not entry.is_dir():
            yield entry.path


def _ending(name: str) -> str:
    return os.path.splitext(name)[1][1:]

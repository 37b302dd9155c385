"""A folder that was expensive to make, and is put back before each test that changes it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

Made = TypeVar("Made")

Mark: TypeAlias = tuple[int, int, int, int]
"""By which a file is known not to have been touched: inode, mode, size, time of the last change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A folder as it was, and a copy of it. Its path stays: programs write absolute paths down."""

    folder: Path
    copy: Path
    marks: dict[str, Mark]

    @classmethod
    def keep(cls, folder: Path, copy: Path) -> Kept:
        """Remember a folder; ``copy`` is made."""
        shutil.copytree(folder, copy, symlinks=True)
        return cls(folder=folder, copy=copy, marks=dict(_marks(folder)))

    def is_untouched(self, name: str) -> bool:
        """Tell whether a file, named relative to the folder, is the very one that was kept."""
        return dict(_marks(self.folder)).get(name) == self.marks[name]

    def put_back(self) -> None:
        """Make the folder what it was. A file that nobody touched stays; another is copied anew."""
        there = dict(_marks(self.folder))
        for name in sorted(there, reverse=True):
            if there[name] != self.marks.get(name):
                _remove(self.folder / name)
        for name in sorted(self.marks):
            if not os.path.lexists(self.folder / name):
                _copy(self.copy / name, self.folder / name)


HELPER = "bin/chezmoi-llm"
"""The hook knows its helper by the inode, and would start a copy once more."""


def renewed(make: Callable[[Path], Made], folders: Callable[[], Path]) -> Callable[[], Made]:
    """Return a function that returns what ``make`` makes in a folder, each time as if nobody had used it.

    ``folders`` returns an empty folder each time.
    """
    made: list[tuple[Made, Kept]] = []

    def again() -> Made:
        if made and made[-1][1].is_untouched(HELPER):
            made[-1][1].put_back()
        else:
            folder = folders() / "made"
            folder.mkdir()
            made.append((make(folder), Kept.keep(folder, folder.with_name("copy"))))
        return made[-1][0]

    return again


def _marks(folder: Path) -> Iterator[tuple[str, Mark]]:
    """Yield every file and folder below a folder with its mark; a folder has its mode alone."""
    for path in folder.rglob("*"):
        found = path.lstat()
        is_folder = path.is_dir() and not path.is_symlink()
        rest = (0, 0) if is_folder else (found.st_size, found.st_mtime_ns)
        yield str(path.relative_to(folder)), (0 if is_folder else found.st_ino, found.st_mode, *rest)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _copy(kept: Path, path: Path) -> None:
    if kept.is_dir() and not kept.is_symlink():
        path.mkdir()
        shutil.copystat(kept, path)
    else:
        shutil.copy2(kept, path, follow_symlinks=False)

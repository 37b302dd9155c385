"""What a source folder becomes: files, links and scripts; and how the files are written to a folder."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping

from chezmoi_llm.records import record

UMASK = 0o022
"""What chezmoi takes from new files' modes by default; the same here whatever the shell has."""


@record
class Target:
    """A file as it will be in the home folder."""

    content: bytes
    executable: bool = False
    private: bool = False
    readonly: bool = False

    @property
    def mode(self) -> int:
        """Return the permission bits that the file gets."""
        mode = 0o777 if self.executable else 0o666
        mode &= 0o700 if self.private else 0o777
        return mode & ~(0o222 if self.readonly else 0) & ~UMASK


@record
class Script:
    """A script that chezmoi would run; words as in :class:`chezmoi_llm.chezmoi.naming.File`."""

    content: bytes
    condition: str
    order: str


@record
class Tree:
    """What a source folder becomes; every key is a path below the home folder, sorted.

    ``links`` holds where symbolic links point to, ``skipped`` why a source was left out, and
    ``warnings`` what the templates warned of.
    """

    files: Mapping[str, Target]
    links: Mapping[str, str]
    scripts: Mapping[str, Script]
    skipped: dict[str, str]
    warnings: tuple[str, ...] = ()


def write(tree: Tree, out_dir: str) -> tuple[str, ...]:
    """Write a tree's files below a folder and return their paths; links and scripts are left out.

    Raises OSError; a symbolic link in a file's place is not followed.
    """
    real = os.path.realpath(out_dir)
    for path, target in tree.files.items():
        place = os.path.join(out_dir, path)
        folder = os.path.dirname(place)
        if os.path.commonpath([real, os.path.realpath(folder)]) != real:
            raise OSError(errno.ELOOP, "a link leads out of the folder", place)
        os.makedirs(folder, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with os.fdopen(os.open(place, flags, 0o600), "wb") as file:
            file.write(target.content)
            os.fchmod(file.fileno(), target.mode)
    return tuple(tree.files)

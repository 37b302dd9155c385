"""What templates may ask of this machine: its files, its PATH, and no command by default."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.engine import patterns
from chezmoi_llm.engine.functions import World
from chezmoi_llm.world import files

EXPAND = ("chezmoi-llm", ("expand",))
"""The one command that templates may run: it is answered with the document at hand."""

_TYPES = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "dir",
    stat.S_IFLNK: "symlink",
    stat.S_IFIFO: "named pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFBLK: "device",
}
_GO_TYPE_BITS = {
    stat.S_IFDIR: 1 << 31,
    stat.S_IFLNK: 1 << 27,
    stat.S_IFIFO: 1 << 25,
    stat.S_IFSOCK: 1 << 24,
    stat.S_IFBLK: 1 << 26,
    stat.S_IFCHR: 1 << 26 | 1 << 21,
}
_GO_FLAG_BITS = {stat.S_ISUID: 1 << 23, stat.S_ISGID: 1 << 22, stat.S_ISVTX: 1 << 20}


def world(
    source_dir: str, home_dir: str, *, document: str, warn: Callable[[str], None], commands: bool = False
) -> World:
    """Return what the templates of a source folder may use.

    ``document`` is the JSON that ``output "chezmoi-llm" "expand"`` yields; any other command is
    refused unless ``commands`` is set.
    """

    def output(name: str, args: Sequence[str]) -> str:
        if (name, tuple(args)) == EXPAND:
            return document
        if not commands:
            raise RuntimeError(f"{name} is not run in a preview")
        return _output([name, *args])

    templates_dir = os.path.join(source_dir, naming.TEMPLATES_FOLDER)
    allowed = (source_dir, home_dir)
    return World(
        read=lambda name: _read(name, [source_dir], allowed),
        read_template=lambda name: _read(name, [templates_dir, source_dir], allowed),
        output=output,
        look_path=lambda name: shutil.which(name) or "",
        stat=lambda path: _info(path, os.stat),
        lstat=lambda path: _info(path, os.lstat),
        glob=lambda pattern: glob(pattern, home_dir),
        environ=os.environ,
        warn=warn,
    )


def _output(argv: Sequence[str]) -> str:
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode(errors="surrogateescape")


def _read(name: str, folders: Sequence[str], allowed: Iterable[str]) -> str:
    """Return a file's text from the first folder that has it, or from its absolute path.

    Raises OSError, also for a path that leads out of the folders that may be read.
    """
    paths = [os.path.join(folder, name) for folder in folders]
    path = next(filter(os.path.lexists, paths), paths[-1])
    if not any(_is_inside(path, folder) for folder in allowed):
        raise OSError(f"open {path}: a preview reads nothing outside of the source folder and the home")
    try:
        return read_text(path)
    except OSError as error:
        raise OSError(f"open {path}: {str(error.strerror).lower()}") from error


def _is_inside(path: str, folder: str) -> bool:
    real = os.path.realpath(folder)
    return os.path.commonpath([real, os.path.realpath(path)]) == real


def read_text(path: str) -> str:
    """Return a file's text with its line ends; bytes that are no UTF-8 survive the way back."""
    data = files.read(path)
    if data is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    return data.decode(errors="surrogateescape")


def _info(path: str, ask: Callable[[str], os.stat_result]) -> dict[str, Any] | None:
    try:
        found = ask(path)
    except FileNotFoundError:
        return None
    perm, kind = found.st_mode & 0o777, stat.S_IFMT(found.st_mode)
    flags = sum(bit for flag, bit in _GO_FLAG_BITS.items() if found.st_mode & flag)
    return {
        "name": os.path.basename(path),
        "size": found.st_size,
        "mode": perm | flags | _GO_TYPE_BITS.get(kind, 0),
        "perm": perm,
        "modTime": int(found.st_mtime),
        "isDir": kind == stat.S_IFDIR,
        "type": _TYPES.get(kind, ""),
    }


def glob(pattern: str, home_dir: str) -> list[str]:
    """Return the paths that match, in chezmoi's order; a relative pattern is meant below the home."""
    choices = list(patterns.alternatives(pattern))
    found = [path for one in choices for path in _glob(one, home_dir)]
    return found if len(choices) == 1 else sorted(set(found))


def _glob(pattern: str, home_dir: str) -> Iterator[str]:
    start = "/" if pattern.startswith("/") else ""
    parts = [part for part in pattern.split("/") if part not in ("", ".")]
    yield from (_found(start, parts, home_dir) if parts else ())


def _found(folder: str, parts: Sequence[str], home_dir: str) -> Iterator[str]:
    """Yield what matches the rest of a pattern; only a link that the pattern names is followed."""
    part, *rest = parts
    entered = os.path.isdir if patterns.is_plain(part) else _is_folder
    for path in _matching(folder, part, home_dir):
        if not rest:
            yield path or "."
        elif entered(os.path.join(home_dir, path)):
            yield from _found(path, rest, home_dir)


def _matching(folder: str, part: str, home_dir: str) -> Iterable[str]:
    if part == "**":
        return _inside(folder, home_dir)
    if patterns.is_plain(part):
        path = os.path.join(folder, part)
        return [path] if os.path.lexists(os.path.join(home_dir, path)) else []
    return [path for path in _in(folder, home_dir) if patterns.matches(part, os.path.basename(path))]


def _inside(folder: str, home_dir: str) -> Iterator[str]:
    """Yield a folder and all below it."""
    yield folder
    for path in _in(folder, home_dir):
        yield from _inside(path, home_dir) if _is_folder(os.path.join(home_dir, path)) else (path,)


def _in(folder: str, home_dir: str) -> list[str]:
    try:
        found = sorted(os.listdir(os.path.join(home_dir, folder)))
    except PermissionError:  # which chezmoi passes over as well
        found = []
    return [os.path.join(folder, name) for name in found]


def _is_folder(place: str) -> bool:
    return os.path.isdir(place) and not os.path.islink(place)

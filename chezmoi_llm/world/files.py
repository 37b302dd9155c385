"""Writes a file whole or not at all, and only if its bytes change."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO

STALE_SECONDS = 3600
"""A temporary file this old belongs to nobody any more: its run was killed."""

LARGEST = 256 * 2**20
"""Bytes of a file that is read."""

_BINARY = getattr(os, "O_BINARY", 0)
"""Keeps Windows from writing a line feed as two characters."""

_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
"""Opens a pipe without waiting for somebody at its other end."""


def read(path: str) -> bytes | None:
    """Return the bytes of a file, or None where there is none.

    Raises OSError, without waiting, for a pipe, a device or a socket, and for a file that is too large.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _BINARY | _AT_ONCE)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ENXIO:  # what a socket says
            raise _no_file(path) from None
        raise
    try:
        _require_readable(os.fstat(descriptor), path)
    except OSError:
        os.close(descriptor)
        raise
    with open(descriptor, "rb") as file:
        return b"".join(_chunks(file, path))


_CHUNK = 2**20


def _chunks(file: BinaryIO, path: str) -> Iterator[bytes]:
    """Yield the bytes of a file; those below /proc have any number of them, and say 0."""
    for count, chunk in enumerate(iter(lambda: file.read(_CHUNK), b"")):
        if not chunk:  # there is nothing yet, nobody waits for it
            return
        if count >= LARGEST // _CHUNK:
            raise _too_large(f"more than {LARGEST}", path)
        yield chunk


def _require_readable(found: os.stat_result, path: str) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(found.st_mode):
        raise _no_file(path)
    if found.st_size > LARGEST:
        raise _too_large(str(found.st_size), path)


def _too_large(size: str, path: str) -> OSError:
    return OSError(errno.EFBIG, f"it has {size} bytes, the limit is {LARGEST}", path)


def _no_file(path: str) -> OSError:
    return OSError(errno.EINVAL, "it is no regular file", path)


def replace(path: str, data: bytes, *, inside: str, mode: int = 0o644, lasting: bool = True) -> bool:
    """Make ``data`` the content of a file and return whether its bytes changed.

    A reader, and a machine that loses its power, sees the old content or the new, never a part.
    The folder of the file is made where it is missing. The mode of an old file is kept; a new one
    has ``mode`` without what the umask takes away. A symlink is followed only to a place below
    the folder ``inside``. What need not outlive a power cut is not ``lasting``, and written faster.
    Raises OSError, with the old content untouched.
    """
    real = _real(path, inside)
    if read(real) == data:
        return False
    os.makedirs(os.path.dirname(real), exist_ok=True)
    try:
        exchange(real, data, lambda made: _dress(made, _mode(real)), mode=mode, lasting=lasting)
    except OSError as error:
        error.filename = path  # nobody knows the temporary name
        raise
    return True


def exchange(
    real: str, data: bytes, dress: Callable[[str], None], *, mode: int = 0o600, lasting: bool = True
) -> None:
    """Put a new file with ``data`` in the place of ``real``, which is no link.

    ``dress`` gives the new file, at the path that it is called with, what the old one had: it is
    made with ``mode``, and is empty then. Raises OSError, with the old file untouched.
    """
    folder = os.path.dirname(real)
    _sweep(real)
    temporary = os.path.join(folder, f"{_prefix(real)}{os.urandom(6).hex()}")
    try:
        _write(temporary, data, dress, mode, lasting=lasting)
        os.replace(temporary, real)
    finally:
        with contextlib.suppress(OSError):  # there is none, unless something else went wrong before
            os.unlink(temporary)
    if lasting:
        _sync_folder(folder)


def remove(path: str) -> None:
    """Remove a file if it is there."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _real(path: str, inside: str) -> str:
    """Return where the bytes of ``path`` are kept; refuse what is no file or leads out of ``inside``."""
    real, border = os.path.realpath(path), os.path.realpath(inside)
    if os.path.commonpath([real, border]) != border:
        raise PermissionError(f"{path} leads to {real}, outside of {inside}")
    if os.path.lexists(real) and not os.path.isfile(real):
        raise PermissionError(f"{real} is no regular file")
    return real


def _prefix(path: str) -> str:
    """Return how temporary names begin: with a dot, since chezmoi reads all others in its data folder."""
    return f".{os.path.basename(path)}."


def _mode(path: str) -> int | None:
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        return None


def _dress(path: str, kept_mode: int | None) -> None:
    if kept_mode is not None:
        os.chmod(path, kept_mode)


def _write(path: str, data: bytes, dress: Callable[[str], None], mode: int, *, lasting: bool) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)
    with open(descriptor, "wb") as file:
        dress(path)
        file.write(data)
        file.flush()
        if lasting:
            os.fsync(descriptor)


def _sync_folder(folder: str) -> None:
    """Make a rename last; a file system that cannot do that has renamed all the same.

    Windows opens no folders, and needs none of it.
    """
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(path: str) -> None:
    """Remove what killed runs left beside a file."""
    folder, name = os.path.dirname(path), re.compile(re.escape(_prefix(path)) + "[0-9a-f]{12}")
    for left in os.listdir(folder):
        if name.fullmatch(left):
            with contextlib.suppress(OSError):
                if time.time() - os.lstat(os.path.join(folder, left)).st_mtime > STALE_SECONDS:
                    os.unlink(os.path.join(folder, left))

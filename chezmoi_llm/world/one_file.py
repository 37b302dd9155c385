"""Changes the person's file: by one run at a time, after the change was shown, and only as it was read.

The lock is on the file itself, so that it holds whatever name or link the file is reached by, leaves
nothing behind, and goes with the process. A link is followed, since the person made it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator

import click

from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.edits import unified_diff
from chezmoi_llm.records import record
from chezmoi_llm.world import files
from chezmoi_llm.world.failures import CouldNotRunError, explaining
from chezmoi_llm.world.streams import is_coloured

PATIENCE_SECONDS = 10.0
"""How long another run that edits the same file is waited for."""

_POLL_SECONDS = 0.05
_COLOURS = {"@": "cyan", "+": "green", "-": "red"}


class BusyError(CouldNotRunError):
    """Another run edits the file, and has not ended in time."""

    exit_code = Exit.BUSY


@record
class Consent:
    """What the person said about a change before seeing it: do it, or only show it."""

    yes: bool = False
    dry_run: bool = False

    @property
    def is_asking(self) -> bool:
        """Say whether there is somebody to ask; elsewhere the command itself was the answer."""
        return not self.yes and sys.stdin.isatty() and sys.stderr.isatty()


def _nothing(_old: bytes, _new: bytes) -> Iterable[str]:
    return ()


def edit(
    path: str,
    propose: Callable[[bytes], bytes],
    consent: Consent,
    remarks: Callable[[bytes, bytes], Iterable[str]] = _nothing,
) -> bool:
    """Make the file what ``propose`` makes of its bytes; return whether it was changed.

    The difference goes to standard output, and ``remarks`` on it to standard error. On a terminal the
    person is asked; click.Abort is raised for a no. Nobody else can edit the file in between by this
    function; BusyError is raised where somebody does for too long, CouldNotRunError where the file
    cannot be read or written or was changed by another program. What ``propose`` raises leaves the
    file as it is, too.
    """
    if consent.dry_run:
        old = _read(_regular(path))
        new = propose(old)
        _show_with(remarks, old, new, path)
        click.echo("nothing was changed", err=True)
        return False
    if os.name == "nt":
        raise CouldNotRunError(f"{path} cannot be locked on Windows; see --dry-run, and change it by hand")
    with _locked(path) as real:
        old = _read(real)
        new = propose(old)
        if new == old:
            return False
        _show_with(remarks, old, new, path)
        if consent.is_asking:
            _ask(path, real)
        if _read(real) != old:
            raise CouldNotRunError(f"{path} has changed in the meantime; nothing was changed")
        _write(real, old, new)
        return True


def _show_with(remarks: Callable[[bytes, bytes], Iterable[str]], old: bytes, new: bytes, path: str) -> None:
    show(old, new, path)
    for remark in remarks(old, new) if old != new else ():
        click.echo(remark, err=True)


def show(old: bytes, new: bytes, path: str) -> None:
    """Print the difference between two texts of a file."""
    is_colourful = is_coloured(sys.stdout)
    for line in unified_diff(old.decode(errors="replace"), new.decode(errors="replace"), path):
        colour = _COLOURS.get(line[:1]) if is_colourful else None
        click.echo(click.style(line, fg=colour) if colour else line)


def _ask(path: str, real: str) -> None:
    where = f"{path}, which is a link to {real}" if os.path.islink(path) else path
    if not click.confirm(f"Change {where}?", default=True, err=True):
        click.echo("nothing was changed", err=True)
        raise click.Abort


def _regular(path: str) -> str:
    """Return where the bytes of a file are kept; refuse what is no file, and a link to somebody else's."""
    real = os.path.realpath(path)
    with explaining(path):
        link, found = os.lstat(path), os.stat(real)
    if not stat.S_ISREG(found.st_mode):
        raise CouldNotRunError(f"{path} is no regular file")
    if link.st_uid != found.st_uid:
        raise CouldNotRunError(f"{path} is a link to a file of somebody else, {real}")
    return real


def _read(path: str) -> bytes:
    with explaining(path):
        return files.read(path) or b""


@contextlib.contextmanager
def _locked(path: str) -> Iterator[str]:
    """Hold the file, and yield where its bytes are kept.

    Another run may have put a new file in place while this one waited for the old: then it is the
    new one that must be held.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        real = _regular(path)
        _refuse_read_only(path, real)
        with explaining(path, then="; nothing was changed"):
            descriptor = os.open(real, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW)
        with open(descriptor, "rb"):
            _wait_for(descriptor, path, deadline)
            if _is_at(descriptor, path):
                yield real
                return


def _refuse_read_only(path: str, real: str) -> None:
    """Respect a file without any write bit, which root could write all the same."""
    if not os.stat(real).st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise CouldNotRunError(f"{path} is read-only; nothing was changed")


def _wait_for(descriptor: int, path: str, deadline: float) -> None:
    import fcntl  # noqa: PLC0415  Windows has no such module, and never comes here

    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                why = f"{path} is being edited by another chezmoi-llm; nothing was changed"
                raise BusyError(why) from None
            time.sleep(_POLL_SECONDS)
        else:
            return


def _is_at(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _write(real: str, old: bytes, new: bytes) -> None:
    """Put the new bytes in place, whole or not at all; mode, owner and attributes stay."""
    with explaining(real, then="; nothing was changed"):
        if _must_stay(os.stat(real)):
            _overwrite(real, old, new)
        else:
            files.exchange(real, new, lambda made: _dress(real, made))


def _must_stay(found: os.stat_result) -> bool:
    """Say whether a new file could not take the place of the old: it has other names, or another owner."""
    if found.st_nlink > 1:
        return True
    own_groups = {os.getegid(), *os.getgroups()}
    return os.geteuid() != 0 and (found.st_uid != os.geteuid() or found.st_gid not in own_groups)


def _dress(old: str, made: str) -> None:
    """Give a new file the owner, mode and attributes of the old one; its times are its own."""
    found = os.stat(old)
    os.chown(made, found.st_uid, found.st_gid)
    shutil.copystat(old, made)
    os.utime(made)


def _overwrite(real: str, old: bytes, new: bytes) -> None:
    """Write a file in place, so that its other names show the same; what fails is put back.

    A copy of the old bytes lies beside it while that lasts, for a machine that loses its power.
    """
    copy = os.path.join(os.path.dirname(real), f".{os.path.basename(real)}.before")
    if files.read(copy) not in {None, old}:
        raise CouldNotRunError(f"{copy} is the file before a run that was cut off; compare both, delete it")
    files.replace(copy, old, inside=os.path.dirname(real), mode=stat.S_IMODE(os.stat(real).st_mode))
    with open(real, "r+b", buffering=0) as file:
        try:
            _fill(file.fileno(), new)
        except BaseException:
            _fill(file.fileno(), old)
            files.remove(copy)
            raise
    files.remove(copy)


def _fill(descriptor: int, data: bytes) -> None:
    """Make ``data`` all that a file holds."""
    done = 0
    while done < len(data):
        done += os.pwrite(descriptor, data[done:], done)
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)

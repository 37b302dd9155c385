"""Looks at a source folder for ``init``, and makes the changes of a plan: all of them or none."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

from chezmoi_llm import resources
from chezmoi_llm.chezmoi import naming
from chezmoi_llm.chezmoi.naming import DATA_FOLDER
from chezmoi_llm.records import record
from chezmoi_llm.scaffold.accelerator import Machine
from chezmoi_llm.scaffold.changes import Change, Plan
from chezmoi_llm.scaffold.tree import SCHEMA, Tree, is_read, is_unit, sources, target_of
from chezmoi_llm.world import files, places
from chezmoi_llm.world.chezmoi import Chezmoi, ChezmoiError, run
from chezmoi_llm.world.datafiles import tracked
from chezmoi_llm.world.failures import CouldNotRunError, explaining
from chezmoi_llm.world.stamp import Shelf
from chezmoi_llm.world.streams import read_bytes

UNIT_FOLDERS = (".config/containers/systemd", ".config/systemd/user")
"""Where units of a person lie in the home; ``man podman-systemd.unit``, ``man systemd.unit``."""

_OWN_FOLDERS = (
    naming.SCRIPTS_FOLDER,
    naming.TEMPLATES_FOLDER,
    ".llm",
    DATA_FOLDER,
    naming.EXTERNALS_FOLDER,
)
"""Folders with a dot that may hold something of ours, or say something about it."""


def shipped_files() -> dict[str, bytes]:
    """Return what this release brings, by its path in a source folder."""
    folder = resources.root("dot_templates")
    found = {path: read_bytes(os.path.join(folder, path)) for path in _walk(folder)[1]}
    return found | {SCHEMA: resources.schema_text("spec").encode()}


def look(folder: str, home: str, shipped: Mapping[str, bytes]) -> Tree:
    """Return what there is in a source folder and in the home; a folder that is missing is empty."""
    folders, paths = _walk(folder)
    targets = {target for path in shipped if (target := target_of(path))}
    wanted = (path for path in paths if is_read(path, targets))
    found = places.config_file(home)
    return Tree(
        folders=folders,
        files=paths,
        sources=sources(paths),
        texts=_texts(folder, wanted),
        home=_texts(home, {*targets, *_units(home)}),
        config_file=places.in_home(found, home),
        config_text=(found and files.read(found)) or b"",
        tracked=tracked(folder) if os.path.isdir(folder) else frozenset(),
    )


def _walk(folder: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the folders and files below a folder, sorted, without what can be nobody's dotfile.

    A link to a folder is a file: chezmoi does not look into it.
    """
    folders: list[str] = []
    paths: list[str] = []
    for above, below, found in os.walk(folder):
        here = os.path.relpath(above, folder).replace(os.sep, "/")
        below[:] = [name for name in below if not name.startswith(".") or name in _OWN_FOLDERS]
        links = [name for name in below if os.path.islink(os.path.join(above, name))]
        folders += [_joined(here, name) for name in below if name not in links]
        paths += [_joined(here, name) for name in links]
        paths += [_joined(here, name) for name in found if here == "." or not naming.is_ignored(name)]
    return tuple(sorted(folders)), tuple(sorted(paths))


def _joined(here: str, name: str) -> str:
    return name if here == "." else f"{here}/{name}"


def _texts(folder: str, paths: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes of those paths that are files; a broken link is none."""
    there = (path for path in sorted(paths) if os.path.isfile(os.path.join(folder, path)))
    return {path: read_bytes(os.path.join(folder, path)) for path in there}


def _units(home: str) -> Iterator[str]:
    for top in UNIT_FOLDERS:
        for above, _, found in os.walk(os.path.join(home, top)):
            here = os.path.relpath(above, home).replace(os.sep, "/")
            yield from (f"{here}/{name}" for name in found if is_unit(name))


def machine() -> Machine:
    """Return what this machine shows of its hardware, by looking at files alone."""
    cards = "/sys/class/drm"
    entries = sorted(_listed("/dev/dri") + _listed(cards))
    vendors = (_first_line(f"{cards}/{name}/device/vendor") for name in entries if name.startswith("card"))
    return Machine(
        system=sys.platform,
        has_render_node=any(name.startswith("renderD") for name in _listed("/dev/dri")),
        vendors=frozenset(filter(None, vendors)),
        has_nvidia_driver=os.path.exists("/proc/driver/nvidia/version"),
        has_nvidia_cdi=any(_listed("/etc/cdi") + _listed("/var/run/cdi")),
        compatible=_first_line("/proc/device-tree/compatible"),
    )


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _first_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline().strip()
    except OSError:
        return ""


@record
class Outcome:
    """How chezmoi takes what was done.

    ``complaint`` is why it could not list its files even before, empty where it could; ``ignored`` are the
    targets of new files that it leaves alone on this machine.
    """

    complaint: str = ""
    ignored: tuple[str, ...] = ()


def apply(planned: Plan, folder: str) -> Outcome:
    """Make all changes of a plan; what cannot be made whole is undone.

    chezmoi, where it is on PATH and could list its files before, must be able to do so afterwards.
    Raises CouldNotRunError with the folder as it was.
    """
    if not planned.changes:
        return Outcome()
    before = _managed(folder)
    with _undoing() as undo:
        for change in planned.changes:
            _make(change, folder, undo)
        for path in planned.emptied:
            _remove_empty(os.path.join(folder, path), folder, undo)
        after = before if isinstance(before, str) else _managed(folder)
        if isinstance(after, str) and after != before:
            raise CouldNotRunError(
                f"nothing was changed, since chezmoi would refuse the folder then: {after}"
            )
    if isinstance(after, str):
        return Outcome(complaint=after)
    new = (target_of(change.path) for change in planned.changes if change.before is None)
    return Outcome(ignored=tuple(target for target in new if target and target not in after))


def forget(folder: str) -> None:
    """Take away what the hook remembers of a source folder in chezmoi's cache, where there is a chezmoi."""
    with contextlib.suppress(ChezmoiError):
        if chezmoi := Chezmoi.on_path(folder):
            Shelf(cache_dir=chezmoi.cache_dir, source_dir=chezmoi.source_dir).clear()


@contextlib.contextmanager
def _undoing() -> Iterator[contextlib.ExitStack]:
    """Collect what undoes the steps that were made, and do it, last step first, if one fails."""
    with contextlib.ExitStack() as undo:
        with explaining(then="; nothing was changed"):
            yield undo
        undo.pop_all()


def _make(change: Change, folder: str, undo: contextlib.ExitStack) -> None:
    path = os.path.join(folder, change.path)
    if files.read(path) != change.before:
        raise CouldNotRunError(f"{path} has changed in the meantime; nothing was changed")
    for missing in _missing_folders(os.path.dirname(path)):
        # As chezmoi makes its source folder: nobody else needs to read it.
        os.mkdir(missing, 0o700 if missing == folder else 0o777)
        undo.callback(os.rmdir, missing)
    undo.callback(_restorer(path, folder, change.before))
    if change.after is None:
        files.remove(path)
        _remove_empty(os.path.dirname(path), folder, undo)
    else:
        files.replace(path, change.after, inside=folder)


def _missing_folders(folder: str) -> list[str]:
    """Return the folders that have to be made, the outermost first."""
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    return missing[::-1]


def _restorer(path: str, folder: str, before: bytes | None) -> Callable[[], object]:
    if before is None:
        return lambda: files.remove(path)
    mode = stat.S_IMODE(os.stat(path).st_mode)
    return lambda: files.replace(path, before, inside=folder, mode=mode)


def _remove_empty(folder: str, top: str, undo: contextlib.ExitStack) -> None:
    """Remove folders that hold nothing any more; git would not keep them either."""
    while folder != top and os.path.isdir(folder) and not os.listdir(folder):
        mode = stat.S_IMODE(os.stat(folder).st_mode)
        os.rmdir(folder)
        undo.callback(os.mkdir, folder, mode)
        folder = os.path.dirname(folder)


def _managed(folder: str) -> frozenset[str] | str:
    """Return the targets that chezmoi manages from a source folder, or what it says against it.

    That is nothing where there is no chezmoi, and no targets where there is no folder yet.
    """
    chezmoi = shutil.which("chezmoi")
    if chezmoi is None:
        return ""
    if not os.path.isdir(folder):
        return frozenset()
    try:
        listed = run([chezmoi, "--source", folder, "--no-tty", "managed"])
    except ChezmoiError as error:
        return str(error)
    return frozenset(os.fsdecode(listed).splitlines())

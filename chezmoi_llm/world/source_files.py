"""Keeps the source files that come without a template, such as a unit for each model, as the list says.

They lie in a folder of their own with the attribute ``exact_``, so that chezmoi removes from the home
what has no source in it any more. For that the folder stays when it is empty.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.chezmoi.naming import NameProblemError
from chezmoi_llm.records import record
from chezmoi_llm.world import files
from chezmoi_llm.world.failures import CouldNotRunError

KEEP = ".keep"
"""Lets git keep an emptied folder; chezmoi itself uses this name for that, and deploys no dot name."""


@record
class Folder:
    """A folder of such files: its path, what is to be in it by name, and what of ours is there.

    ``source_dir`` is the folder that nothing is written outside of.
    """

    source_dir: str
    path: str
    texts: Mapping[str, bytes]
    there: Mapping[str, bytes]

    @property
    def is_current(self) -> bool:
        """Whether there is nothing to write and nothing to delete."""
        return self.texts == self.there


def look(source_dir: str, target: str, texts: Mapping[str, str]) -> Folder:
    """Return the folder that maps to ``target``, a path below the home, and the state it is in.

    Raises CouldNotRunError where chezmoi could not use the folder, PermissionError where there is
    something to do in it and it leads through a symbolic link.
    """
    relative = _source_path(source_dir, target)
    path = os.path.join(source_dir, relative)
    there = dict(_ours(path)) if os.path.isdir(path) else {}
    is_linked = os.path.realpath(path) != os.path.join(os.path.realpath(source_dir), relative)
    if is_linked and (texts or there):
        raise PermissionError(f"{path} leads through a symbolic link")
    wanted = {name: text.encode() for name, text in texts.items()}
    return Folder(source_dir=source_dir, path=path, texts=wanted, there=there)


def update(folder: Folder, *, for_git: bool = False) -> bool:
    """Write what is missing or other, delete what has gone, and return whether anything was done.

    A folder that was never there is not made for nothing. Files of the person stay; one in the place
    of ours raises PermissionError.
    """
    if not folder.texts and not os.path.isdir(folder.path):
        return False
    changed = False
    for name, text in folder.texts.items():
        path = os.path.join(folder.path, name)
        if name not in folder.there and os.path.lexists(path):
            raise PermissionError(f"{path} is not of chezmoi-llm; move it away")
        changed |= files.replace(path, text, inside=folder.source_dir)
    for name in folder.there.keys() - folder.texts.keys():
        files.remove(os.path.join(folder.path, name))
        changed = True
    if for_git:
        changed |= files.replace(os.path.join(folder.path, KEEP), b"", inside=folder.source_dir)
    return changed


def _source_path(source_dir: str, target: str) -> str:
    try:
        return naming.exact_folder(tuple(_leading_to(source_dir, target)), target)
    except NameProblemError as error:
        raise CouldNotRunError(f"the source folder cannot be used: {error}") from error


def _leading_to(source_dir: str, target: str) -> Iterator[str]:
    """Yield the source folders that map to the target folder and to those above it."""
    level = [""]
    for part in target.split("/"):
        level = [
            os.path.join(above, entry.name)
            for above in level
            for entry in os.scandir(os.path.join(source_dir, above))
            if entry.is_dir(follow_symlinks=False) and _maps_to(entry.name, part)
        ]
        yield from level


def _maps_to(source_name: str, part: str) -> bool:
    if source_name.startswith("."):
        return False
    try:
        return naming.folder(source_name).name == part
    except NameProblemError:
        return False


def _ours(folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files that carry our mark with their own name."""
    for entry in os.scandir(folder):
        if entry.is_file(follow_symlinks=False) and not entry.name.startswith("."):
            text = files.read(entry.path) or b""
            if text.startswith(f"# chezmoi-llm: {entry.name} ".encode()):
                yield entry.name, text

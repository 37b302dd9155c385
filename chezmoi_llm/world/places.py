"""Finds the person's source folder and config template."""

from __future__ import annotations

import os
from collections.abc import Iterator

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.world import files, queries
from chezmoi_llm.world.failures import CouldNotRunError


def source_folder(source: str = "") -> str:
    """Return the source folder: as given, from chezmoi's hook, around the working folder, or chezmoi's.

    ``.chezmoiroot`` is honoured in each of them, as chezmoi does.
    """
    if source and not os.path.isdir(source):
        raise CouldNotRunError(f"{source}: there is no such folder")
    given = source or os.environ.get("CHEZMOI_SOURCE_DIR", "")
    if given:
        return rooted(given)
    around = _git_root()
    if around and config_template(rooted(around)):
        return rooted(around)
    return rooted(_chezmois_own())


def config_template(folder: str) -> str:
    """Return the path of the config template in a source folder, empty where there is none."""
    paths = (os.path.join(folder, name) for name in naming.CONFIG_TEMPLATES)
    return next((path for path in paths if os.path.isfile(path)), "")


def required_template(folder: str) -> str:
    """Return the path of the config template, or say what to do where there is none."""
    path = config_template(folder)
    if not path:
        raise CouldNotRunError(
            f"{folder} has no config template such as .chezmoi.yaml.tmpl; run chezmoi-llm init"
        )
    return path


def config_file(home: str) -> str:
    """Return chezmoi's own config file, empty where there is none."""
    folder = os.path.join(os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "chezmoi")
    paths = (os.path.join(folder, f"chezmoi.{ending}") for ending in naming.FORMATS)
    return next(filter(os.path.isfile, paths), "")


def list_file(folder: str) -> str:
    """Return the path of the file that has the list.

    That is the config template, or the config file of chezmoi where a person has written it by hand.
    """
    return config_template(folder) or config_file(os.path.expanduser("~")) or required_template(folder)


def near(path: str) -> str:
    """Return a path as seen from the working folder, if it is below it."""
    seen = os.path.relpath(path) if path else ""
    return path if path == "-" or seen.startswith(os.pardir + os.sep) else seen


def as_chezmoi_names(folder: str) -> str:
    """Return a source folder by the name that chezmoi has for it; links may lead there, such as /home."""
    if os.environ.get("CHEZMOI_SOURCE_DIR"):
        return folder
    known = queries.answer("chezmoi", "source-path") or folder
    return known if os.path.realpath(known) == os.path.realpath(folder) else folder


def in_home(path: str, home: str) -> str:
    """Return a path as a person names it, with ``~`` for the home."""
    return path.replace(home, "~", 1) if path == home or path.startswith(f"{home}{os.sep}") else path


def rooted(folder: str) -> str:
    """Return the folder that is the source state: ``.chezmoiroot`` may name one inside a repository."""
    inside = files.read(os.path.join(folder, naming.ROOT))
    if inside is None:
        return folder
    if b"\0" in inside:
        raise CouldNotRunError(f"{folder}/{naming.ROOT} names no folder: it has a NUL in it")
    # chezmoi takes an absolute path in it as one below the repository, too
    return os.path.normpath(f"{folder}/{os.fsdecode(inside).strip()}")


def _git_root() -> str:
    """Return the nearest folder above the working folder that has ``.git``."""
    return next((folder for folder in _upwards(os.getcwd()) if os.path.exists(f"{folder}/.git")), "")


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def _chezmois_own() -> str:
    """Ask chezmoi for its source folder; without chezmoi it is the one that chezmoi would take."""
    known = queries.answer("chezmoi", "source-path")
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return known or os.path.join(data, "chezmoi")

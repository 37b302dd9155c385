"""What templates see: the data files of the source folder, the data given, and facts of this machine."""

from __future__ import annotations

import os
import platform
import socket
from collections.abc import Callable, Mapping
from typing import Any

from chezmoi_llm.chezmoi.naming import DOCUMENT
from chezmoi_llm.engine import json_text, toml_text, yaml_text
from chezmoi_llm.engine.errors import RenderError
from chezmoi_llm.engine.values import merged
from chezmoi_llm.world import datafiles
from chezmoi_llm.world.template_world import read_text

_READERS: Mapping[str, Callable[[str], Any]] = {
    ".json": json_text.parsed,
    ".jsonc": json_text.parsed_with_comments,
    ".toml": toml_text.parsed,
    ".yaml": yaml_text.parsed,
    ".yml": yaml_text.parsed,
}
_FIRST = frozenset({".chezmoidata.json", ".chezmoidata.toml", ".chezmoidata.yaml"})
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "i686": "386", "armv7l": "arm"}
_ABBREVIATIONS = frozenset({"ANSI", "CPE", "ID", "URL"})


def template_data(source_dir: str, home_dir: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that templates see: facts, then the source folder's data files, then what is given.

    A document that is given under ``llm`` takes the place of one in the source folder as a whole.
    Raises RenderError for a data file that cannot be read.
    """
    own = _own(source_dir)
    if "llm" in given:
        own.pop("llm", None)
    return merged({"chezmoi": machine_facts(source_dir, home_dir)}, merged(own, given))


def _own(source_dir: str) -> dict[str, Any]:
    """Return what the data files hold, in the order in which chezmoi merges them."""
    document = os.path.join(source_dir, DOCUMENT)
    paths = [*datafiles.others(source_dir), *filter(os.path.exists, [document])]
    found: dict[str, Any] = {}
    for path in sorted(paths, key=lambda path: _walk_order(os.path.relpath(path, source_dir))):
        found = merged(found, parsed(read_text(path), path))
    return found


def _walk_order(path: str) -> list[tuple[bool, str]]:
    return [(name not in _FIRST, name) for name in path.split(os.sep)]


def parsed(text: str, path: str) -> dict[str, Any]:
    """Return what a data or config file says; the ending of ``path`` tells its format.

    Raises RenderError where it cannot be read.
    """
    try:
        found = _READERS[os.path.splitext(path)[1]](text)
    except ValueError as error:
        raise RenderError(str(error), template=path) from error
    if not isinstance(found, dict | None):
        raise RenderError("the root of a data file must be a mapping", template=path)
    return found or {}


def machine_facts(source_dir: str, home_dir: str) -> dict[str, Any]:
    """Return what templates find under ``.chezmoi``, as far as it is known without chezmoi."""
    fqdn = socket.gethostname()
    machine = platform.machine()
    return {
        "arch": _ARCHITECTURES.get(machine, machine),
        "destDir": home_dir,
        "fqdnHostname": fqdn,
        "homeDir": home_dir,
        "hostname": fqdn.partition(".")[0],
        "kernel": _kernel(),
        "os": platform.system().lower(),
        "osRelease": _os_release(),
        "pathListSeparator": os.pathsep,
        "pathSeparator": os.sep,
        "rawHomeDir": home_dir,
        "sourceDir": source_dir,
        "workingTree": source_dir,
        **_user(),
    }


def _user() -> dict[str, str]:
    """Return who runs this; nothing in a container without such a user, and on Windows."""
    try:
        import grp  # noqa: PLC0415  Windows has neither
        import pwd  # noqa: PLC0415

        user = pwd.getpwuid(os.getuid())
        group = grp.getgrgid(user.pw_gid).gr_name
    except (KeyError, ModuleNotFoundError):
        return {}
    return {"gid": str(user.pw_gid), "group": group, "uid": str(user.pw_uid), "username": user.pw_name}


def _kernel() -> dict[str, str]:
    folder = "/proc/sys/kernel"
    known = [name for name in ("osrelease", "ostype", "version") if os.path.exists(f"{folder}/{name}")]
    return {name: read_text(f"{folder}/{name}").strip() for name in known}


def _os_release() -> dict[str, str]:
    try:
        found = platform.freedesktop_os_release()
    except OSError:
        return {}
    return {_camel_case(key): value for key, value in found.items()}


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first.lower() + "".join(word if word in _ABBREVIATIONS else word.capitalize() for word in rest)

"""How chezmoi names things: what a name in the source state says about the target, and the other way round.

Also which files chezmoi reads itself, and in which formats. The rules are chezmoi's own
(``internal/chezmoi/attr.go``); a prefix counts only in its place, so ``private_exact_x`` is the
private folder ``exact_x``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from enum import Enum

from chezmoi_llm.records import record

FORMATS: Mapping[str, str] = {
    "yaml": "yaml",
    "yml": "yaml",
    "toml": "toml",
    "json": "json",
    "jsonc": "json",
}
"""What the ending of a config or data file says about its text; chezmoi reads no other endings."""

TEMPLATE_SUFFIX = ".tmpl"
CONFIG_TEMPLATES = tuple(f".chezmoi.{ending}{TEMPLATE_SUFFIX}" for ending in FORMATS)
"""Names of a config template, which stands at the root of the source state."""

ROOT = ".chezmoiroot"
"""Holds the path, from the root of the repository, of the folder that is the source state."""

IGNORE = ".chezmoiignore"
REMOVE = ".chezmoiremove"
VERSION = ".chezmoiversion"
EXTERNAL = ".chezmoiexternal"
EXTERNALS_FOLDER = ".chezmoiexternals"
SCRIPTS_FOLDER = ".chezmoiscripts"
TEMPLATES_FOLDER = ".chezmoitemplates"
DATA_FOLDER = ".chezmoidata"
DOCUMENT = f"{DATA_FOLDER}/llm.json"
"""Our own data file: the document that templates read as ``.llm``."""

_SPECIAL = ".chezmoi"
_LITERAL_SUFFIX = ".literal"
_FOLDER_PREFIXES = ("remove", "external", "exact", "private", "readonly")
_FILE_PREFIXES = ("encrypted", "private", "readonly", "empty", "executable")
_ENCRYPTED_SUFFIXES = (".age", ".asc")


class NameProblemError(Exception):
    """A name, or a pair of names, that chezmoi refuses."""


class Kind(Enum):
    """What a file of the source state is; the value is its prefix."""

    FILE = ""
    CREATE = "create_"
    REMOVE = "remove_"
    SCRIPT = "run_"
    SYMLINK = "symlink_"
    MODIFY = "modify_"


_PREFIXES_OF: Mapping[Kind, tuple[str, ...]] = {
    Kind.FILE: _FILE_PREFIXES,
    Kind.CREATE: _FILE_PREFIXES,
    Kind.REMOVE: (),
    Kind.SCRIPT: (),
    Kind.SYMLINK: (),
    Kind.MODIFY: ("encrypted", "private", "readonly", "executable"),
}


@record
class Folder:
    """What the name of a source folder says; ``name`` is the target's name."""

    name: str
    remove: bool = False
    external: bool = False
    exact: bool = False
    private: bool = False
    readonly: bool = False


@record
class File:
    """What the name of a source file says; ``name`` is the target's name.

    For a script ``condition`` is ``always``, ``once`` or ``onchange`` and ``order`` is ``before``,
    ``during`` or ``after``; both are empty for anything else.
    """

    name: str
    kind: Kind = Kind.FILE
    condition: str = ""
    order: str = ""
    encrypted: bool = False
    private: bool = False
    readonly: bool = False
    empty: bool = False
    executable: bool = False
    template: bool = False


def folder(source_name: str) -> Folder:
    """Return what a source folder's name says; raise NameProblemError where nothing is left of it."""
    found, rest = _attributes(source_name, _FOLDER_PREFIXES)
    return Folder(name=_checked(_undotted(rest), source_name), **dict.fromkeys(found, True))


def file(source_name: str) -> File:
    """Return what a source file's name says; raise NameProblemError where nothing is left of it."""
    kind = next((kind for kind in Kind if kind.value and source_name.startswith(kind.value)), Kind.FILE)
    rest = source_name.removeprefix(kind.value)
    condition, order, rest = _schedule(rest) if kind is Kind.SCRIPT else ("", "", rest)
    found, rest = _attributes(rest, _PREFIXES_OF[kind])
    rest = _undotted(rest)
    if "encrypted" in found:
        rest = next((rest.removesuffix(end) for end in _ENCRYPTED_SUFFIXES if rest.endswith(end)), rest)
    rest, template = _suffixes(rest)
    return File(
        name=_checked(rest, source_name),
        kind=kind,
        condition=condition,
        order=order,
        template=template,
        **dict.fromkeys(found, True),
    )


def _attributes(name: str, words: Iterable[str]) -> tuple[list[str], str]:
    found = []
    for word in words:
        if name.startswith(f"{word}_"):
            found.append(word)
            name = name[len(word) + 1 :]
    return found, name


def _undotted(name: str) -> str:
    if name.startswith("dot_"):
        return f".{name.removeprefix('dot_')}"
    return name.removeprefix("literal_")


def _suffixes(name: str) -> tuple[str, bool]:
    """Return the name without ``.tmpl`` and ``.literal``, and whether it is a template."""
    if name.endswith(_LITERAL_SUFFIX):
        return name.removesuffix(_LITERAL_SUFFIX), False
    if name.endswith(TEMPLATE_SUFFIX):
        return name.removesuffix(TEMPLATE_SUFFIX).removesuffix(_LITERAL_SUFFIX), True
    return name, False


def _schedule(name: str) -> tuple[str, str, str]:
    """Return a script's condition, its order, and what is left of the name."""
    condition, name = _first_word(name, ("once", "onchange"))
    order, name = _first_word(name, ("before", "after"))
    return condition or "always", order or "during", name


def _first_word(name: str, words: Iterable[str]) -> tuple[str, str]:
    for word in words:
        if name.startswith(f"{word}_"):
            return word, name[len(word) + 1 :]
    return "", name


def _checked(name: str, source_name: str) -> str:
    # `dot_.` would be `..`: a path that leaves the target folder.
    if name in ("", ".", ".."):
        raise NameProblemError(f"{source_name!r} names no file or folder")
    return name


def ending(path: str) -> str:
    """Return what stands behind the last dot of the name of a config file, or of a template of one."""
    return path.removesuffix(TEMPLATE_SUFFIX).rpartition(".")[2].lower()


def is_special(source_name: str) -> bool:
    """Say whether chezmoi reads the entry itself instead of managing a target with it."""
    return source_name.startswith(_SPECIAL)


def is_ignored(source_name: str) -> bool:
    """Say whether the source state leaves the entry out: dot names, such as ``.git``."""
    return source_name.startswith(".") and not is_special(source_name)


def target_folder(source_path: str) -> str:
    """Return the target of a source folder's path; both are relative, with ``/``, "" is the root."""
    return "/".join(folder(part).name for part in source_path.split("/") if part)


def target_path(source_path: str) -> str:
    """Return the target of a source file's path; both are relative, with ``/``."""
    above, _, name = source_path.rpartition("/")
    return "/".join(filter(None, (target_folder(above), file(name).name)))


def folder_name(name: str) -> str:
    """Return the plain source name of a target folder: ``.config`` is ``dot_config``."""
    if name.startswith("."):
        return f"dot_{name[1:]}"
    says_more = re.match(rf"(?:{'|'.join(_FOLDER_PREFIXES)}|dot|literal)_", name)
    return f"literal_{name}" if says_more else name


def source_folder(source_folders: Iterable[str], target: str) -> str:
    """Return the source folder for a target folder such as ``.config/containers/systemd/llm``.

    At each level the folder that already maps to the target is taken, whatever its attributes
    (``private_dot_config``, ``exact_systemd``); where there is none, the plain name. Raises
    NameProblemError where two folders of different attributes map to one target: chezmoi then refuses
    every command.
    """
    mapped: dict[str, list[str]] = {}
    for path in sorted(filter(_is_managed, source_folders)):
        mapped.setdefault(target_folder(path), []).append(path)
    found, reached = "", ""
    for part in target.split("/"):
        reached = f"{reached}/{part}" if reached else part
        here = mapped.get(reached, [])
        _check_same_attributes(here, reached)
        plain = f"{found}/{folder_name(part)}" if found else folder_name(part)
        found = here[0] if here else plain
    return found


def exact_folder(source_folders: Collection[str], target: str) -> str:
    """Return the source folder for a target folder out of which chezmoi is to remove what has no source.

    That is the folder that maps to it already, as in :func:`source_folder`. Raises NameProblemError
    also where that one is not ``exact_``.
    """
    above, _, name = target.rpartition("/")
    found = source_folder(source_folders, target)
    if found not in source_folders:
        return f"{source_folder(source_folders, above)}/exact_{folder_name(name)}"
    own = found.rpartition("/")[2]
    if not folder(own).exact:
        raise NameProblemError(f"{found} is not exact_, so what goes would stay; rename it to exact_{own}")
    return found


def _is_managed(source_path: str) -> bool:
    return not any(part.startswith(".") for part in source_path.split("/"))


def _check_same_attributes(paths: list[str], target: str) -> None:
    if len({folder(path.rpartition("/")[2]) for path in paths}) > 1:
        raise NameProblemError(f"{' and '.join(paths)} all map to {target}")

"""What ``init`` knows of a source folder and of the home, and where a file of ours goes in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.chezmoi.naming import DOCUMENT
from chezmoi_llm.targets import SOURCES

CONFIG: Final = ".chezmoi.yaml.tmpl"
HOOK: Final = ".chezmoi-llm-hook.sh"
SCHEMA: Final = ".llm/spec.schema.json"
GIT_IGNORE: Final = ".gitignore"

UNIT_ENDINGS: Final = (
    ".build", ".container", ".image", ".kube", ".network", ".pod", ".service", ".volume",
)  # fmt: skip
"""Files that give a systemd unit its name: quadlets, and services themselves."""

_CLAIMS: Final = (naming.IGNORE, naming.REMOVE, naming.EXTERNAL)
_SCRIPTS: Final = (naming.SCRIPTS_FOLDER, naming.TEMPLATES_FOLDER)
_OURS: Final = re.compile(rb"chezmoi-llm: [\w./-]+ \d")
_HEAD: Final = 1000
"""Bytes at the start of a file in which it says whose it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A source folder and the home that it is for.

    ``folders`` and ``files`` are paths below the source folder, with ``/``; ``sources`` are the
    files by their target; ``texts`` holds the files that have to be read (see :func:`is_read`).
    ``home`` holds what lies in the home where we would put something, and every unit there, by path
    below the home. ``config_file`` is chezmoi's own config file as a person names it, empty where
    there is none, and ``config_text`` what it says. ``tracked`` are the files that git knows.
    """

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, bytes] = field(default_factory=dict)
    home: Mapping[str, bytes] = field(default_factory=dict)
    config_file: str = ""
    config_text: bytes = b""
    tracked: frozenset[str] = frozenset()

    @property
    def is_document_tracked(self) -> bool:
        """Whether the document is committed, and so not the hook's to write."""
        return DOCUMENT in self.tracked and DOCUMENT in self.files

    @property
    def config_template(self) -> str:
        """The config template of the source folder, empty where there is none."""
        return next((name for name in naming.CONFIG_TEMPLATES if name in self.files), "")

    @property
    def config_source(self) -> str:
        """The source file that makes chezmoi's config file in the home, empty where none does."""
        targets = (f".config/chezmoi/chezmoi.{ending}" for ending in naming.FORMATS)
        return next((self.sources[target] for target in targets if target in self.sources), "")

    @property
    def is_set_up(self) -> bool:
        """Whether ``init`` has been here before, with any services or none."""
        return SCHEMA in self.files

    @property
    def is_in_use(self) -> bool:
        """Whether the folder has anything that chezmoi puts into a home or runs."""
        return any(is_managed(path) for path in self.files)


def sources(files: Iterable[str]) -> dict[str, str]:
    """Return source files by target; raise NameProblemError for names that chezmoi refuses."""
    templates = [path for path in files if path in naming.CONFIG_TEMPLATES]
    if len(templates) > 1:
        raise naming.NameProblemError(
            f"{' and '.join(templates)} are both its config template; keep one of them"
        )
    return {naming.target_path(path): path for path in sorted(files, reverse=True) if target_of(path)}


def target_of(path: str) -> str:
    """Return the target of a source file, empty for scripts and all that chezmoi reads or leaves out."""
    hidden = any(part.startswith(".") for part in path.split("/"))
    return "" if hidden else naming.target_path(path)


def is_managed(path: str) -> bool:
    """Say whether a source file has a target in the home, or is a script."""
    return path.startswith(f"{naming.SCRIPTS_FOLDER}/") or not path.startswith(".")


def is_read(path: str, targets: AbstractSet[str]) -> bool:
    """Say whether the text of a source file matters.

    It does for the dot files of the root, for scripts and what they include, for units, for data, for
    whatever makes one of our ``targets``, and for what else may say something about these; and for
    shell scripts, since one may run in the place of our hook.
    """
    if path.endswith(".sh") or any(part.startswith(_CLAIMS) for part in path.split("/")):
        return True
    if path.startswith("."):
        above = path.partition("/")[0]
        return above in (path, *_SCRIPTS, naming.DATA_FOLDER) or path == SCHEMA
    return is_unit(path) or target_of(path) in targets


def ignored(tree: Tree) -> tuple[str, ...]:
    """Return the lines of ``.gitignore``: what the hook makes anew on every machine."""
    return (f"/{DOCUMENT}", *(f"/{folder}/" for folder in made_folders(tree)))


def made_folders(tree: Tree) -> tuple[str, ...]:
    """Return the source folders of the files that come without a template, be they there or not."""
    return tuple(naming.exact_folder(tree.folders, one.folder) for one in SOURCES)


def is_made(target: str) -> bool:
    """Say whether a target has a source file that comes without a template, such as a model's unit."""
    return any(target.startswith(f"{one.folder}/") for one in SOURCES)


def is_unit(path: str) -> bool:
    """Say whether a file, in the source folder or in the home, is a unit of systemd or Podman."""
    return path.removesuffix(naming.TEMPLATE_SUFFIX).endswith(UNIT_ENDINGS)


def is_ours(text: bytes) -> bool:
    """Say whether a file carries the mark of our templates, edited or not."""
    return _OURS.search(text[:_HEAD]) is not None


def place(shipped: str, tree: Tree) -> str:
    """Return where a shipped file goes: into the folder that maps to its target already, if any.

    Raises NameProblemError where the folders of the tree contradict each other.
    """
    above, _, name = shipped.rpartition("/")
    if not above or not target_of(shipped):
        return shipped
    return f"{naming.source_folder(tree.folders, naming.target_folder(above))}/{name}"


def owner(shipped: str, tree: Tree) -> str:
    """Return the source file that stands where a shipped one would, empty where none does."""
    target = target_of(shipped)
    if target:
        return tree.sources.get(target, "")
    return shipped if shipped in tree.files else ""

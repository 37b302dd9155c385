"""Renders a source folder of chezmoi's without chezmoi, and writes the result to a folder if asked."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.engine import source_state
from chezmoi_llm.engine.functions import table
from chezmoi_llm.engine.json_text import compact
from chezmoi_llm.engine.patterns import PatternSet
from chezmoi_llm.engine.prompts import answers
from chezmoi_llm.engine.render import Functions, render
from chezmoi_llm.engine.source_state import Entry
from chezmoi_llm.records import record, replace
from chezmoi_llm.world.places import required_template
from chezmoi_llm.world.template_data import machine_facts, parsed, template_data
from chezmoi_llm.world.template_world import read_text, world

UMASK = 0o022
"""What chezmoi takes from new files' modes by default; the same here whatever the shell has."""

_SKIPPED = {
    naming.Kind.MODIFY: "changes a file that is there already",
    naming.Kind.REMOVE: "removes a file",
}


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


@record
class Config:
    """chezmoi's config file: its path below the home folder, its text, and what that says."""

    path: str
    text: str
    values: Mapping[str, Any]
    warnings: tuple[str, ...] = ()


def config(source_dir: str, home_dir: str, *, commands: bool = False) -> Config:
    """Return the config file that ``chezmoi init`` would make of a source folder's config template.

    Questions are answered with their defaults, as in ``chezmoi execute-template --init``. Templates
    run no program unless ``commands`` is set. Raises EngineError, or CouldNotRunError where there is
    no config template.
    """
    source_dir = os.path.abspath(source_dir)
    template = required_template(source_dir)
    warnings: list[str] = []
    asked = world(source_dir, home_dir, document="", warn=warnings.append, commands=commands)
    facts = {"chezmoi": machine_facts(source_dir, home_dir)}
    name = os.path.basename(template)
    text = render(read_text(template), facts, {**table(asked), **answers()}, name=name)
    path = os.path.join(".config", "chezmoi", name[1:].removesuffix(naming.TEMPLATE_SUFFIX))
    return Config(path=path, text=text, values=parsed(text, path), warnings=tuple(warnings))


def everything(_entry: Entry) -> bool:
    """Want every entry of a source folder."""
    return True


def preview(
    source_dir: str,
    data: Mapping[str, Any],
    home_dir: str,
    *,
    only: Callable[[Entry], bool] = everything,
    commands: bool = False,
) -> Tree:
    """Return what ``chezmoi apply`` would put into an empty home folder.

    ``source_dir`` is the source state itself, as ``places.source_folder`` returns it.

    ``data`` is what templates see, with the document under ``llm``; the data files of the source
    folder, and facts under ``chezmoi``, are added where ``data`` has nothing. ``only`` chooses by
    source and target what is rendered. Targets that render to nothing are absent, as chezmoi
    removes them. Templates run no program unless ``commands`` is set. Raises EngineError,
    NameProblemError, or OSError where the source folder cannot be read.
    """
    source_dir = os.path.abspath(source_dir)
    seen = template_data(source_dir, home_dir, data)
    warnings: list[str] = []
    asked = world(
        source_dir,
        home_dir,
        document=compact(seen.get("llm", {})),
        warn=warnings.append,
        commands=commands,
    )
    found = list(_walk(source_dir))
    folders = [path for path, is_folder in found if is_folder]
    renderer = Renderer(
        source_dir=source_dir,
        home_dir=home_dir,
        data=seen,
        functions=table(asked),
        shared=dict(_shared(source_dir, ["", *folders])),
    )
    files = [path for path, is_folder in found if not is_folder]
    ignored = renderer.ignored(files)
    managed = [path for path in files if not naming.is_special(path.rpartition("/")[2])]
    tree = _tree(renderer, filter(only, source_state.entries(managed, folders, ignored)))
    outside = {path: "is taken over as it is" for path in folders if _is_external(path)}
    return replace(tree, skipped=tree.skipped | outside, warnings=tuple(warnings))


def _walk(source_dir: str, folder: str = "") -> Iterator[tuple[str, bool]]:
    """Yield path and whether it is a folder, of all that chezmoi looks at, in order."""
    for entry in sorted(os.scandir(os.path.join(source_dir, folder)), key=lambda entry: entry.name):
        path = os.path.join(folder, entry.name)
        if naming.is_ignored(entry.name):
            continue
        if not entry.is_dir():
            yield path, False
        elif entry.name == naming.SCRIPTS_FOLDER:
            yield from ((inner, is_folder) for inner, is_folder in _walk(source_dir, path) if not is_folder)
        elif not naming.is_special(entry.name):
            yield path, True
            # chezmoi does not go into a folder that is a symbolic link.
            is_walked = not entry.is_symlink() and not _is_external(path)
            yield from _walk(source_dir, path) if is_walked else ()


def _is_external(path: str) -> bool:
    return naming.folder(path.rpartition("/")[2]).external


def _shared(source_dir: str, folders: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield name and text of the templates that every template can call."""
    for folder in folders:
        templates_dir = os.path.join(source_dir, folder, naming.TEMPLATES_FOLDER)
        if os.path.isdir(templates_dir):
            found = (path for path, is_folder in _walk(templates_dir) if not is_folder)
            yield from ((path, read_text(os.path.join(templates_dir, path))) for path in found)


@record
class Renderer:
    """Renders the files of one source folder with the same data and functions."""

    source_dir: str
    home_dir: str
    data: Mapping[str, Any]
    functions: Functions
    shared: Mapping[str, str]

    def text(self, source: str, target: str) -> str:
        """Return what the template at a source path renders to."""
        return render(
            read_text(os.path.join(self.source_dir, source)),
            source_state.template_data(self.data, source, os.path.join(self.home_dir, target)),
            self.functions,
            name=source,
            shared=self.shared,
        )

    def content(self, entry: Entry) -> bytes:
        """Return the bytes of an entry's target."""
        if entry.file.template:
            return self.text(entry.source, entry.target).encode(errors="surrogateescape")
        with open(os.path.join(self.source_dir, entry.source), "rb") as file:
            return file.read()

    def ignored(self, files: list[str]) -> PatternSet:
        """Return the patterns of every ``.chezmoiignore``, which is a template by any name."""
        patterns = PatternSet()
        for path in files:
            above, _, name = path.rpartition("/")
            if name in (naming.IGNORE, naming.IGNORE + naming.TEMPLATE_SUFFIX):
                patterns = patterns.joined(self.text(path, "").split("\n"), naming.target_folder(above))
        return patterns


def _tree(renderer: Renderer, entries: Iterable[Entry]) -> Tree:
    files: dict[str, Target] = {}
    links: dict[str, str] = {}
    scripts: dict[str, Script] = {}
    skipped: dict[str, str] = {}
    for entry in entries:
        why = "is encrypted" if entry.file.encrypted else _SKIPPED.get(entry.file.kind)
        content = b"" if why else renderer.content(entry)
        if why:
            skipped[entry.source] = why
        elif entry.file.kind is naming.Kind.SYMLINK:
            links[entry.target] = source_state.stripped(content)
        elif entry.file.empty or source_state.stripped(content):
            _add(entry, content, files, scripts)
    return Tree(files=files, links=links, scripts=scripts, skipped=skipped)


def _add(entry: Entry, content: bytes, files: dict[str, Target], scripts: dict[str, Script]) -> None:
    file = entry.file
    if file.kind is naming.Kind.SCRIPT:
        scripts[entry.target] = Script(content=content, condition=file.condition, order=file.order)
        return
    files[entry.target] = Target(
        content=content,
        executable=file.executable,
        private=file.private,
        readonly=file.readonly,
    )


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

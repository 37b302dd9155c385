"""Renders the entries of one source folder, all with the same data and functions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.engine import source_state
from chezmoi_llm.engine.patterns import PatternSet
from chezmoi_llm.engine.render import Functions, render
from chezmoi_llm.engine.source_state import Entry
from chezmoi_llm.records import record
from chezmoi_llm.world.preview.tree import Script, Target, Tree
from chezmoi_llm.world.template_world import read_text

_SKIPPED = {
    naming.Kind.MODIFY: "changes a file that is there already",
    naming.Kind.REMOVE: "removes a file",
}


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


def rendered(renderer: Renderer, entries: Iterable[Entry]) -> Tree:
    """Return what the entries become; encrypted ones, and those that need a target, are skipped."""
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

"""What a person's own ``.chezmoiignore``, ``.chezmoiremove`` and externals say about our targets.

Each may lie in any folder, and counts for what is below it. One with template actions in it is
another on each machine, so nothing is said of its patterns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chezmoi_llm import source
from chezmoi_llm.chezmoi import naming
from chezmoi_llm.document import is_known
from chezmoi_llm.engine.errors import PatternProblemError
from chezmoi_llm.engine.patterns import PatternSet
from chezmoi_llm.engine.source_state import is_ignored
from chezmoi_llm.scaffold.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Patterns of targets, and the files that bring folders or files from elsewhere, by target."""

    ignored: PatternSet
    removed: PatternSet
    externals: Mapping[str, str]

    @classmethod
    def of(cls, tree: Tree) -> Claims:
        """Return what the files of a tree say."""
        return cls(
            ignored=_patterns(naming.IGNORE, tree),
            removed=_patterns(naming.REMOVE, tree),
            externals=dict(_externals(tree)),
        )

    def ignores(self, target: str) -> bool:
        """Say whether chezmoi leaves the target alone."""
        return is_ignored(target, self.ignored)

    def removes(self, target: str) -> str:
        """Return what goes with the target, or with a folder above it; "" where nothing does.

        A line that is the target itself may come from ``init --remove``, and is no claim.
        """
        for path in _upwards(target):
            if self.removed.matches(path) and target not in self.removed.include:
                return path
        return ""

    def brings(self, target: str) -> tuple[str, str]:
        """Return the external that the target lies in, and the file that names it; empty for none."""
        found = (path for path in _upwards(target) if path in self.externals)
        path = next(found, "")
        return path, self.externals.get(path, "")


def _upwards(target: str) -> Iterator[str]:
    while target:
        yield target
        target = target.rpartition("/")[0]


def _patterns(name: str, tree: Tree) -> PatternSet:
    found = PatternSet()
    for path, folder, text in _special(name, tree):
        if "{{" not in text and path.rpartition("/")[2] in (name, f"{name}.tmpl"):
            try:
                found = found.joined(text.splitlines(), folder)
            except PatternProblemError:  # chezmoi says what is wrong with it
                continue
    return found


def _externals(tree: Tree) -> Iterator[tuple[str, str]]:
    for path, folder, text in _special(naming.EXTERNAL, tree):
        name = path.removesuffix(naming.TEMPLATE_SUFFIX)
        if name.rpartition(".")[2] not in naming.FORMATS:
            continue
        document = source.parse(text.encode(), path).document
        for key in document.data if document and isinstance(document.data, dict) else ():
            if is_known(key):
                yield "/".join(filter(None, (folder, str(key).strip("/")))), path


def _special(prefix: str, tree: Tree) -> Iterator[tuple[str, str, str]]:
    """Yield path, target folder and text of the files that begin with a name of chezmoi's."""
    for path, text in tree.texts.items():
        parts = path.split("/")
        at = next((index for index, part in enumerate(parts) if part.startswith(prefix)), None)
        if at is not None:
            yield path, naming.target_folder("/".join(parts[:at])), text.decode(errors="replace")

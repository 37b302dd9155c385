"""Plans the way from the templates of an older release to those of this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff

from chezmoi_llm.scaffold.changes import Change, Plan
from chezmoi_llm.scaffold.releases import Releases
from chezmoi_llm.scaffold.rewriting import fitted
from chezmoi_llm.scaffold.tree import CONFIG, SCHEMA, Tree, is_ours, owner


def upgrade(tree: Tree, shipped: Mapping[str, bytes], releases: Releases) -> Plan:
    """Return what replaces files that nobody edited; the others are shown and left as they are."""
    changes, present, edited = [], [], []
    for path, there in ours(tree, releases):
        before = tree.texts[there]
        after = fitted(shipped[path], tree) if path in shipped else None
        if before == after:
            present.append(there)
        elif releases.has(path, before):
            what = "delete (shipped no more)" if after is None else "replace"
            changes.append(Change(path=there, before=before, after=after, what=what))
        else:
            edited.append((there, _difference(there, before, after or b"")))
    return Plan(changes=tuple(changes), present=tuple(present), edited=tuple(edited))


def ours(tree: Tree, releases: Releases) -> Iterator[tuple[str, str]]:
    """Yield the files of a tree that come from us, edited or not: path as shipped, path in the tree."""
    for path in releases.paths:
        there = owner(path, tree)
        if there in tree.texts and path != CONFIG and (path == SCHEMA or is_ours(tree.texts[there])):
            yield path, there


def _difference(path: str, before: bytes, after: bytes) -> str:
    old, new = (text.decode(errors="replace").splitlines(keepends=True) for text in (before, after))
    return "".join(
        line if line.endswith("\n") else f"{line}\n" for line in unified_diff(old, new, path, "ours")
    )

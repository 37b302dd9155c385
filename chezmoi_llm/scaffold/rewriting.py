"""The one line of a script that ``init`` rewrites: the list of the files it looks at.

A shipped script names ``dot_config/...``; in a folder that has ``private_dot_config`` the same file
lies there, and ``includeTemplate`` of a path that is missing would stop the whole apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.scaffold.tree import Tree, place, target_of

_LINE: Final = re.compile(rb'(\{\{-? \$files := list)((?: "[^"]*")+)( -?\}\})')


def fitted(text: bytes, tree: Tree) -> bytes:
    """Return a shipped file with its list of files as they are named in the tree."""
    return _LINE.sub(lambda line: _relisted(line, lambda path: _here(path, tree)), text)


def unfitted(text: bytes, shipped: Iterable[str]) -> bytes:
    """Return a file of a tree with its list of files as shipped, to compare it with releases."""
    by_target = {target: path for path in shipped if (target := target_of(path))}
    return _LINE.sub(lambda line: _relisted(line, lambda path: _as_shipped(path, by_target)), text)


def _relisted(line: re.Match[bytes], rename: Callable[[str], str]) -> bytes:
    paths = [found.decode() for found in re.findall(rb'"([^"]*)"', line[2])]
    return line[1] + b"".join(f' "{rename(path)}"'.encode() for path in paths) + line[3]


def _here(path: str, tree: Tree) -> str:
    there = tree.sources.get(target_of(path), "")
    return there if there and _is_template(there) else place(path, tree)


def _is_template(path: str) -> bool:
    """Say whether chezmoi renders a file: another one of the person's may hold anything."""
    found = naming.file(path.rpartition("/")[2])
    return found.template and not found.encrypted and found.kind is naming.Kind.FILE


def _as_shipped(path: str, by_target: dict[str, str]) -> str:
    """Return a path as shipped; of a file that is shipped no more, with the plain names of its folders."""
    target = target_of(path)
    above, _, name = path.rpartition("/")
    plain = [naming.folder_name(part) for part in naming.target_folder(above).split("/") if part]
    return by_target.get(target) or "/".join((*plain, name))

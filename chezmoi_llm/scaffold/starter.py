"""The config template of a new folder: the shipped one, made fit for a machine and a mode."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from chezmoi_llm.chezmoi.naming import DOCUMENT
from chezmoi_llm.scaffold.tree import HOOK, Tree


class Mode(StrEnum):
    """How the document reaches the templates."""

    HOOK = "hook"
    OUTPUT = "output"
    COMMIT = "commit"


def usual_mode(tree: Tree) -> Mode:
    """Return the mode of a folder where nobody chooses: the one that it is in, or the hook."""
    if tree.is_document_tracked:
        return Mode.COMMIT
    if not tree.is_set_up or HOOK in tree.files:
        return Mode.HOOK
    return Mode.COMMIT if DOCUMENT in tree.files else Mode.OUTPUT


def found_mode(tree: Tree, *, is_hook_declared: bool) -> Mode | None:
    """Return the mode that a folder is in, None where nothing of ours is there."""
    if is_hook_declared and not tree.is_document_tracked:
        return Mode.HOOK
    is_ours = tree.is_set_up or tree.is_document_tracked or HOOK in tree.files
    return usual_mode(tree) if is_ours else None


_HEAD_END: Final = re.compile(rb"^$\n", re.MULTILINE)
_COMMIT: Final = b"# After each edit run `chezmoi-llm expand --write`, and commit what it writes.\n"
"""What the head of the file says besides in mode commit."""

_ACCELERATOR: Final = re.compile(rb"^( *accelerator: )\w+( *)(?=#|$)", re.MULTILINE)
_PLACEMENT: Final = re.compile(rb"^      llama_swap:\n(?: {8}.*\n)+((?: {6}#.*\n)*)", re.MULTILINE)
_HOOK: Final = re.compile(rb"\n# Runs before chezmoi reads .*?# \{\{ end \}\}\n", re.DOTALL)


def starter(shipped: bytes, *, accelerator: str, mode: Mode, off: Iterable[str] = ()) -> bytes:
    """Return the starter; the hook is declared in the mode of that name only, and services are off."""
    text = _ACCELERATOR.sub(lambda line: _aligned(line, accelerator.encode()), shipped, count=1)
    text = _PLACEMENT.sub(lambda lines: _switched(lines, tuple(off)), text, count=1)
    if mode is Mode.COMMIT:
        text = _HEAD_END.sub(_COMMIT + b"\n", text, count=1)
    return text if mode is Mode.HOOK else _HOOK.sub(b"", text)


def _switched(lines: re.Match[bytes], off: tuple[str, ...]) -> bytes:
    """Return the lines of the services, with those that nobody chose switched off.

    What the comment says below them is true of a folder with all services alone.
    """
    if not off:
        return lines[0]
    llama_swap = lines[0].removesuffix(lines[1])
    others = "".join(f"      {key}: {{enabled: false}}\n" for key in off if key != "llama_swap").encode()
    if "llama_swap" in off:
        return b"      llama_swap: {enabled: false}\n" + others
    return llama_swap + others


def _aligned(line: re.Match[bytes], word: bytes) -> bytes:
    """Return the line with another word, and its comment where it was."""
    return line[1] + word.ljust(len(line[0]) - len(line[1]))

"""What to do where a person's own command is in the one place that chezmoi has for our hook."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from chezmoi_llm.scaffold.config import SLOT, Config, hook_words, own_script
from chezmoi_llm.scaffold.tree import HOOK, Tree

CALL_FROM_SCRIPT: Final = f'f=$CHEZMOI_SOURCE_DIR/{HOOK}; [ ! -f "$f" ] || sh "$f" || exit'
"""Our hook as a line of the person's own script, which goes on after it."""

CALL_BEFORE: Final = f'{CALL_FROM_SCRIPT}; exec "$0" "$@"'
"""The same before a command of the person's own, whose words follow as arguments of ``sh -c``."""


def advice(found: Config, tree: Tree) -> Iterator[str]:
    """Yield how both run: a line for a script of the person, else lines to put in the place of theirs."""
    script = own_script(found, tree)
    what = "a script" if script else "a command"
    place = f"{'.'.join(map(str, SLOT))} (line {found.keys[SLOT].line} of {found.file})"
    yield ""
    yield f"{place} runs {what} of yours, and chezmoi runs one only."
    if script:
        yield f"Make this the first line of {script}, below #!; further down it might not be reached:"
        yield ""
        yield f"  {CALL_FROM_SCRIPT}"
        return
    yield "Write this in its place, which runs both:"
    yield ""
    words = hook_words(found) or ("YOUR-COMMAND", "YOUR-ARGUMENT")
    yield from (f"  {line}" for line in _WRITERS[found.format](words))


def _yaml(words: Sequence[str]) -> Iterator[str]:
    yield from (f"{SLOT[-1]}:", "  command: sh", "  args:", "    - -c")
    yield f"    - {json.dumps(CALL_BEFORE)}"
    yield from (f"    - {word}" for word in words)


def _toml(words: Sequence[str]) -> Iterator[str]:
    yield f"[{'.'.join(map(str, SLOT))}]"
    yield 'command = "sh"'
    yield f"args = {_listed(words)}"


def _json(words: Sequence[str]) -> Iterator[str]:
    yield f'"{SLOT[-1]}": {{"command": "sh", "args": {_listed(words)}}}'


def _listed(words: Sequence[str]) -> str:
    return f"[{', '.join((json.dumps('-c'), json.dumps(CALL_BEFORE), *words))}]"


_WRITERS: Final[Mapping[str, Callable[[Sequence[str]], Iterator[str]]]] = {
    "yaml": _yaml,
    "toml": _toml,
    "json": _json,
}
"""The words of the person are in their own spelling already, with whatever their template has in it."""

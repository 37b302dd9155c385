"""What a person's config template, or config file, says already, as far as ``init`` has to know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chezmoi_llm import source
from chezmoi_llm.chezmoi import naming
from chezmoi_llm.diagnostics import Path, Pos
from chezmoi_llm.scaffold import services
from chezmoi_llm.scaffold.clashes import Names
from chezmoi_llm.scaffold.tree import HOOK, Tree

SLOT: Final[Path] = ("hooks", "read-source-state", "pre")
"""Where chezmoi looks for the one command that runs before it reads the source folder."""

_SHELL: Final = re.compile(rb"#! ?\S*[/ ](?:ba|da|k|z)?sh\b")

STACK: Final[Path] = ("data", "llm_stack")
SERVICES: Final[Path] = (*STACK, "services")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A config template or config file: its name, its text, its data and where the keys stand.

    ``is_readable`` is false where neither is known.
    """

    file: str
    lines: tuple[str, ...]
    is_template: bool
    data: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[Path, Pos] = field(default_factory=dict)
    values: Mapping[Path, Pos] = field(default_factory=dict)
    is_readable: bool = True

    @property
    def format(self) -> str:
        """``yaml``, ``toml`` or ``json``."""
        return naming.FORMATS[naming.ending(self.file)]

    @property
    def places(self) -> Iterator[tuple[Path, Pos]]:
        """Every key and value with its place."""
        yield from self.keys.items()
        yield from self.values.items()

    def spelled(self, path: Path) -> str:
        """Return the text of a value on one line, quotes and template actions included."""
        pos = self.values[path]
        return self.lines[pos.line - 1][pos.col - 1 : pos.col - 1 + pos.width]

    def at(self, path: Path) -> Any:
        """Return the value at a path, None where there is none."""
        value: Any = self.data
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value


def config(tree: Tree) -> Config | None:
    """Return what a person has: the config template, else the config file, else None."""
    file = tree.config_template or tree.config_file
    if not file:
        return None
    is_template = bool(tree.config_template)
    text = tree.texts.get(file, b"") if is_template else tree.config_text
    document = source.parse(text, file).document
    is_mapping = document is not None and isinstance(document.data, Mapping | None)
    return Config(
        file=file,
        lines=tuple(text.decode(errors="replace").splitlines()),
        is_template=is_template,
        data=(document.data or {}) if document and is_mapping else {},
        keys=document.keys if document else {},
        values=document.values if document else {},
        is_readable=is_mapping,
    )


def declares_hook(found: Config, tree: Tree) -> bool:
    """Say whether our hook runs: declared itself, or called by the person's own hook script."""
    if any(HOOK in line for line in found.lines):
        return True
    return HOOK.encode() in tree.texts.get(own_script(found, tree), b"")


def runs_hook(words: Iterable[str], tree: Tree) -> bool:
    """Say whether a command, as chezmoi reads it, is our hook or a script of the folder that calls it."""
    line = " ".join(words)
    scripts = (tree.texts.get(path, b"") for path in tree.files if path in line)
    return HOOK in line or any(HOOK.encode() in text for text in scripts)


def own_script(found: Config, tree: Tree) -> str:
    """Return the shell script of the source folder that runs in the place of our hook, "" for none."""
    words = "".join(hook_words(found))
    named = (path for path in tree.files if path != HOOK and path in words)
    script = max(named, key=len, default="")
    return script if script.endswith(".sh") or _SHELL.match(tree.texts.get(script, b"")) else ""


def hook_words(found: Config) -> tuple[str, ...]:
    """Return the command that runs in the place of our hook and its arguments, as they are spelled."""
    command = next((path for key in ("command", "script") if (path := (*SLOT, key)) in found.values), None)
    if command is None:
        return ()
    args = found.at((*SLOT, "args"))
    number = len(args) if isinstance(args, list) else 0
    paths = (command, *((*SLOT, "args", index) for index in range(number)))
    return tuple(found.spelled(path) for path in paths)


def names_taken(found: Config | None) -> Names:
    """Return the names of our network and containers that a person has written."""
    asked = {key: found.at((*SERVICES, key, "container_name")) for key in services.ALL} if found else {}
    network = found.at((*STACK, "network", "name")) if found else None
    return Names(
        network=network if isinstance(network, str) else "llm",
        containers={key: name for key, name in asked.items() if isinstance(name, str)},
    )

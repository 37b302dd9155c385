"""Which shipped files belong to which service, so that a person can choose services."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from chezmoi_llm.scaffold.tree import HOOK, SCHEMA, Tree, is_ours, owner
from chezmoi_llm.spec import UNITS
from chezmoi_llm.targets import TARGETS

GROUPS: Final = tuple(target.key for target in TARGETS if target.files)
"""The services that can be chosen, as ``llm_stack.services`` spells them."""

NONE: Final = "none"
"""The word for no service: the hook alone, for a person who has templates of their own."""

DEFAULT: Final = ("llama_swap", "ramalama")
"""What a folder that is in use gets where nobody chooses: models, and nothing that is shown to others."""

_NEEDED_BY: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (".chezmoi-llm-hook.sh", GROUPS),
    (".llm/*", GROUPS),
    ("*/llm.network.tmpl", UNITS),
    ("*-llm-secrets.sh.tmpl", UNITS),
    ("*/llm-reload.sh", (*UNITS, "ramalama")),
    ("*-llm-stop.sh.tmpl", (*UNITS, "ramalama")),
    ("*-llm-linger.sh.tmpl", (*UNITS, "ramalama")),
    ("*.desktop.tmpl", ("desktop",)),
    ("*reload-models*", ("ramalama",)),
    ("*ramalama*", ("ramalama",)),
    ("*llama-swap*", ("llama_swap",)),
    ("*/Containerfile.tmpl", ("llama_swap",)),
    ("*litellm*", ("litellm",)),
    ("*open-webui*", ("open_webui",)),
    ("*addy*", ("caddy",)),
)
"""Patterns of shipped files and the services that need them; the first that fits counts."""


def needed_by(shipped: str) -> tuple[str, ...]:
    """Return the services that need a shipped file; empty for a file that the table does not know."""
    return next((groups for pattern, groups in _NEEDED_BY if fnmatchcase(shipped, pattern)), ())


def available(shipped: Iterable[str]) -> tuple[str, ...]:
    """Return the services that this release ships files of their own for."""
    own = {groups[0] for groups in map(needed_by, shipped) if len(groups) == 1}
    return tuple(group for group in GROUPS if group in own)


def chosen(shipped: Iterable[str], groups: Collection[str]) -> tuple[str, ...]:
    """Return the shipped files that the services need, sorted; the hook is there without any."""
    always = (HOOK, SCHEMA)
    return tuple(
        sorted(path for path in shipped if path in always or not set(groups).isdisjoint(needed_by(path)))
    )


def there(shipped: Mapping[str, bytes], tree: Tree) -> tuple[str, ...]:
    """Return the services that a folder has files of ours for."""
    return available(path for path in shipped if is_ours(tree.texts.get(owner(path, tree), b"")))


def usual(shipped: Mapping[str, bytes], tree: Tree) -> tuple[str, ...]:
    """Return the services that a folder gets where nobody chooses.

    A new folder gets all, one that is in use the default ones, and one that has been set up before
    those that were chosen then.
    """
    if not tree.is_in_use:
        return available(shipped)
    chosen_before = there(shipped, tree)
    if tree.is_set_up:
        return chosen_before
    return tuple(group for group in available(shipped) if group in DEFAULT or group in chosen_before)


def left_out(shipped: Mapping[str, bytes], tree: Tree, wanted: Collection[str]) -> tuple[str, ...]:
    """Return the services that a folder has no files for, and gets none.

    Nothing is left out for a person who wants no files of ours at all: theirs may be for any service.
    """
    kept = {*wanted, *there(shipped, tree)}
    return tuple(group for group in available(shipped) if group not in kept) if kept else ()

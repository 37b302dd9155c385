"""Which shipped files belong to which service, so that a person can choose services."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from chezmoi_llm.scaffold.tree import HOOK, SCHEMA, Tree, is_ours, owner, target_of
from chezmoi_llm.spec import UNITS
from chezmoi_llm.targets import TARGETS

ALL: Final = tuple(target.key for target in TARGETS if target.files)
"""The services that can be chosen, as ``llm_stack.services`` spells them."""

NONE: Final = "none"
"""The word for no service: the hook alone, for a person who has templates of their own."""

DEFAULT: Final = ("llama_swap", "ramalama")
"""What a folder that is in use gets where nobody chooses: models, and nothing that is shown to others."""

_SHARED: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (HOOK, ALL),
    (".llm/*", ALL),
    ("*/llm.network.tmpl", UNITS),
    ("*-llm-secrets.sh.tmpl", UNITS),
    ("*/llm-reload.sh", (*UNITS, "ramalama")),
    ("*-llm-stop.sh.tmpl", (*UNITS, "ramalama")),
    ("*-llm-linger.sh.tmpl", (*UNITS, "ramalama")),
    ("*-reload-models.sh.tmpl", ("ramalama",)),
)
"""Patterns of shipped files that are not of one target system alone, and the services that need them."""

_OWNERS: Final = {file.path: target.key for target in TARGETS for file in target.files.values()}
"""The target system of each file that is deployed, by its path below the home."""


def needed_by(shipped: str) -> tuple[str, ...]:
    """Return the services that need a shipped file; empty for one that belongs to none.

    A deployed file is its target system's, a script that of the service that its name ends with.
    """
    for pattern, services in _SHARED:
        if fnmatchcase(shipped, pattern):
            return services
    owner_of_file = _OWNERS.get(target_of(shipped))
    if owner_of_file:
        return (owner_of_file,)
    return tuple(key for key in ALL if shipped.endswith(f"-{key.replace('_', '-')}.sh.tmpl"))


def available(shipped: Iterable[str]) -> tuple[str, ...]:
    """Return the services that this release ships files of their own for."""
    own = {services[0] for services in map(needed_by, shipped) if len(services) == 1}
    return tuple(key for key in ALL if key in own)


def chosen(shipped: Iterable[str], services: Collection[str]) -> tuple[str, ...]:
    """Return the shipped files that the services need, sorted; the hook is there without any."""
    always = (HOOK, SCHEMA)
    return tuple(
        sorted(path for path in shipped if path in always or not set(services).isdisjoint(needed_by(path)))
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
    return tuple(key for key in available(shipped) if key in DEFAULT or key in chosen_before)


def left_out(shipped: Mapping[str, bytes], tree: Tree, wanted: Collection[str]) -> tuple[str, ...]:
    """Return the services that a folder has no files for, and gets none.

    Nothing is left out for a person who wants no files of ours at all: theirs may be for any service.
    """
    kept = {*wanted, *there(shipped, tree)}
    return tuple(key for key in available(shipped) if key not in kept) if kept else ()

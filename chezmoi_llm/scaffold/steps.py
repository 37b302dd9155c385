"""What is left for the person to do after ``init``: lines for their config template, and commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chezmoi_llm.scaffold import report
from chezmoi_llm.scaffold.block import block, missing
from chezmoi_llm.scaffold.config import SLOT, Config, declares_hook
from chezmoi_llm.scaffold.paste import Paste, pastes
from chezmoi_llm.scaffold.plan import Wish
from chezmoi_llm.scaffold.removal import lines_to_delete
from chezmoi_llm.scaffold.starter import Mode
from chezmoi_llm.scaffold.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the next commands depend on: ``source`` is the folder that the command line named, if any."""

    source: str
    has_chezmoi: bool
    has_helper: bool

    def at(self, command: str) -> str:
        """Return a command line with the source folder that it is for."""
        return f"{command} --source {self.source}" if self.source else command


def is_set_up(found: Config, tree: Tree, wish: Wish) -> bool:
    """Say whether a config needs nothing more: whoever declared our hook had the rest before them."""
    if wish.mode is Mode.HOOK:
        return declares_hook(found, tree)
    return any(found.at(("data", key)) is not None for key in ("local_models", "cloud_models", "models"))


def to_add(found: Config, wish: Wish) -> tuple[Paste, ...]:
    """Return the lines that a config lacks."""
    wanted = block(accelerator=wish.accelerator, mode=wish.mode)
    if not found.is_template:
        del wanted["warnings"]  # chezmoi warns of a template that has changed
    return pastes(tuple(missing(wanted, found)), found)


def for_config(found: Config | None, tree: Tree, wish: Wish) -> Iterator[str]:
    """Yield what a person does in their own config template."""
    if found is None:
        return
    yield ""
    if not is_set_up(found, tree, wish):
        if not found.is_readable:
            yield f"{found.file} could not be read: see for yourself whether it has one of these keys"
        yield from report.to_paste(found, to_add(found, wish))
        yield from for_hook_slot(found, wish)
        return
    yield f"{found.file} has all that is needed"
    if wish.mode is not Mode.HOOK and declares_hook(found, tree):
        yield f"mode {wish.mode} does without the hook that it declares; delete it:"
        yield from (f"  {place}" for place in lines_to_delete(found) if place.startswith("hooks"))


def for_hook_slot(found: Config, wish: Wish) -> Iterator[str]:
    """Yield what a person does where a hook of their own is in the place of ours."""
    if wish.mode is Mode.HOOK and found.at(SLOT) is not None:
        yield from report.slot_taken(found)


def after_adding(found: Config | None, tree: Tree, wish: Wish, around: Surroundings) -> Iterator[str]:
    """Yield the commands that come next."""
    lacks_lines = found is not None and not is_set_up(found, tree, wish)
    is_rendered = bool(tree.config_file) and not (lacks_lines and tree.config_template)
    yield ""
    if not around.has_chezmoi:
        yield "chezmoi is not on PATH; https://www.chezmoi.io/install tells how to get it"
    if wish.mode is not Mode.COMMIT and not around.has_helper:
        yield "chezmoi-llm is not on PATH, where chezmoi looks for it; run: uv tool install chezmoi-llm"
    yield "next: add the lines above, then run" if lacks_lines else "next: run"
    if wish.mode is Mode.COMMIT:
        yield f"  {around.at('chezmoi-llm expand --write')}"
        yield "  git add .chezmoidata/llm.json   (in the source folder)"
    yield f"  {around.at('chezmoi apply' if is_rendered else 'chezmoi init --apply')}"


def after_upgrade(around: Surroundings) -> Iterator[str]:
    """Yield what comes after an upgrade."""
    yield ""
    yield f"next: run {around.at('chezmoi diff')}"
    yield f"  what this release has besides is added by {around.at('chezmoi-llm init')}"


def after_removal(around: Surroundings) -> Iterator[str]:
    """Yield what comes after a removal."""
    yield ""
    yield "next: run"
    yield f"  {around.at('chezmoi apply')}"
    yield "  systemctl --user daemon-reload"
    yield "Podman's secrets, ~/.config/llm and downloaded models stay; podman secret ls names the secrets"

"""What is left for the person to do after ``init``: lines for their config template, and commands."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.naming import REMOVE
from chezmoi_llm.scaffold import report, slot
from chezmoi_llm.scaffold.block import WARNING, block, missing, switched_off
from chezmoi_llm.scaffold.changes import Plan
from chezmoi_llm.scaffold.config import SERVICES, SLOT, STACK, Config, declares_hook
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
        return f"{command} --source {shlex.quote(self.source)}" if self.source else command


def is_set_up(found: Config, tree: Tree, wish: Wish) -> bool:
    """Say whether a config needs nothing more: whoever declared our hook had the rest before them."""
    if wish.mode is Mode.HOOK:
        return declares_hook(found, tree)
    return any(found.at(("data", key)) is not None for key in ("local_models", "cloud_models", "models"))


def to_add(found: Config, tree: Tree, wish: Wish) -> tuple[Paste, ...]:
    """Return the lines that a config lacks: all of ours, or later on the services that are not there."""
    if is_set_up(found, tree, wish):
        services = {} if found.at((*STACK, "enabled")) is False else switched_off(wish.off)
        is_open = any(found.at(path) is UNKNOWN for path in (SERVICES[:1], STACK, SERVICES))
        wanted: dict[str, Any] = {} if is_open or not services else _below(SERVICES, services)
    else:
        wanted = block(accelerator=wish.accelerator.word, mode=wish.mode, off=wish.off)
        if not found.is_template:
            del wanted["warnings"]  # chezmoi warns of a template that has changed
    return pastes(tuple(missing(wanted, found)), found)


def _below(path: Path, value: dict[str, Any]) -> dict[str, Any]:
    for key in reversed(path):
        value = {str(key): value}
    return value


def guessed(found: Config | None, tree: Tree, wish: Wish) -> Iterator[str]:
    """Yield what the accelerator was taken from, where its line is written or to be written now."""
    if found is None or not (is_set_up(found, tree, wish) or found.at((*STACK, "accelerator"))):
        guess = wish.accelerator
        yield ""
        yield f"accelerator: {guess.word}, for what was found: {guess.found}"


def to_change(found: Config, tree: Tree, wish: Wish) -> Iterator[str]:
    """Yield the values that a config has and that are in the way, each with its line."""
    if found.at(WARNING) is True and not is_set_up(found, tree, wish):
        yield _change(WARNING, "false, or chezmoi asks for init after each edit", found)
    for key in wish.named:
        if found.at((*SERVICES, key, "enabled")) is False:
            yield _change((*SERVICES, key, "enabled"), "true", found)


def _change(path: Path, value: str, found: Config) -> str:
    return f"{'.'.join(map(str, path))} (line {found.keys[path].line}): {value}"


def is_left(found: Config | None, tree: Tree, wish: Wish) -> bool:
    """Say whether there is anything for the person to write into their config."""
    if found is None:
        return False
    is_done = is_set_up(found, tree, wish)
    return not is_done or bool(to_add(found, tree, wish)) or any(to_change(found, tree, wish))


def for_config(found: Config | None, tree: Tree, wish: Wish) -> Iterator[str]:
    """Yield what a person does in their own config template."""
    yield from guessed(found, tree, wish)
    if found is None:
        return
    yield ""
    if is_left(found, tree, wish):
        if not found.is_readable:
            yield f"{found.file} could not be read: see for yourself whether it has one of these keys"
        yield from report.to_paste(found, to_add(found, tree, wish))
    else:
        yield f"{found.file} has all that is needed"
    yield from besides(found, tree, wish)


def besides(found: Config, tree: Tree, wish: Wish) -> Iterator[str]:
    """Yield what a person does besides adding lines: change values, run both hooks, or no hook any more."""
    yield from report.to_change(tuple(to_change(found, tree, wish)))
    is_ours = declares_hook(found, tree)
    if wish.mode is Mode.HOOK and found.at(SLOT) is not None and not is_ours:
        yield from slot.advice(found, tree)
    elif wish.mode is not Mode.HOOK and is_ours:
        yield f"mode {wish.mode} does without the hook that it declares; delete it:"
        yield from (f"  {place}" for place in lines_to_delete(found) if place.startswith("hooks"))


def after_adding(found: Config | None, tree: Tree, wish: Wish, around: Surroundings) -> Iterator[str]:
    """Yield the commands that come next."""
    lacks_lines = is_left(found, tree, wish)
    is_rendered = bool(tree.config_file) and not (lacks_lines and tree.config_template)
    yield ""
    if not around.has_chezmoi:
        yield "chezmoi is not on PATH; https://www.chezmoi.io/install tells how to get it"
    if wish.mode is not Mode.COMMIT and not around.has_helper:
        yield "chezmoi-llm is not on PATH, where chezmoi looks for it; run: uv tool install chezmoi-llm"
    yield "next: write the lines above, then run" if lacks_lines else "next: run"
    if wish.mode is Mode.COMMIT:
        yield f"  {around.at('chezmoi-llm expand --write')}"
        yield "  git add .chezmoidata/llm.json   (in the source folder)"
    yield f"  {around.at('chezmoi apply' if is_rendered else 'chezmoi init --apply')}"


def after_upgrade(around: Surroundings) -> Iterator[str]:
    """Yield what comes after an upgrade."""
    yield ""
    yield f"next: run {around.at('chezmoi diff')}"
    yield f"  what this release has besides is added by {around.at('chezmoi-llm init')}"


def after_removal(planned: Plan, around: Surroundings) -> Iterator[str]:
    """Yield what comes after a removal."""
    if any(change.path == REMOVE for change in planned.changes):
        yield ""
        yield "next: run"
        yield f"  {around.at('chezmoi apply')}"
        yield "  systemctl --user daemon-reload"
        yield f"on each machine; then the lines may go from {REMOVE}, too"
    yield ""
    yield "what the stack has made stays: Podman's secrets, volumes, network and images, ~/.config/llm and"
    yield "downloaded models; podman secret ls, podman volume ls ... name them"

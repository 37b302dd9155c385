"""What comes after ``init``: the lines for a person's own config, and the next commands."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from chezmoi_llm.chezmoi.naming import DOCUMENT, REMOVE
from chezmoi_llm.scaffold.accelerator import Guess
from chezmoi_llm.scaffold.changes import Plan
from chezmoi_llm.scaffold.config import Config
from chezmoi_llm.scaffold.remaining import Remaining
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


def for_config(remaining: Remaining | None, guess: Guess) -> Iterator[str]:
    """Yield what a person does in their own config; ``remaining`` is None where they have none yet."""
    if remaining is None or remaining.is_accelerator_new:
        yield ""
        yield f"accelerator: {guess.word} ({guess.found})"
    if remaining is not None:
        yield ""
        yield from remaining.lines()


def after_adding(
    remaining: Remaining | None, tree: Tree, mode: Mode, around: Surroundings
) -> Iterator[str]:
    """Yield the commands that come next."""
    lacks_lines = remaining is not None and not remaining.is_done
    is_rendered = bool(tree.config_file) and not (lacks_lines and tree.config_template)
    yield ""
    if not around.has_chezmoi:
        yield "chezmoi is not on PATH; https://www.chezmoi.io/install tells how to get it"
    if mode is not Mode.COMMIT and not around.has_helper:
        yield "chezmoi-llm is not on PATH, where chezmoi looks for it; run: uv tool install chezmoi-llm"
    yield "next: write the lines above, then run" if lacks_lines else "next: run"
    if mode is Mode.COMMIT:
        yield f"  {around.at('chezmoi-llm expand --write')}"
        yield f"  git add {DOCUMENT}   (in the source folder)"
    elif tree.is_document_tracked:
        yield f"  git rm --force {DOCUMENT}   (in the source folder; until then it stays in mode commit)"
    yield f"  {around.at('chezmoi apply' if is_rendered else 'chezmoi init --apply')}"


def after_upgrade(planned: Plan, around: Surroundings) -> Iterator[str]:
    """Yield what comes after an upgrade."""
    yield ""
    if planned.changes:
        yield f"next: run {around.at('chezmoi diff')}"
    yield f"what this release has besides is added by {around.at('chezmoi-llm init')}"


def after_removal(planned: Plan, found: Config | None, around: Surroundings) -> Iterator[str]:
    """Yield what comes after a removal; ``found`` is the person's config, which may have lines of ours."""
    lines = tuple(lines_to_delete(found)) if found else ()
    is_to_render = found is not None and found.is_template and bool(lines)
    is_to_apply = any(change.path == REMOVE for change in planned.changes)
    if lines or is_to_apply:
        yield ""
        yield "next: delete the lines above, then run" if lines else "next: run"
        yield f"  {around.at('chezmoi init --apply' if is_to_render else 'chezmoi apply')}"
    if is_to_apply:
        yield "  systemctl --user daemon-reload"
        if planned.left_empty:
            yield f"  rmdir {' '.join(f'~/{folder}' for folder in planned.left_empty)} 2>/dev/null"
        yield "on each machine, on others after chezmoi-llm init --remove --yes; then the lines may"
        yield f"go from {REMOVE}, too"
    yield ""
    yield "what the stack has made stays: Podman's secrets, volumes, network and images, ~/.config/llm and"
    yield "downloaded models; podman secret ls, podman volume ls ... name them"

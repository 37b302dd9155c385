"""What a model is for, and what starts it: written, or what only one of them can mean."""

from __future__ import annotations

import re

from chezmoi_llm.choices.own_units import has_units
from chezmoi_llm.choices.records import KIND_ROLES, Choice
from chezmoi_llm.runners import COMMAND, DEFAULT_RUNNERS, KIND_RUNNERS, RAMALAMA, RUNNERS
from chezmoi_llm.spec import LocalModel, Stack

_NAME_SAYS = (
    ("embedding", re.compile(r"embed", re.IGNORECASE)),
    ("rerank", re.compile(r"rerank", re.IGNORECASE)),
    ("transcription", re.compile(r"whisper", re.IGNORECASE)),
)


def kind_of(model: LocalModel, stack: Stack) -> Choice:
    """Return what a model is for: written, else what only one kind can mean, else chat."""
    if model.is_given("kind"):
        return Choice(value=model.kind, source="written")
    told = {
        "its roles": set(model.roles),
        "its capabilities": set(model.capabilities),
        "llm_stack": {role for role in KIND_ROLES if model.name == getattr(stack, f"{role}_model")},
    }
    for source, words in told.items():
        kinds = sorted(words & set(KIND_ROLES))
        if model.name and len(kinds) == 1:
            return Choice(value=kinds[0], source="derived", why=f"{source} say {kinds[0]}")
    able = RUNNERS[model.runner].kinds if model.runner else ()
    if len(able) == 1:
        return Choice(value=min(able), source="derived", why=f"{model.runner} does nothing else")
    if model.pooling == "rank":
        return Choice(value="rerank", source="derived", why="pooling rank is for reranking")
    if model.dimensions:
        return Choice(value="embedding", source="derived", why="only embedding models have dimensions")
    return _kind_by_name(model)


def _kind_by_name(model: LocalModel) -> Choice:
    """Read the kind off the last words of the URI, where model families carry it."""
    last = re.split(r"[/\\]", model.model.rstrip("/"))[-2:]
    for kind, says in _NAME_SAYS:
        if any(says.search(word) for word in (*last, model.name)):
            return Choice(value=kind, source="derived", why=f"the name says {says.pattern}")
    return Choice(value="chat", source="default")


def runner_of(model: LocalModel, stack: Stack, kind: str) -> Choice:
    """Return what starts a model: written, else by its kind and the placement of llama-swap."""
    if model.is_given("runner"):
        return Choice(value=model.runner, source="written")
    if model.command:
        return Choice(value=COMMAND.key, source="derived", why="it has a command")
    if kind in KIND_RUNNERS:
        runner, why = KIND_RUNNERS[kind]
        return Choice(value=runner, source="derived", why=why)
    if has_units(stack):
        return Choice(value=RAMALAMA.key, source="derived", why="models have units of their own")
    placement = stack.services.llama_swap.placement
    runner = DEFAULT_RUNNERS[placement]
    return Choice(value=runner, source="default", why=f"the runner of placement {placement}")

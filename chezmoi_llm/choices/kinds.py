"""What a model is for, and what starts it: written, or what only one of them can mean."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.choices.own_units import has_units
from chezmoi_llm.choices.records import KIND_ROLES, Choice
from chezmoi_llm.runners import COMMAND, DEFAULT_RUNNERS, KIND_RUNNERS, RAMALAMA, RUNNERS
from chezmoi_llm.spec import LocalModel, Model, Stack
from chezmoi_llm.store import kinds


def kind_of(model: Model, stack: Stack) -> Choice:
    """Return what a model is for: written, else what only one kind can mean, else chat."""
    if isinstance(model, LocalModel) and model.is_given("kind"):
        return Choice(value=model.kind, source="written")
    kind, why = next(filter(any, _told(model, stack)), ("", ""))
    return Choice(value=kind, source="derived", why=why) if kind else Choice(value="chat", source="default")


def _told(model: Model, stack: Stack) -> Iterator[tuple[str, str]]:
    """Yield the kind that each source tells, with the reason, the surest first; both may be empty."""
    if isinstance(model, LocalModel) and model.runner and len(RUNNERS[model.runner].kinds) == 1:
        yield min(RUNNERS[model.runner].kinds), f"{model.runner} does nothing else"
    able = kinds.of_capabilities(model.capabilities)
    yield able, f"its capabilities say {able}" if able else ""
    wishes = {
        "its roles": set(model.roles) if isinstance(model, LocalModel) else set(),
        "llm_stack": {role for role in KIND_ROLES if model.name == getattr(stack, f"{role}_model")},
    }
    for source, words in wishes.items():
        wanted = sorted(words & set(KIND_ROLES))
        if model.name and len(wanted) == 1:
            yield wanted[0], f"{source} say {wanted[0]}"
    named = ("name", "model", "pooling", "dimensions")
    yield kinds.of_facts({field: getattr(model, field) for field in named if hasattr(model, field)})


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

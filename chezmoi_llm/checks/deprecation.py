"""Models that their makers give up, and what replaces them."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.choices import Choices, Successor
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.showing.words import listed, shown
from chezmoi_llm.spec import Model, Spec


def outdated(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A model that its maker has given up, or replaced by another, or will (LLM218)."""
    for model in spec.models:
        successor = choices.successors.get(model.name)
        if not model.enabled or not (successor or model.until) or (successor and successor.circle):
            continue
        gone = f"gone from {model.until} on" if model.until else ""
        yield Finding(
            code="LLM218",
            severity=Severity.WARNING if successor else Severity.NOTE,
            path=_place(model, ("deprecated", "replaced_by", "until")),
            at_key=True,
            message=f"{shown(model.name)} is {_said(successor, gone)}",
            hint=_to_do(model, successor),
        )


def _said(successor: Successor | None, gone: str) -> str:
    if successor is None:
        return gone
    state = ", and ".join(filter(None, ("deprecated", gone)))
    if not successor.chain:
        return state
    *between, last = successor.chain
    way = f" (by way of {listed(map(shown, between), last='and')})" if between else ""
    return f"{state}; {shown(last)} replaces it{way}"


def _to_do(model: Model, successor: Successor | None) -> str:
    if successor is None or not successor.chain:
        return "choose another model"
    last = successor.chain[-1]
    if model.id or last == successor.served:
        return f"run: chezmoi-llm store migrate {model.name}"
    return f"put {shown(last)} into the list instead of {shown(model.name)}"


def replacements(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Replacements lead to a model (LLM206)."""
    for name, successor in choices.successors.items():
        way = (name, *successor.chain)
        if successor.circle:
            said = f"the replacements of {shown(name)} go in a circle: {' -> '.join(way)} -> ..."
        elif successor.other_kind:
            said = (
                f"{shown(successor.lost)} is to replace {shown(way[-1])}, "
                f"but that is a model for {successor.other_kind}"
            )
        elif successor.lost and not (spec.is_open or spec.stock.is_open):
            said = f"{shown(successor.lost)} is to replace {shown(way[-1])}, but there is no such model"
        else:
            continue
        yield Finding(
            code="LLM206",
            severity=Severity.WARNING,
            path=_place(successor.model, ("replaced_by",)),
            message=said,
            hint="write as replaced_by the name of a model in the list, or the ID of one in the store",
        )


def _place(model: Model, fields: tuple[str, ...]) -> Path:
    """Return the path of the first field that is set and written, else that of the model."""
    written = (field for field in fields if field in model.written and getattr(model, field))
    field = next(written, "id")
    return model.path(field) if field in model.written else model.at


RULES = (outdated, replacements)

"""The model store: its folders are there, and so is every entry that a model asks for."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.showing.words import listed, shown
from chezmoi_llm.spec import Model, Spec
from chezmoi_llm.store import FOLDERS, near


def unknown_ids(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """An ID is that of an entry in the model store (LLM209)."""
    for model in spec.models:
        if model.id and not model.entry and not spec.stock.is_open:
            yield Finding(
                code="LLM209",
                path=_id_path(model),
                message=f"there is no entry {shown(model.id)} in the model store",
                hint=near.hint(model.folder, model.id, spec.stock.known),
            )


def _id_path(model: Model) -> Path:
    return model.path("id") if "id" in model.written else model.at


def switched_off(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """An entry that is switched off gives no model (LLM207)."""
    for model in spec.models:
        if not model.enabled and "enabled" in model.stored:
            yield Finding(
                code="LLM207",
                severity=Severity.WARNING,
                path=_id_path(model),
                message=f"{shown(model.name)} is switched off in the model store ({model.entry})",
                hint="take it out of the list, or write enabled: true beside its id",
            )


_NAME_ANOTHER = f"name a folder that has a folder {listed(map(repr, FOLDERS), last='or')} in it"
_FETCH = "fill it; where it is a git submodule, run: git submodule update --init"


def folders(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A folder of the model store is there, with its two folders or one of them (LLM210)."""
    for index in sorted(spec.stock.missing):
        name, is_empty = spec.stack.store[index], index in spec.stock.empty
        yield Finding(
            code="LLM210",
            path=(*spec.stack.path("store"), index),
            message=f"{shown(name)} is {'an empty folder' if is_empty else 'no model store'}",
            hint=_FETCH if is_empty else _NAME_ANOTHER,
        )


RULES = (unknown_ids, switched_off, folders)

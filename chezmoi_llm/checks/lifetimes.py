"""What changes with time: memory that runs out, and stored vectors that die."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Severity
from chezmoi_llm.records import record
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import Model, Spec


def memory(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Models that stay loaded leave room for the largest of the others (LLM333)."""
    limit = spec.stack.memory_gb
    needy = [one for one in choices.models if limit and one.model.ram_required_gb]
    staying = [one.model for one in needy if one.resident]
    others = sorted(
        (one.model for one in needy if not one.resident), key=lambda model: model.ram_required_gb
    )
    held = sum(model.ram_required_gb for model in staying)
    if limit and held + sum(model.ram_required_gb for model in others[-1:]) > limit:
        said = [f"the models that stay loaded need {held:g} GB"] if staying else []
        said += [f"{shown(model.name)} needs {model.ram_required_gb:g} GB" for model in others[-1:]]
        yield Finding(
            code="LLM333",
            path=spec.stack.path("memory_gb"),
            together=tuple(model.at for model in (*staying, *others[-1:])),
            severity=Severity.WARNING,
            message=f"{' and '.join(said)}, but 'memory_gb' is {limit:g}",
            hint="take a smaller model, or let fewer models stay loaded",
        )


@record
class Embedding:
    """The model whose vectors Open WebUI stores; ``dimensions`` is 0 where nobody wrote it.

    Without a name it is the one that Open WebUI brings along.
    """

    name: str
    model: str
    dimensions: int

    def __str__(self) -> str:
        if not self.name:
            return "Open WebUI's own"
        return shown(self.name) + (f" with {self.dimensions} dimensions" if self.dimensions else "")


def embedding_changed(spec: Spec, choices: Choices, before: Mapping[str, Any]) -> Iterator[Finding]:
    """The embedding model is the one of the document that was applied last (LLM332).

    ``before`` is that document. A model that was only renamed makes the same vectors.
    """
    old, model = _applied(before), _chosen(choices)
    is_stored = spec.stack.services.open_webui.enabled and not spec.is_open
    if old is None or not is_stored or not _is_certain(spec, choices, model):
        return
    if model is None:
        if not old.name:
            return
        said, path = f"the embedding model was {old}, and there is none now", spec.stack.at
    else:
        new = Embedding(name=model.name, model=model.model, dimensions=getattr(model, "dimensions", 0))
        field = _difference(old, new)
        said, path = _changed(old, new), model.path(field or "model")
        if not field:
            return
    yield Finding(
        code="LLM332",
        path=path,
        severity=Severity.WARNING,
        message=f"{said}: what Open WebUI has stored does not fit",
        hint="after the apply let it read its documents again: Admin Panel, Settings, Documents, Reindex",
    )


def _changed(old: Embedding, new: Embedding) -> str:
    """Return what changed; where both are called the same, the URIs tell them apart."""
    if str(old) != str(new):
        return f"the embedding model was {old}, and is {new} now"
    return f"the embedding model {old} was {shown(old.model)}, and is {shown(new.model)} now"


def _difference(old: Embedding, new: Embedding) -> str:
    """Return the field by which two models make different vectors, or nothing."""
    if old.dimensions and new.dimensions and old.dimensions != new.dimensions:
        return "dimensions"
    return "model" if old.model != new.model else ""


def _applied(document: Mapping[str, Any]) -> Embedding | None:
    """Return the embedding model of an expanded document; it may be one of another release."""
    name = document.get("embedding_model")
    if not isinstance(name, str):
        return None
    if not name and _has_open_webui(document):
        return Embedding(name="", model="", dimensions=0)
    for key in ("local_models", "cloud_models"):
        models = document.get(key)
        for model in models if name and isinstance(models, list) else ():
            if isinstance(model, dict) and model.get("name") == name:
                dimensions = model.get("dimensions") or 0
                return Embedding(name=name, model=model.get("model", ""), dimensions=dimensions)
    return None


def _has_open_webui(document: Mapping[str, Any]) -> bool:
    services = document.get("services")
    open_webui = services.get("open_webui") if isinstance(services, dict) else None
    return isinstance(open_webui, dict) and open_webui.get("enabled") is True


def _chosen(choices: Choices) -> Model | None:
    name = choices.roles["embedding"].value
    local = (model for model in choices.local_models if name and model.name == name)
    cloud = (model for model in choices.cloud_models if name and model.name == name)
    return next(local, None) or next(cloud, None)


def _is_certain(spec: Spec, choices: Choices, model: Model | None) -> bool:
    """Say whether all is known of the choice; of several models without a role none is chosen."""
    if model is not None:
        return not {"name", "model", "dimensions"} & model.unknown
    deciding = {"kind", "roles", "capabilities", "model"}
    return "embedding_model" not in spec.stack.unknown and not any(
        one.kind.value == "embedding" or deciding & one.model.unknown for one in choices.models
    )


RULES = (memory,)

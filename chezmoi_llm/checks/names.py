"""Names: each is there, and none means two models."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.document import is_known
from chezmoi_llm.records import record
from chezmoi_llm.resolve.slugs import slug
from chezmoi_llm.runners import COMMAND
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import CloudModel, LocalModel, Model, Spec
from chezmoi_llm.store import EXAMPLES


def enabled_models(spec: Spec) -> Iterator[Model]:
    """Yield every model that is surely enabled, local ones first."""
    return (model for model in spec.models if model.enabled and "enabled" not in model.unknown)


def incomplete(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A model needs a name and a place that it comes from (LLM104)."""
    for model in spec.models:
        if model.id or "id" in model.unknown:
            continue
        for field in ("name", "command" if _is_command(model) else "model"):
            if not getattr(model, field) and field not in model.unknown:
                said = f"model {shown(model.name)}" if model.name else "this model"
                yield Finding(
                    code="LLM104",
                    path=model.at,
                    message=f"{said} has no {field!r}",
                    hint=f"add a line {field}: {_example(model, field)}",
                )


def _is_command(model: Model) -> bool:
    return isinstance(model, LocalModel) and (model.runner == COMMAND.key or bool(model.command))


def _example(model: Model, field: str) -> str:
    examples = {"name": "qwen3-8b", "command": '[my-server, --port, "${PORT}"]'}
    return examples.get(field, EXAMPLES[model.folder])


def repeated(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Two models have one name (LLM201).

    One name on several servers is one model, and LiteLLM shares the requests out among them.
    """
    certain = (model for model in _named(spec) if "api_base" not in model.unknown)
    for model, other in _again(certain, key=lambda model: (model.name, model.server)):
        elsewhere = isinstance(model, CloudModel) and not model.server
        yield _twice(
            "LLM201",
            model,
            other,
            f"model {shown(model.name)} is there twice",
            ", or write api_base: if another server has the same model" if elsewhere else "",
        )


def similar(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Two names differ only in case (LLM202)."""
    for model, other in _again(_named(spec), key=lambda model: model.name.lower()):
        if model.name != other.name:
            said = f"{shown(model.name)} and {shown(other.name)} differ only in case"
            yield _twice("LLM202", model, other, said)


def container_names(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Two names of local models differ only in punctuation, which a container name has not (LLM203)."""
    local = (model for model in _named(spec) if isinstance(model, LocalModel))
    for model, other in _again(local, key=lambda model: slug(model.name)):
        if model.name.lower() != other.name.lower():
            said = f"{shown(model.name)} and {shown(other.name)} would share the container name"
            yield _twice("LLM203", model, other, f"{said} 'ramalama-{slug(model.name)}'")


def _named(spec: Spec) -> Iterator[Model]:
    return (model for model in enabled_models(spec) if model.name)


def _again(models: Iterable[Model], key: Callable[[Model], Hashable]) -> Iterator[tuple[Model, Model]]:
    """Yield each model whose key an earlier one has, with the first of those."""
    first: dict[Hashable, Model] = {}
    for model in models:
        other = first.setdefault(key(model), model)
        if other is not model:
            yield model, other


def _twice(code: str, model: Model, other: Model, message: str, otherwise: str = "") -> Finding:
    return Finding(
        code=code,
        path=_name_path(model),
        related=_name_path(other),
        message=message,
        hint=f"rename or remove one of them{otherwise}",
    )


def _name_path(model: Model) -> Path:
    """Return the path of a name; in the mapping form the key is the name."""
    return model.path("name") if isinstance(model.at[-1], int) else model.at


@record
class Word:
    """Another name for a model: ``what`` it is, and where it stands."""

    text: str
    what: str
    model: Model
    path: Path

    @property
    def is_key(self) -> bool:
        """Say whether it stands as a key, and not as an item."""
        return self.path[-1] == self.text


def _words(spec: Spec) -> Iterator[Word]:
    """Yield the aliases of each enabled model, and its variants."""
    for model in enabled_models(spec):
        for index, alias in enumerate(model.aliases):
            yield Word(text=alias, what="alias", model=model, path=(*model.path("aliases"), index))
        for name in filter(is_known, model.variants if isinstance(model, LocalModel) else ()):
            yield Word(text=name, what="variant", model=model, path=(*model.path("variants"), name))


def aliases(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """An alias or a variant that is a name, or that two models have (LLM204, LLM205).

    llama-swap lets a name win over an equal alias without a word, and refuses to start where two
    models have one alias.
    """
    names = {model.name: model for model in enabled_models(spec) if model.name}
    first: dict[str, Word] = {}
    for word in _words(spec):
        if word.text in names:
            is_own = names[word.text] is word.model
            said = "its own name" if is_own else "the name of another model"
            yield Finding(
                code="LLM204",
                path=word.path,
                related=_name_path(names[word.text]),
                at_key=word.is_key,
                message=f"{word.what} {shown(word.text)} of {shown(word.model.name)} is {said}",
                hint=f"remove the {word.what}" + ("" if is_own else ", or rename the model"),
            )
        elif word.text and (other := first.setdefault(word.text, word)) is not word:
            is_own = other.model is word.model
            hint = f"remove the {other.what}" if is_own else "keep it on one of the two models"
            yield Finding(
                code="LLM205",
                path=word.path,
                related=other.path,
                at_key=word.is_key,
                message=f"{word.what} {shown(word.text)} belongs to {shown(other.model.name)} already",
                hint=hint,
            )


def similar_aliases(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """An alias or a variant that differs from a word of another model only in case (LLM202)."""
    first: dict[str, tuple[str, Model]] = {}
    for model in enabled_models(spec):
        if model.name:
            first.setdefault(model.name.lower(), (model.name, model))
    for word in _words(spec):
        text, other = first.setdefault(word.text.lower(), (word.text, word.model))
        if word.text and other is not word.model and text != word.text:
            yield Finding(
                code="LLM202",
                path=word.path,
                related=_name_path(other),
                severity=Severity.WARNING,
                at_key=word.is_key,
                message=(
                    f"{word.what} {shown(word.text)} of {shown(word.model.name)} and {shown(text)} of "
                    f"{shown(other.name)} differ only in case"
                ),
                hint="keep one of the two",
            )


RULES = (incomplete, repeated, similar, container_names, aliases, similar_aliases)

"""What a schema cannot say. Each rule is a function of its own in the table of its module."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chezmoi_llm.checks import (
    arguments,
    deprecation,
    extras,
    flags,
    kinds,
    launching,
    lifetimes,
    limits,
    names,
    networks,
    ports,
    references,
    roles,
    runner_args,
    security,
    servers,
    services,
    store,
    uris,
    variables,
)
from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.records import EMPTY, replace
from chezmoi_llm.spec import Model, Spec

RULES: tuple[Callable[[Spec, Choices], Iterator[Finding]], ...] = (
    *names.RULES,
    *store.RULES,
    *deprecation.RULES,
    *references.RULES,
    *kinds.RULES,
    *roles.RULES,
    *launching.RULES,
    *uris.RULES,
    *arguments.RULES,
    *flags.RULES,
    *runner_args.RULES,
    *limits.RULES,
    *extras.RULES,
    *networks.RULES,
    *ports.RULES,
    *services.RULES,
    *servers.RULES,
    *security.RULES,
    *variables.RULES,
    *lifetimes.RULES,
)


def findings(spec: Spec, choices: Choices, before: Mapping[str, Any] = EMPTY) -> Iterator[Finding]:
    """Yield what every rule has to say about an input; ``before`` is the document applied last."""
    looked_up = {model.at: model for model in spec.models if model.stored}
    for rule in RULES:
        yield from (_with_origin(one, looked_up) for one in rule(spec, choices))
    yield from lifetimes.embedding_changed(spec, choices, before)


def _with_origin(finding: Finding, looked_up: Mapping[Path, Model]) -> Finding:
    """Name the file of the model store that says what is wrong: the list has only an ID."""
    for end, field in enumerate(finding.path):
        model = looked_up.get(finding.path[:end])
        if model and field in model.stored:
            return replace(finding, message=f"{finding.message} ({model.entry})")
    return finding

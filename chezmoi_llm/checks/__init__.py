"""What a schema cannot say. Each rule is a function of its own in the table of its module."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chezmoi_llm.checks import (
    flags,
    launching,
    limits,
    names,
    ports,
    references,
    runner_args,
    security,
    services,
)
from chezmoi_llm.choices import Choices, choose
from chezmoi_llm.diagnostics import Finding
from chezmoi_llm.spec import Spec

RULES: tuple[Callable[[Spec, Choices], Iterator[Finding]], ...] = (
    *names.RULES,
    *references.RULES,
    *launching.RULES,
    *flags.RULES,
    *runner_args.RULES,
    *limits.RULES,
    *ports.RULES,
    *services.RULES,
    *security.RULES,
)


def findings(spec: Spec) -> Iterator[Finding]:
    """Yield what every rule has to say about an input."""
    choices = choose(spec)
    for rule in RULES:
        yield from rule(spec, choices)

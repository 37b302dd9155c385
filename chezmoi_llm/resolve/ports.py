"""The port of each model on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from chezmoi_llm.choices import Choices, with_free_port
from chezmoi_llm.resolve.programs import Program
from chezmoi_llm.spec import Spec

PORTS = range(1024, 65536)
"""Ports that a rootless container can publish."""


def model_ports(spec: Spec, choices: Choices, programs: Mapping[str, Program]) -> dict[str, int]:
    """Return the port of each model by name; 0 where it has none, or llama-swap allots one.

    A unit publishes a port where the others cannot reach it by name, on the host, or where the
    person wrote one. A port that several models write counts as not written, see ``with_free_port``.
    """
    free_to_move = with_free_port(choices)
    models = [chosen.model for chosen in choices.models]
    written = {model.name: 0 if model.name in free_to_move else model.port for model in models}
    if spec.stack.services.llama_swap.placement != "host":
        return written
    free = _free(spec, choices, {*written.values(), *_others(spec, programs)})
    return {
        chosen.model.name: written[chosen.model.name] or (next(free) if chosen.has_unit else 0)
        for chosen in choices.models
    }


def _others(spec: Spec, programs: Mapping[str, Program]) -> Iterator[int]:
    yield from (program.published_port for program in programs.values())
    yield from spec.stack.services.caddy.ports.values()


def _free(spec: Spec, choices: Choices, taken: set[int]) -> Iterator[int]:
    """Yield free ports; llama-swap counts up from ``start_port`` for its models, so those come first."""
    swapped = sum(not chosen.has_unit for chosen in choices.models)
    first = min(spec.stack.services.llama_swap.start_port + swapped, PORTS.stop)
    return (port for port in chain(range(first, PORTS.stop), PORTS) if port not in taken)

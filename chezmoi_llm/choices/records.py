"""What is chosen for each model and for the stack, and why; the parts that a model can play."""

from __future__ import annotations

from collections.abc import Mapping

from chezmoi_llm.choices.own_units import UNIT
from chezmoi_llm.choices.successors import Successor
from chezmoi_llm.records import record
from chezmoi_llm.runners import RUNNERS, Runner
from chezmoi_llm.spec import CloudModel, Group, LocalModel

KIND_ROLES = ("embedding", "rerank", "transcription")
"""Roles that a model plays by being of that kind."""

CHOSEN_ROLES = ("chat", "task", *KIND_ROLES)
"""Roles that one model is chosen for, under ``llm_stack.<role>_model``."""

ROLES = (*CHOSEN_ROLES, "vision")


@record
class Choice:
    """A value, where it comes from (written, defaults, default, role, derived) and why."""

    value: str
    source: str
    why: str = ""


@record
class Chosen:
    """An enabled local model with what was chosen for it.

    ``has_unit``: systemd starts it, by a unit of its own; llama-swap starts the others.
    ``may_have_unit`` is true also where only rendering the template can tell.
    """

    model: LocalModel
    kind: Choice
    runner: Choice
    roles: tuple[str, ...]
    group: Choice
    resident: bool
    has_unit: bool
    may_have_unit: bool

    @property
    def program(self) -> Runner:
        """What starts it."""
        return UNIT if self.has_unit else RUNNERS[self.runner.value]


@record
class Choices:
    """All choices of a stack; ``roles`` maps each role to its one model, or to an empty value.

    ``successors`` are what replaces the models that are deprecated, by the names of these.
    """

    models: tuple[Chosen, ...]
    cloud_models: tuple[CloudModel, ...]
    roles: Mapping[str, Choice]
    groups: tuple[Group, ...]
    successors: Mapping[str, Successor]

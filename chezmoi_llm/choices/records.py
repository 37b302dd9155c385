"""What is chosen for each model and for the stack, and why; the parts that a model can play."""

from __future__ import annotations

from collections.abc import Mapping

from chezmoi_llm.choices.own_units import UNIT
from chezmoi_llm.formats import PORT
from chezmoi_llm.records import record
from chezmoi_llm.runners import RUNNERS, Runner
from chezmoi_llm.spec import CloudModel, Group, LocalModel, Model

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
    def starter(self) -> Runner:
        """What starts it: its runner, or a unit of its own."""
        return UNIT if self.has_unit else RUNNERS[self.runner.value]

    @property
    def has_fixed_port(self) -> bool:
        """Say whether the person's own command listens on the port that the model writes, and no other."""
        return self.starter.is_theirs and not any(PORT in word for word in self.model.command)


@record
class Successor:
    """What replaces one deprecated model.

    ``chain`` are the models that replace it, one after the other, by name or by ID; the last is the
    one to use. ``served`` is the last of them that is an enabled model of the list, by its name.
    ``circle``: the chain leads back to where it came from. ``lost`` is where it breaks off: a name
    that neither the list nor the store knows, or that of a model for something else (``other_kind``).
    """

    model: Model
    chain: tuple[str, ...] = ()
    served: str = ""
    circle: bool = False
    lost: str = ""
    other_kind: str = ""


@record
class Choices:
    """All choices of a stack; ``roles`` maps each role to its one model, or to an empty value.

    ``cloud_kinds`` says what each cloud model is for, by its name. ``successors`` are what replaces the
    models that are deprecated, by the names of these.
    """

    models: tuple[Chosen, ...]
    cloud_models: tuple[CloudModel, ...]
    cloud_kinds: Mapping[str, str]
    roles: Mapping[str, Choice]
    groups: tuple[Group, ...]
    successors: Mapping[str, Successor]

    @property
    def local_models(self) -> tuple[LocalModel, ...]:
        """The enabled local models, without what was chosen for them."""
        return tuple(one.model for one in self.models)

    @property
    def kinds(self) -> Mapping[str, str]:
        """What each enabled model is for, by its name."""
        return {**self.cloud_kinds, **{one.model.name: one.kind.value for one in self.models}}

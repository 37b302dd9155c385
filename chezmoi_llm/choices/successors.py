"""What replaces a deprecated model, through as many replacements as there are."""

from __future__ import annotations

from chezmoi_llm.choices.kinds import kind_of
from chezmoi_llm.choices.records import Successor
from chezmoi_llm.records import record
from chezmoi_llm.spec import Model, Spec
from chezmoi_llm.store import FOLDERS, Entry, kinds


def successors(spec: Spec) -> dict[str, Successor]:
    """Return what replaces each enabled model that is deprecated, by its name.

    Only a person can replace a local model by a cloud model: where the store says what replaces it,
    that is of the same kind, so that no prompt leaves the machine for what a store says.
    """
    models = [model for model in spec.models if model.enabled and model.name]
    return {
        model.name: _Search(spec=spec, model=model, models=tuple(models)).successor()
        for model in models
        if is_deprecated(model)
    }


def is_deprecated(model: Model) -> bool:
    """Say whether a model should no longer be used; who writes ``deprecated: false`` knows better."""
    return model.deprecated if model.is_given("deprecated") else bool(model.replaced_by)


@record
class _Search:
    """The search for what replaces one of the models."""

    spec: Spec
    model: Model
    models: tuple[Model, ...]

    def successor(self) -> Successor:
        model, known = self.model, self._known()
        seen = {model.name, model.id} - {""}
        chain: list[str] = []
        circle, other_kind, name = False, "", model.replaced_by
        while name and not circle:
            found = known.get(name) or self._entry(name)
            circle, other_kind = name in seen, self._other_kind(found)
            if not found or other_kind:
                break
            if not circle:
                chain.append(name)
                seen.add(name)
                name = found.replaced_by
        served = [] if circle else [known[name].name for name in chain if name in known]
        return Successor(
            model=model,
            chain=tuple(chain),
            served=served[-1] if served else "",
            circle=circle,
            lost="" if circle else name,
            other_kind=other_kind,
        )

    def _other_kind(self, found: Model | Entry | None) -> str:
        """Return the kind of a possible replacement where it is not that of the model."""
        if found is None:
            return ""
        stack = self.spec.stack
        kind = kinds.kind_of(found) if isinstance(found, Entry) else kind_of(found, stack).value
        return kind if kind != kind_of(self.model, stack).value else ""

    @property
    def _is_persons(self) -> bool:
        return "replaced_by" in self.model.written

    def _known(self) -> dict[str, Model]:
        """Return the models of the list that may replace it, by name and by ID."""
        able = [one for one in self.models if self._is_persons or type(one) is type(self.model)]
        by_id = {one.id: one for one in reversed(able) if one.id}
        return by_id | {one.name: one for one in able}

    def _entry(self, name: str) -> Entry | None:
        """Return the entry that may replace it, of its own folder before the other one."""
        own = self.model.folder
        others = [folder for folder in FOLDERS if folder != own and self._is_persons]
        found = (self.spec.stock.entries.get((folder, name)) for folder in (own, *others))
        return next((entry for entry in found if entry), None)

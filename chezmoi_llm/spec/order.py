"""The fields of a record in the order of the schema, which the document and the pages about it follow."""

from __future__ import annotations

from collections.abc import Mapping

from chezmoi_llm import schema
from chezmoi_llm.records import fields
from chezmoi_llm.spec.models import CloudModel, LocalModel
from chezmoi_llm.spec.stack import Group, Network
from chezmoi_llm.spec.written import Written

_DEFINITIONS: Mapping[type[Written], str] = {
    LocalModel: "local_model",
    CloudModel: "cloud_model",
    Group: "group",
    Network: "network",
}


def _ordered(kind: type[Written], definition: str) -> tuple[str, ...]:
    own = fields(kind)[len(fields(Written)) :]
    known = schema.properties(definition)
    # a group is written below its name, which is no field of the schema then
    return (*(name for name in own if name not in known), *(name for name in known if name in own))


_FIELDS: Mapping[type[Written], tuple[str, ...]] = {
    kind: _ordered(kind, definition) for kind, definition in _DEFINITIONS.items()
}


def ordered_fields(kind: type[Written]) -> tuple[str, ...]:
    """Return the names of the fields that a person can write; where a record stands is none of them."""
    return _FIELDS[kind]

"""Builds the records from data that has passed the schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from chezmoi_llm import schema
from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import is_known
from chezmoi_llm.records import record, replace
from chezmoi_llm.spec.lists import entries, is_open, lists
from chezmoi_llm.spec.models import CloudModel, LocalModel
from chezmoi_llm.spec.services import SERVICES, Provider, Services
from chezmoi_llm.spec.stack import Group, Network, Spec, Stack
from chezmoi_llm.spec.values import defaulted, fields, mapping, part, ports, unknown_fields, whence
from chezmoi_llm.spec.written import DATA, Written
from chezmoi_llm.store import NO_STOCK, Entry, Stock

Record = TypeVar("Record", bound=Written)


def build(data: Mapping[str, Any], stock: Stock = NO_STOCK) -> Spec:
    """Return the input as records; ``data`` is the config file, and has passed the schema.

    A value that broke the schema must have been replaced by UNKNOWN (see :func:`without`). ``stock``
    has the entries of the store that the models ask for.
    """
    own = mapping(data.get("data"))
    both = lists(own)
    stack = part(own, "llm_stack")
    defaults = _defaults(part(stack, "defaults"))
    groups = frozenset(mapping(stack.get("groups")))
    local_path, local = both["local"]
    cloud_path, cloud = both["cloud"]
    tailscale = part(own, "tailscale")
    names = fields("tailscale", tailscale)
    return Spec(
        local_models=tuple(
            _local_model(raw, path, stock.entries.get(("local", raw.get("id", ""))), defaults, groups)
            for raw, path in entries(local, local_path)
        ),
        cloud_models=tuple(
            _cloud_model(raw, path, stock.entries.get(("cloud", raw.get("id", ""))))
            for raw, path in entries(cloud, cloud_path)
        ),
        stack=_stack(stack, (*DATA, "llm_stack")),
        published_ports=ports("published_ports", part(own, "published_ports")),
        hostname=names.get("hostname", ""),
        tailnet=names.get("tailnet", ""),
        is_open=is_open(stack) or is_open(local) or is_open(cloud),
        is_named_later=not all(map(is_known, (*tailscale, *tailscale.values()))),
        stock=stock,
    )


_EMPTY: Mapping[str, Any] = {
    "name": "",
    "id": "",
    "model": "",
    "enabled": False,
    "published_port": 0,
    "health_check_timeout": 0,
}
"""Fields without a default in the schema: they have to be written, or are chosen later."""


def _record(
    kind: Callable[..., Record], definition: str, raw: Mapping[str, Any], at: Path, /, **more: Any
) -> Record:
    values = {field: _EMPTY[field] for field in schema.properties(definition) if field in _EMPTY}
    values |= defaulted(definition, raw) | more
    return kind(**whence(definition, raw, at), **values)


@record
class _Defaults:
    """The fields that every local model inherits; of the ``unknown`` ones only rendering can tell."""

    values: Mapping[str, Any]
    unknown: frozenset[str]


def _defaults(raw: Mapping[str, Any]) -> _Defaults:
    return _Defaults(values=fields("local_model", raw), unknown=unknown_fields("local_model", raw))


def _local_model(
    raw: Mapping[str, Any], at: Path, entry: Entry | None, defaults: _Defaults, groups: frozenset[str]
) -> LocalModel:
    """Build a model: what is written on it counts before its entry, and that before the defaults.

    The group of an entry is one of somebody else's stack, and counts where ``groups`` has it.
    """
    stored = _stored("local_model", raw, entry)
    if stored.get("group", "") not in groups:
        stored.pop("group", None)
    own = {**stored, **fields("local_model", raw)}
    inherited = {field: value for field, value in defaults.values.items() if field not in own}
    model = _record(
        LocalModel,
        "local_model",
        raw,
        at,
        inherited=frozenset(inherited),
        **_origin(stored, entry),
        **inherited,
        **stored,
    )
    unknown = defaults.unknown - own.keys()
    return replace(model, unknown=model.unknown | unknown) if unknown else model


def _cloud_model(raw: Mapping[str, Any], at: Path, entry: Entry | None) -> CloudModel:
    stored = _stored("cloud_model", raw, entry)
    prices = fields("pricing", mapping(stored.get("pricing"))) | fields(
        "pricing", mapping(raw.get("pricing"))
    )
    values = stored | {"pricing": {**schema.defaults("pricing"), **prices}}
    return _record(CloudModel, "cloud_model", raw, at, **_origin(stored, entry), **values)


def _stored(definition: str, raw: Mapping[str, Any], entry: Entry | None) -> dict[str, Any]:
    """Return the fields that a model has from its entry: those that are not written on it."""
    if entry is None:
        return {}
    own = fields(definition, raw)
    known = {"name": entry.id, **fields(definition, entry.fields)}
    return {field: value for field, value in known.items() if field not in own}


def _origin(stored: Mapping[str, Any], entry: Entry | None) -> dict[str, Any]:
    return {"stored": frozenset(stored), "entry": entry.file if entry else ""}


def _stack(raw: Mapping[str, Any], at: Path) -> Stack:
    groups = tuple(
        _record(Group, "group", mapping(group), (*at, "groups", name), name=name)
        for name, group in mapping(raw.get("groups")).items()
        if is_known(name)
    )
    plain = {key: value for key, value in raw.items() if key not in {"groups", "network", "services"}}
    values = defaulted("llm_stack", plain)
    values.pop("defaults", None)
    values["groups"] = groups
    values["network"] = _record(Network, "network", part(raw, "network"), (*at, "network"))
    values["services"] = _services(part(raw, "services"), (*at, "services"))
    return Stack(**whence("llm_stack", raw, at), **values)


def _services(raw: Mapping[str, Any], at: Path) -> Services:
    spelling = {key: other for other, key in schema.synonyms("services").items() if other in raw}
    written = {key: spelling.get(key, key) for key in SERVICES}
    inside = {"litellm": {"providers": _providers(mapping(raw.get("litellm")), (*at, "litellm"))}}
    services: dict[str, Any] = {
        key: _record(kind, key, part(raw, written[key]), (*at, written[key]), **inside.get(key, {}))
        for key, kind in SERVICES.items()
    }
    return Services(**services)


def _providers(litellm: Mapping[str, Any], at: Path) -> tuple[Provider, ...]:
    return tuple(
        _record(Provider, "litellm_provider", mapping(limits), (*at, "providers", name), name=name)
        for name, limits in mapping(litellm.get("providers")).items()
        if is_known(name) and not name.startswith("x-")
    )

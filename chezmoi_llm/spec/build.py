"""Builds the records from data that has passed the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from chezmoi_llm import schema
from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.document import UNKNOWN, is_known
from chezmoi_llm.records import EMPTY, replace
from chezmoi_llm.spec.lists import entries, is_open, lists
from chezmoi_llm.spec.models import CloudModel, LocalModel
from chezmoi_llm.spec.services import SERVICES, Provider, Services
from chezmoi_llm.spec.stack import Group, Network, Spec, Stack
from chezmoi_llm.spec.written import DATA, Pairs, Scalar, Sections, Written
from chezmoi_llm.store import NO_STOCK, Entry, Stock

Record = TypeVar("Record", bound=Written)


def build(data: Mapping[str, Any], stock: Stock = NO_STOCK) -> Spec:
    """Return the input as records; ``data`` is the config file, and has passed the schema.

    A value that broke the schema must have been replaced by UNKNOWN (see :func:`without`). ``stock``
    has the entries of the store that the models ask for.
    """
    own = _mapping(data.get("data"))
    both = lists(own)
    stack = _part(own, "llm_stack")
    defaults = _part(stack, "defaults")
    inherited = _fields("local_model", defaults), _unknown("local_model", defaults)
    groups = frozenset(_mapping(stack.get("groups")))
    local_path, local = both["local"]
    cloud_path, cloud = both["cloud"]
    network_name = _part(own, "tailscale")
    tailscale = _fields("tailscale", network_name)
    return Spec(
        local_models=tuple(
            _local_model(raw, path, stock.entries.get(("local", raw.get("id", ""))), inherited, groups)
            for raw, path in entries(local, local_path)
        ),
        cloud_models=tuple(
            _cloud_model(raw, path, stock.entries.get(("cloud", raw.get("id", ""))))
            for raw, path in entries(cloud, cloud_path)
        ),
        stack=_stack(stack, (*DATA, "llm_stack")),
        published_ports=_ports("published_ports", _part(own, "published_ports")),
        hostname=tailscale.get("hostname", ""),
        tailnet=tailscale.get("tailnet", ""),
        is_open=is_open(stack) or is_open(local) or is_open(cloud),
        is_named_later=not all(map(is_known, (*network_name, *network_name.values()))),
        stock=stock,
    )


def without(data: Any, findings: Iterable[Finding]) -> Any:
    """Return the data with each value that a finding is about replaced by UNKNOWN.

    Of an error the key goes with it if it is a secret, or has the name of what was meant. A note is
    about what is not there.
    """
    for finding in findings:
        is_error = finding.severity is Severity.ERROR
        if finding.severity is Severity.NOTE:
            data = _without_key(data, finding.path)
        elif is_error and finding.at_key and (finding.is_secret or finding.mend):
            data = _without_key(data, finding.path, {finding.mend or UNKNOWN: UNKNOWN})
        else:
            data = _replaced(data, finding.path, UNKNOWN)
    return data


def _without_key(data: Any, path: Path, meant: Mapping[Any, Any] = EMPTY) -> Any:
    """Return the data without a key, and with what was ``meant`` by it, if nothing else is there."""
    around = data
    for step in path[:-1]:
        around = around[step]
    others = {key: value for key, value in around.items() if key != path[-1]}
    return _replaced(data, path[:-1], {**meant, **others})


def _replaced(data: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    if isinstance(data, dict) and path[0] in data:
        return {**data, path[0]: _replaced(data[path[0]], path[1:], new)}
    if isinstance(data, list) and isinstance(path[0], int):
        return [_replaced(v, path[1:], new) if i == path[0] else v for i, v in enumerate(data)]
    return data


def _mapping(value: Any) -> Mapping[Any, Any]:
    """Return a value as a mapping; one that only rendering can tell may have any keys."""
    if not is_known(value):
        return {UNKNOWN: UNKNOWN}
    return value if isinstance(value, dict) else {}


def _part(raw: Mapping[Any, Any], key: str) -> Mapping[Any, Any]:
    """Return the mapping at a key, which rendering may add where it may add any."""
    return _mapping(raw.get(key, _absent(raw)))


def _absent(raw: Mapping[Any, Any]) -> Any:
    """Return what a key has that is not written: nothing, or what rendering may give it."""
    return UNKNOWN if UNKNOWN in raw else None


def _fields(definition: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the known, written fields of a mapping under their own names, converted."""
    other = schema.synonyms(definition)
    known = schema.properties(definition)
    return {
        field: _CONVERT.get(field, _plain)(value)
        for key, value in raw.items()
        if is_known(key) and (field := other.get(key, key)) in known and is_known(value)
    }


def _defaulted(definition: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {key: _CONVERT.get(key, _plain)(v) for key, v in schema.defaults(definition).items()}
    return {**defaults, **_fields(definition, raw)}


def _ports(definition: str, raw: Mapping[Any, Any]) -> dict[str, int]:
    """Return the port of each service; 0 is one that only rendering can tell."""
    known = _defaulted(definition, raw)
    return {key: port if is_known(raw.get(key, _absent(raw))) else 0 for key, port in known.items()}


def _written(definition: str, raw: Mapping[Any, Any], at: Path) -> dict[str, Any]:
    other = schema.synonyms(definition)
    spelling = {other.get(key, key): key for key in raw if is_known(key)}
    unknown = _unknown(definition, raw)
    return {"at": at, "written": spelling, "unknown": unknown, "rows": _rows(raw.get("env"))}


def _unknown(definition: str, raw: Mapping[Any, Any]) -> frozenset[str]:
    """Return the fields of which only rendering can tell the value, or whether they are there."""
    other = schema.synonyms(definition)
    unknown = frozenset(
        other.get(key, key) for key, held in raw.items() if is_known(key) and not _is_whole(held)
    )
    if UNKNOWN not in raw:
        return unknown
    return unknown | (schema.properties(definition).keys() - {other.get(key, key) for key in raw})


def _is_whole(value: Any) -> bool:
    """Say whether a value, with each item and key in it, is known before the template is rendered."""
    if isinstance(value, list):
        return all(map(is_known, value))
    return is_known(value) and not (isinstance(value, dict) and UNKNOWN in value)


def _rows(env: Any) -> dict[str, int]:
    items = enumerate(env if isinstance(env, list) else ())
    return {item.partition("=")[0]: index for index, item in items if is_known(item)}


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
    values |= _defaulted(definition, raw) | more
    return kind(**_written(definition, raw, at), **values)


def _local_model(
    raw: Mapping[str, Any],
    at: Path,
    entry: Entry | None,
    inherited: tuple[Mapping[str, Any], frozenset[str]],
    groups: frozenset[str],
) -> LocalModel:
    """Build a model: what is written on it counts before its entry, that before what is ``inherited``.

    That is the fields of the defaults, and those of them that only rendering can tell.

    The group of an entry is one of somebody else's stack, and counts where ``groups`` has it.
    """
    stored = _stored("local_model", raw, entry)
    if stored.get("group", "") not in groups:
        stored.pop("group", None)
    own = {**stored, **_fields("local_model", raw)}
    handed = {field: value for field, value in inherited[0].items() if field not in own}
    model = _record(
        LocalModel,
        "local_model",
        raw,
        at,
        inherited=frozenset(handed),
        **_origin(stored, entry),
        **handed,
        **stored,
    )
    unknown = inherited[1] - own.keys()
    return replace(model, unknown=model.unknown | unknown) if unknown else model


def _cloud_model(raw: Mapping[str, Any], at: Path, entry: Entry | None) -> CloudModel:
    stored = _stored("cloud_model", raw, entry)
    prices = _fields("pricing", _mapping(stored.get("pricing"))) | _fields(
        "pricing", _mapping(raw.get("pricing"))
    )
    values = stored | {"pricing": {**schema.defaults("pricing"), **prices}}
    return _record(CloudModel, "cloud_model", raw, at, **_origin(stored, entry), **values)


def _stored(definition: str, raw: Mapping[str, Any], entry: Entry | None) -> dict[str, Any]:
    """Return the fields that a model has from its entry: those that are not written on it."""
    if entry is None:
        return {}
    own = _fields(definition, raw)
    fields = {"name": entry.id, **_fields(definition, entry.fields)}
    return {field: value for field, value in fields.items() if field not in own}


def _origin(stored: Mapping[str, Any], entry: Entry | None) -> dict[str, Any]:
    return {"stored": frozenset(stored), "entry": entry.file if entry else ""}


def _stack(raw: Mapping[str, Any], at: Path) -> Stack:
    groups = tuple(
        _record(Group, "group", _mapping(group), (*at, "groups", name), name=name)
        for name, group in _mapping(raw.get("groups")).items()
        if is_known(name)
    )
    plain = {key: value for key, value in raw.items() if key not in {"groups", "network", "services"}}
    values = _defaulted("llm_stack", plain)
    values.pop("defaults", None)
    values["groups"] = groups
    values["network"] = _record(Network, "network", _part(raw, "network"), (*at, "network"))
    values["services"] = _services(_part(raw, "services"), (*at, "services"))
    return Stack(**_written("llm_stack", raw, at), **values)


def _services(raw: Mapping[str, Any], at: Path) -> Services:
    spelling = {key: other for other, key in schema.synonyms("services").items() if other in raw}
    written = {key: spelling.get(key, key) for key in SERVICES}
    inside = {"litellm": {"providers": _providers(_mapping(raw.get("litellm")), (*at, "litellm"))}}
    services: dict[str, Any] = {
        key: _record(kind, key, _part(raw, written[key]), (*at, written[key]), **inside.get(key, {}))
        for key, kind in SERVICES.items()
    }
    return Services(**services)


def _providers(litellm: Mapping[str, Any], at: Path) -> tuple[Provider, ...]:
    return tuple(
        _record(Provider, "litellm_provider", _mapping(limits), (*at, "providers", name), name=name)
        for name, limits in _mapping(litellm.get("providers")).items()
        if is_known(name) and not name.startswith("x-")
    )


def _plain(value: Any) -> Any:
    """Return a value as it stands in a record; an unknown item of a list is empty, and keeps its place."""
    return tuple(item if is_known(item) else "" for item in value) if isinstance(value, list) else value


def _words(value: str) -> str:
    """Return the lines of a text, such as those of a block of YAML, as one."""
    return " ".join(filter(None, map(str.strip, value.split("\n")))) if "\n" in value else value


def _pairs(value: Any) -> Pairs:
    if isinstance(value, dict):
        return tuple((key, str(v)) for key, v in value.items() if is_known(key) and is_known(v))
    return tuple((k, v) for k, _, v in (item.partition("=") for item in value if is_known(item)))


def _switch(value: Scalar) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _sections(value: Mapping[str, Any]) -> Sections:
    return tuple(
        (section, tuple((key, _unit_values(v)) for key, v in keys.items() if is_known(v)))
        for section, keys in value.items()
        if is_known(section) and isinstance(keys, dict) and not section.startswith("x-")
    )


def _unit_values(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(str(v).lower() if isinstance(v, bool) else str(v) for v in values if is_known(v))


_CONVERT: Mapping[str, Callable[[Any], Any]] = {
    "description": _words,
    "display_name": _words,
    "env": _pairs,
    "secrets": _pairs,
    "sites": _pairs,
    "ports": partial(_ports, "caddy_ports"),
    "names": partial(_defaulted, "caddy_names"),
    "router_settings": partial(_fields, "litellm_router"),
    "ngl": str,
    "flash_attn": _switch,
    "temp": str,
    "top_p": str,
    "top_k": str,
    "min_p": str,
    "extra": _sections,
}
"""How a field's value becomes the one type that it has in a record; lists become tuples."""

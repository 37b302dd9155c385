"""Where each value of a model comes from, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chezmoi_llm.choices import Choice
from chezmoi_llm.records import record, replace
from chezmoi_llm.resolve import House, ServedModel
from chezmoi_llm.spec import CloudModel, LocalModel, Model, ordered_fields

_COMPLETED = {"roles": "its kind, and llm_stack", "capabilities": "its kind"}
"""Lists that what follows from other values is added to."""


@record
class Reason:
    """One value: ``source`` is written, store, defaults, default, role or derived."""

    field: str
    value: Any
    source: str
    why: str = ""


def reasons(one: ServedModel, house: House) -> Iterator[Reason]:
    """Yield every value of a model with its source, in the order of the schema, commands last."""
    for name in ordered_fields(LocalModel):
        yield _reason(name, one)
    yield from _roles(one.model.name, house)
    runner = "its unit" if one.has_unit else f"{one.model.runner} in placement {house.placement}"
    derived: tuple[tuple[str, Any, str], ...] = (
        ("slug", one.slug, "the name in lower case, other characters as dashes"),
        ("container_name", one.container_name, "ramalama- and the slug"),
        ("resident", one.resident, _resident_why(one)),
        ("proxy", one.proxy, _proxy_why(one, runner)),
        ("cmd", one.cmd, f"{runner}, with the values above"),
        ("cmd_stop", one.cmd_stop, _stop_why(one)),
        ("url", one.url, _url_why(one)),
    )
    for name, value, why in derived:
        yield Reason(field=name, value=value, source="derived", why=why)


_CLOUD_FOLLOWS = {
    "display_name": "its name",
    "provider": "the part of model before the slash",
    "api_key_env": "where LiteLLM looks for the key of the provider",
}
"""Values of a cloud model that follow from others where nobody wrote them."""
_WITHOUT_KEY = "the provider asks for none, or OpenAI's would go to another server"


def cloud_reasons(model: CloudModel, house: House) -> Iterator[Reason]:
    """Yield every value of a cloud model with its source, in the order of the schema, roles last."""
    for field in ordered_fields(CloudModel):
        said = _said(field, model)
        why = _CLOUD_FOLLOWS.get(field, "") if said.source == "default" else ""
        why = _WITHOUT_KEY if why and field == "api_key_env" and not said.value else why
        yield replace(said, source="derived", why=why) if why else said
    yield from _roles(model.name, house)


def _reason(field: str, one: ServedModel) -> Reason:
    value = getattr(one.model, field)
    choice = one.choices.get(field, Choice(value="", source=""))
    if choice.source and choice.source != "written":
        return Reason(field=field, value=value, source=choice.source, why=choice.why)
    said = _said(field, one.model)
    if said.source != "default":
        return said
    if field in _COMPLETED and value:
        return Reason(field=field, value=value, source="derived", why=_COMPLETED[field])
    return Reason(field=field, value=value, source="default", why=choice.why)


def _said(field: str, model: Model) -> Reason:
    """Return the value of a field with who said it: the person, the store, or the defaults."""
    value = getattr(model, field)
    if field in model.written:
        spelled = model.written[field]
        why = f"as {spelled}" if spelled != field else ""
        return Reason(field=field, value=value, source="written", why=why)
    if field == "name" and value == model.id:
        return Reason(field=field, value=value, source="derived", why="its ID")
    if field in model.stored:
        return Reason(field=field, value=value, source="store", why=model.entry)
    if field in model.inherited:
        return Reason(field=field, value=value, source="defaults", why="from llm_stack.defaults")
    return Reason(field=field, value=value, source="default")


def _roles(model: str, house: House) -> Iterator[Reason]:
    for role, choice in house.role_choices.items():
        if choice.value == model:
            why = choice.why or "in llm_stack"
            yield Reason(field=f"{role}_model", value=model, source=choice.source, why=why)


def _proxy_why(one: ServedModel, runner: str) -> str:
    return "none: llama-swap has no part in it" if one.has_unit else f"where llama-swap reaches {runner}"


def _url_why(one: ServedModel) -> str:
    if one.has_unit and not one.model.port:
        return "where containers on the network ask for it; port: lets programs on this machine ask too"
    return "where programs on this machine ask for it"


def _resident_why(one: ServedModel) -> str:
    if one.has_unit:
        return "it runs as long as its unit does"
    if one.resident:
        return f"its group {one.model.group!r} keeps its members loaded"
    return "loaded on demand, unloaded after ttl or for another model"


def _stop_why(one: ServedModel) -> str:
    sender = "systemd" if one.has_unit else "llama-swap"
    return "run by llama-swap to unload it" if one.cmd_stop else f"none: {sender} sends SIGTERM"

"""The whole way through the core: from the data of a config file to the document of the templates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm import checks, schema, spec
from chezmoi_llm.checks import keys, secrets
from chezmoi_llm.choices import Choices, choose
from chezmoi_llm.choices.own_units import has_units
from chezmoi_llm.diagnostics import Finding, Severity
from chezmoi_llm.records import EMPTY, fields, record, replace
from chezmoi_llm.resolve import House, Program, Secret, ServedModel, resolve
from chezmoi_llm.spec import Spec, Written, ordered_fields
from chezmoi_llm.store import NO_STOCK, Stock
from chezmoi_llm.targets import FILES, SOURCES, TARGETS

SCHEMA_VERSION = 1
"""Version of the expanded document; within one, fields are only added."""


@record
class Expansion:
    """What came of an input: the document, or None where a finding is an error.

    ``sources`` are the files that come without a template: text by name, by folder below the home.
    """

    document: dict[str, Any] | None
    findings: tuple[Finding, ...]
    sources: Mapping[str, Mapping[str, str]] = EMPTY


@record
class Judged:
    """An input as records, what follows from it, and all that is wrong with it."""

    spec: Spec
    choices: Choices
    findings: tuple[Finding, ...]


def judge(data: Mapping[str, Any], before: Mapping[str, Any] = EMPTY, *, stock: Stock = NO_STOCK) -> Judged:
    """Return the input as records, with every finding of the schema and of the checks.

    ``before`` is the document that was applied last, if there is one; ``stock`` has the entries of the
    model store that the input asks for.
    """
    if data.get("data", EMPTY) is None:  # nothing is written below it yet
        data = {key: value for key, value in data.items() if key != "data"}
    first = (*secrets.findings(data), *keys.one_model(data))
    clean = spec.without(data, first)
    broken = (*schema.findings(clean), *keys.findings(clean))
    written = spec.build(spec.without(clean, broken), stock)
    choices = choose(written)
    findings = (*first, *broken, *checks.findings(written, choices, before))
    return Judged(spec=written, choices=choices, findings=findings)


def if_asked(written: Spec) -> Spec:
    """Return the input, with the stack off where no model is listed and ``llm_stack`` says nothing.

    So it is while a person has the templates, but not yet the lines for the config template: they
    want no service started.
    """
    if written.local_models or written.cloud_models or written.stack.written or written.is_open:
        return written
    return replace(written, stack=replace(written.stack, enabled=False))


def expand(
    data: Mapping[str, Any],
    before: Mapping[str, Any] = EMPTY,
    *,
    stock: Stock = NO_STOCK,
    is_config: bool = False,
) -> Expansion:
    """Expand the data of a config file: a mapping whose ``data`` key holds the person's lists.

    ``before`` and ``stock`` are as in judge. ``is_config`` says that it is the file of a person's
    chezmoi, in which nothing may stand yet.
    """
    judged = judge(data, before, stock=stock)
    if any(finding.severity is Severity.ERROR for finding in judged.findings):
        return Expansion(document=None, findings=judged.findings)
    house = resolve(if_asked(judged.spec) if is_config else judged.spec, judged.choices)
    return Expansion(document=document(house), findings=judged.findings, sources=sources(house))


def document(house: House) -> dict[str, Any]:
    """Return the expanded document, what templates read as ``.llm``."""
    return dict(parts(house))


def sources(house: House) -> dict[str, Mapping[str, str]]:
    """Return the files that come without a template, by folder below the home and by name."""
    return {made.folder: made.texts(house) for made in SOURCES}


def parts(house: House) -> Iterator[tuple[str, Any]]:
    """Yield the expanded document key by key, to be written while it is made.

    Of a long list only one view is in memory then: the models, or what one target system is told.
    """
    yield "schema_version", SCHEMA_VERSION
    yield "error", ""
    yield "enabled", house.settings.enabled
    yield from _models(house)
    yield from _stack(house).items()
    yield from _targets(house)


def _models(house: House) -> Iterator[tuple[str, Any]]:
    local = [_local_model(one) for one in house.local_models]
    yield "local_models", local
    yield "model", {model["name"]: model for model in local}
    yield "cloud_models", [_fields(model) for model in house.cloud_models]


def _stack(house: House) -> dict[str, Any]:
    return {
        **{f"{role}_model": name for role, name in house.chosen.items()},
        "roles": {role: list(names) for role, names in house.roles.items()},
        "groups": {group.name: _fields(group) for group in house.groups},
        "accelerator": house.settings.accelerator,
        "services": _services(house),
        "files": {name: file.is_there(house) for name, file in FILES.items()},
        "urls": {key: program.url for key, program in house.programs.items()},
        "ports": {key: program.published_port for key, program in house.programs.items()},
        "tailscale_name": house.tailscale_name,
        "network": _fields(house.settings.network),
        "slice": house.settings.slice,
        "wanted_by": house.settings.wanted_by,
        "store": list(house.settings.store),
        "secrets": [_secret(secret) for secret in house.secrets],
    }


def _targets(house: House) -> Iterator[tuple[str, Any]]:
    fingerprints = {}
    for target in TARGETS:
        told = target.emit(house)
        fingerprints[target.key] = _fingerprint(told)
        yield target.key, told
    yield "fingerprints", fingerprints


def error_document(message: str) -> dict[str, Any]:
    """Return a complete document that stops every shipped template with ``message``.

    All files are there, so that no template removes its file before it comes to the message.
    """
    empty = document(resolve(_NOTHING, choose(_NOTHING)))
    return empty | {"error": message, "files": dict.fromkeys(empty["files"], True)}


_NOTHING = spec.build({})


def _fields(record: Written) -> dict[str, Any]:
    return {name: _plain(getattr(record, name)) for name in ordered_fields(type(record))}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, dict) else value


def _local_model(one: ServedModel) -> dict[str, Any]:
    return _fields(one.model) | {
        "env": dict(one.model.env),
        "slug": one.slug,
        "container_name": one.container_name,
        "proxy": one.proxy,
        "cmd_argv": list(one.cmd_argv),
        "cmd": one.cmd,
        "cmd_stop_argv": list(one.cmd_stop_argv),
        "cmd_stop": one.cmd_stop,
        "resident": one.resident,
        "url": one.url,
    }


def _services(house: House) -> dict[str, Any]:
    shared = {key: _program(program) for key, program in house.programs.items()}
    llama_swap = house.settings.services.llama_swap
    ramalama = house.settings.services.ramalama
    shared["llama_swap"] |= {"placement": llama_swap.placement, "api_key": llama_swap.api_key}
    shared["llama_swap"] |= {"models_dir": llama_swap.models_dir}
    shared["ramalama"] |= {"install": ramalama.install, "units": has_units(house.settings)}
    shared["ramalama"] |= {"store": ramalama.store}
    return shared


def _program(program: Program) -> dict[str, Any]:
    return {name: getattr(program, name) for name in fields(program) if name != "key"}


def _secret(secret: Secret) -> dict[str, Any]:
    return {name: _plain(getattr(secret, name)) for name in fields(secret)}


def _fingerprint(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()

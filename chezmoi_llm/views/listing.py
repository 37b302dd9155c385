"""The models of a stack as a table, as data for programs, and what to type next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chezmoi_llm.choices import kind_of
from chezmoi_llm.records import record
from chezmoi_llm.resolve import House, ServedModel
from chezmoi_llm.runners import RUNNERS
from chezmoi_llm.spec import CloudModel, LocalModel, Spec

CLOUD = "cloud"
"""What stands for the kind of a model that a provider runs."""


CHOSEN = "*"
"""What marks a role for which the model is the one that is asked."""

LEGEND = f"{CHOSEN} asked for that role; to choose another: chezmoi-llm use ROLE MODEL"
"""What stands below a table with marks in it."""


@record
class Row:
    """One model: ``context`` in tokens and ``memory`` in GB, 0 where unknown; ``ttl`` in seconds.

    ``chosen`` are those of its roles for which it is the model that is asked. ``runs_in`` is a container,
    a unit, llama-swap, the host, a server elsewhere, or a provider; nothing for a disabled model.
    """

    name: str
    model: str
    kind: str
    context: int
    ttl: int
    roles: tuple[str, ...]
    chosen: tuple[str, ...]
    group: str
    memory: int | float
    runs_in: str
    enabled: bool


def rows(spec: Spec, house: House, *, with_disabled: bool = False) -> tuple[Row, ...]:
    """Return a row for each model in the order of the list, local ones first."""
    served = {one.model.name: one for one in house.local_models}
    cloud = {model.at: model for model in house.cloud_models}
    local_rows = (
        _served(served[model.name], house) if model.enabled else _disabled(model, spec)
        for model in spec.local_models
    )
    cloud_rows = (_cloud(cloud.get(model.at, model), house) for model in spec.cloud_models)
    return tuple(row for row in (*local_rows, *cloud_rows) if row.enabled or with_disabled)


def _served(one: ServedModel, house: House) -> Row:
    model = one.model
    return Row(
        name=model.name,
        model=model.model or " ".join(one.cmd_argv[:1]),
        kind=model.kind,
        context=model.ctx_size,
        ttl=model.ttl,
        roles=model.roles,
        chosen=_chosen(model.name, house),
        group=model.group,
        memory=model.ram_required_gb,
        runs_in=_place(one, house),
        enabled=True,
    )


def _chosen(name: str, house: House) -> tuple[str, ...]:
    return tuple(role for role, chosen in house.chosen.items() if chosen == name)


def _place(one: ServedModel, house: House) -> str:
    if one.has_unit:
        return f"{one.container_name}.service"
    if RUNNERS[one.model.runner].in_container:
        return one.container_name
    return "host" if house.placement == "host" else "llama-swap"


def _disabled(model: LocalModel, spec: Spec) -> Row:
    return Row(
        name=model.name or model.id,
        model=model.model,
        kind=kind_of(model, spec.stack).value,
        context=model.ctx_size,
        ttl=model.ttl,
        roles=model.roles,
        chosen=(),
        group=model.group,
        memory=model.ram_required_gb,
        runs_in="",
        enabled=False,
    )


def _cloud(model: CloudModel, house: House) -> Row:
    chosen = _chosen(model.name, house) if model.enabled else ()
    return Row(
        name=model.name or model.id,
        model=model.model,
        kind=CLOUD,
        context=model.context_window,
        ttl=0,
        roles=chosen,
        chosen=chosen,
        group="",
        memory=0,
        runs_in=_whose(model) if model.enabled else "",
        enabled=model.enabled,
    )


def _whose(model: CloudModel) -> str:
    """Return who has a model: the host of the server that is written, or the provider."""
    host = model.server.partition("://")[2].partition("/")[0]
    return host or model.provider or model.model.partition("/")[0]


def _context(row: Row) -> str:
    unknown = "" if row.kind == CLOUD else "its own"
    return str(row.context) if row.context else unknown


def _ttl(row: Row) -> str:
    if row.kind == CLOUD:
        return ""
    return f"{row.ttl} s" if row.ttl else "stays"


COLUMNS: Mapping[str, Callable[[Row], str]] = {
    "NAME": lambda row: row.name,
    "MODEL": lambda row: row.model,
    "KIND": lambda row: row.kind,
    "CONTEXT": _context,
    "TTL": _ttl,
    "ROLES": lambda row: ", ".join(role + CHOSEN * (role in row.chosen) for role in row.roles),
    "GROUP": lambda row: row.group,
    "MEMORY": lambda row: f"{row.memory:g} GB" if row.memory else "",
    "RUNS IN": lambda row: row.runs_in if row.enabled else "disabled",
}
LEAST_NEEDED = ("MEMORY", "GROUP", "MODEL", "ROLES", "TTL", "CONTEXT", "KIND")
"""Columns that are left out where the terminal is too narrow for all, the first one first."""


def table(all_rows: Sequence[Row], width: int = 0) -> list[tuple[str, bool]]:
    """Return the lines of the table, each with whether its model is enabled.

    ``width`` is the number of columns of the terminal, 0 where nothing limits it. What does not fit is
    left out column by column; no cell is cut. A column in which nothing stands is never there.
    """
    titles = [title for title, text in COLUMNS.items() if any(map(text, all_rows))]
    lines = _lines(all_rows, titles)
    for title in LEAST_NEEDED:
        if not width or max(len(line) for line, _ in lines) <= width:
            break
        titles = [other for other in titles if other != title]
        lines = _lines(all_rows, titles)
    return lines


def _lines(all_rows: Sequence[Row], titles: Sequence[str]) -> list[tuple[str, bool]]:
    cells = [titles, *([COLUMNS[title](row) for title in titles] for row in all_rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    texts = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)
    return list(zip(texts, (True, *(row.enabled for row in all_rows)), strict=True))


def next_steps(house: House) -> Iterator[str]:
    """Yield the lines that a person types next to look at the running stack."""
    if house.is_on("llama_swap"):
        yield "systemctl --user status llama-swap"
        yield "journalctl --user -u llama-swap -f"
        yield f"curl {house.programs['llama_swap'].local_url}/health"
    own = [one.container_name for one in house.local_models if one.has_unit]
    for unit in own[:1]:
        yield "systemctl --user status 'ramalama-*'" if own[1:] else f"systemctl --user status {unit}"
        yield f"journalctl --user -u {unit} -f"


def as_data(row: Row) -> dict[str, Any]:
    """Return a row for ``--json``."""
    return {
        "name": row.name,
        "model": row.model,
        "kind": row.kind,
        "context": row.context,
        "ttl": row.ttl,
        "roles": list(row.roles),
        "chosen": list(row.chosen),
        "group": row.group,
        "memory": row.memory,
        "runs_in": row.runs_in,
        "enabled": row.enabled,
    }

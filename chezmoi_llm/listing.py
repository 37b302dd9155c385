"""The models of a stack as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from chezmoi_llm.records import record
from chezmoi_llm.resolve import House, ServedModel
from chezmoi_llm.spec import LocalModel

HEADER = ("NAME", "MODEL", "KIND", "CONTEXT", "TTL", "ROLES", "GROUP", "MEMORY", "RUNS IN")
NARROW = ("NAME", "KIND", "CONTEXT", "TTL", "RUNS IN")
"""Columns where the terminal is too narrow for all of them."""


@record
class Row:
    """One model in the table; a disabled one has no place that it runs in."""

    cells: tuple[str, ...]
    is_enabled: bool = True


def rows(house: House, disabled: Iterable[LocalModel] = ()) -> tuple[Row, ...]:
    """Return a row for each local and cloud model, and for the disabled ones that are handed in."""
    return (
        *(_local(one, house) for one in house.local_models),
        *(
            Row(cells=(model.name, model.model, "cloud", _tokens(model.context_window), "", "", "", "", ""))
            for model in house.cloud_models
        ),
        *(
            Row(cells=(model.name, model.model, "", "", "", "", "", "", "disabled"), is_enabled=False)
            for model in disabled
        ),
    )


def _local(one: ServedModel, house: House) -> Row:
    model = one.model
    where = "host" if house.placement == "host" else "llama-swap"
    cells = (
        model.name,
        model.model or " ".join(one.cmd_argv[:1]),
        model.kind,
        _tokens(model.ctx_size),
        f"{model.ttl} s" if model.ttl else "stays",
        ", ".join(model.roles),
        model.group,
        f"{model.ram_required_gb:g} GB" if model.ram_required_gb else "",
        one.container_name if model.runner == "ramalama" else where,
    )
    return Row(cells=cells)


def _tokens(number: int) -> str:
    return str(number) if number else "its own"


def table(all_rows: Sequence[Row], width: int) -> list[tuple[str, bool]]:
    """Return the lines of the table, each with whether its model is enabled.

    ``width`` is the number of columns of the terminal. Where all columns of the table do not fit,
    the less needed ones are left out; a name is never cut.
    """
    lines = _lines(all_rows, HEADER)
    if max(len(line) for line, _ in lines) > width:
        lines = _lines(all_rows, NARROW)
    return lines


def _lines(all_rows: Sequence[Row], header: Sequence[str]) -> list[tuple[str, bool]]:
    columns = [HEADER.index(title) for title in header]
    cells = [header, *([row.cells[column] for column in columns] for row in all_rows)]
    used = [any(row[i] for row in cells[1:]) for i in range(len(header))]
    widths = [max(map(len, column)) for column in zip_longest(*cells, fillvalue="")]
    enabled = (True, *(row.is_enabled for row in all_rows))
    texts = (
        "  ".join(
            cell.ljust(width) for cell, width, is_used in zip(row, widths, used, strict=True) if is_used
        )
        for row in cells
    )
    return [(text.rstrip(), is_on) for text, is_on in zip(texts, enabled, strict=True)]


def next_steps(house: House) -> tuple[str, ...]:
    """Return the lines that a person types next to look at the running stack."""
    if not house.is_on("llama_swap"):
        return ()
    unit = "llama-swap"
    return (
        f"systemctl --user status {unit}",
        f"journalctl --user -u {unit} -f",
        f"curl {house.programs['llama_swap'].local_url}/health",
    )


def as_rows(all_rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the rows for ``--json``, keyed by the lower-case titles of the columns."""
    keys = [title.lower().replace(" ", "_") for title in HEADER]
    return [dict(zip(keys, row.cells, strict=True)) | {"enabled": row.is_enabled} for row in all_rows]

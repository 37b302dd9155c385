"""The reference pages are those of the schemas at hand, and leave nothing out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from contract.inputs import EXPANDED, SPEC, STORE_CLOUD, STORE_LOCAL, Node, nodes, resolved

from chezmoi_llm.reference import PAGES, Page, text_of

DOCS = Path(__file__).parents[2] / "docs" / "reference"
SCHEMAS = {"input.md": (SPEC,), "output.md": (EXPANDED,), "store.md": (STORE_LOCAL, STORE_CLOUD)}
"""What each page is about; the first one is what its places are relative to."""

EVERY = pytest.mark.parametrize("name", PAGES)

UNITS = ("llama_swap", "litellm", "open_webui")
"""Services whose shared fields have a table of their own."""


@EVERY
def test_the_page_is_fresh(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == text_of(PAGES[name]), "run make reference"


def shown_fields(page: Page, whole: Node) -> Counter[tuple[str, str]]:
    """Return how often each field of each mapping has a row."""
    return Counter(
        (table.at, field)
        for table in page.tables
        for field in table.fields or usable_fields(whole, at(whole, table.at))
    )


def at(whole: Node, place: str) -> Node:
    return resolved(whole, {"$ref": place})


def usable_fields(whole: Node, node: Node) -> list[str]:
    return [
        key
        for key, field in node.get("properties", {}).items()
        if "x-same-as" not in field and resolved(whole, field).get("not") != {}
    ]


@EVERY
def test_every_field_has_one_row(name: str) -> None:
    first, *others = SCHEMAS[name]
    shown = shown_fields(PAGES[name], first)
    assert [row for row, count in shown.items() if count > 1] == []
    there = {
        (place, key)
        for whole in (first, *others)
        for place, node in nodes(whole, "#" if whole is first else f"{whole['$id']}#")
        for key in usable_fields(whole, node)
    }
    assert there - set(shown) - explained_elsewhere(first) == set()


def explained_elsewhere(whole: Node) -> set[tuple[str, str]]:
    """Return fields of a service that the table of all services has, and the root of the input."""
    if whole is not SPEC:
        return set()
    shared = [key for key in SPEC["$defs"]["service"]["properties"] if key != "container_name"]
    names = [("#/$defs/service", "container_name"), ("#", "data")]
    return {(f"#/$defs/{service}", key) for service in UNITS for key in shared} | set(names)


@EVERY
def test_every_row_says_what_type_it_has_and_what_it_means(name: str) -> None:
    rows = [line for line in text_of(PAGES[name]).splitlines() if line.startswith("| `")]
    for row in rows:
        cells = row.removeprefix("| ").removesuffix(" |").split(" | ")
        assert len(cells) == (4 if PAGES[name].has_defaults else 3), row
        assert all((cells[1], cells[-1])), row


def test_a_field_is_shown_with_its_other_spelling_its_type_its_default_and_its_meaning() -> None:
    rows = text_of(PAGES["input.md"]).splitlines()
    assert (
        "| `ngl` or `n_gpu_layers` | a number, 'all' or 'auto'; or whole number from 0 to 999999 | `auto` "
        "| Layers on the GPU: a number, 'all' or 'auto'. |"
    ) in rows
    assert "| `enabled` | `true`/`false` | `true` | False removes its files and stops it. |" in rows


def test_a_name_in_angle_brackets_stays_visible() -> None:
    assert "ramalama-&lt;slug>" in text_of(PAGES["output.md"])

"""The validator that the hook uses and jsonschema agree on what is right."""

from __future__ import annotations

from typing import Any

import pytest
from contract.inputs import SPEC, STORE_CLOUD, STORE_LOCAL, Node, definition, spoiled, valid, validator
from hypothesis import given, settings
from hypothesis import strategies as st

from chezmoi_llm import schema

JSONSCHEMA = validator(SPEC)

BEYOND_THE_SCHEMA = {"LLM106"}
"""A field in both of its spellings: ``x-same-as`` is a keyword of ours."""


def accepts(value: Any, name: str) -> bool:
    found = schema.findings(value, ("data",), SPEC["$defs"][name])
    return {finding.code for finding in found} <= BEYOND_THE_SCHEMA


def jsonschema_accepts(value: Any, name: str) -> bool:
    return bool(JSONSCHEMA.evolve(schema=SPEC["$defs"][name]).is_valid(value))


DEFINITIONS = pytest.mark.parametrize(
    "name",
    ["data", "models", "local_model", "cloud_model", "llm_stack", "llama_swap", "open_webui", "caddy"],
)
"""Between them they use every other definition."""


@DEFINITIONS
@settings(max_examples=20)
@given(st.data())
def test_both_accept_what_is_made_after_the_schema(name: str, data: st.DataObject) -> None:
    value = data.draw(definition(name))
    assert accepts(value, name)
    assert jsonschema_accepts(value, name)


@DEFINITIONS
@settings(max_examples=100)
@given(st.data())
def test_both_give_one_verdict_on_what_was_spoiled(name: str, data: st.DataObject) -> None:
    value = data.draw(spoiled(definition(name)))
    assert accepts(value, name) == jsonschema_accepts(value, name)


ENTRIES = pytest.mark.parametrize("whole", [STORE_LOCAL, STORE_CLOUD], ids=["local", "cloud"])


@ENTRIES
@settings(max_examples=50)
@given(st.data())
def test_both_give_one_verdict_on_an_entry_of_the_store(whole: Node, data: st.DataObject) -> None:
    value = data.draw(st.one_of(valid(whole), spoiled(valid(whole))))
    ours = {finding.code for finding in schema.findings(value, (), whole)} <= BEYOND_THE_SCHEMA
    assert ours == validator(whole).is_valid(value)


@pytest.mark.parametrize("value", [8192.0, True, "8192", None, [8192], 134217729, -1], ids=repr)
def test_a_whole_number_is_nothing_else(value: Any) -> None:
    assert not accepts({"ctx_size": value}, "local_model")
    assert not jsonschema_accepts({"ctx_size": value}, "local_model")


@pytest.mark.parametrize("key", ["local_models", "cloud_models", "llm_stack"])
def test_owned_keys_belong_under_data(key: str) -> None:
    assert not JSONSCHEMA.is_valid({key: []})
    assert [finding.code for finding in schema.findings({key: []})] == ["LLM105"]

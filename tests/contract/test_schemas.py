"""The schemas say what the code reads, completely and in words."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from contract.inputs import EXPANDED, SPEC, STORE_CLOUD, STORE_LOCAL, Node, nodes, resolved
from jsonschema import Draft202012Validator

from chezmoi_llm import schema, spec
from chezmoi_llm.checks import flags
from chezmoi_llm.choices import CHOSEN_ROLES, KIND_ROLES, ROLES
from chezmoi_llm.expand import SCHEMA_VERSION
from chezmoi_llm.records import fields
from chezmoi_llm.resolve.images import EMBEDDED, RAMALAMA
from chezmoi_llm.resolve.programs import LISTENERS
from chezmoi_llm.runners import DEFAULT_RUNNERS, RUNNERS
from chezmoi_llm.schema import hints, lookup, rules
from chezmoi_llm.store.kinds import KINDS, MAKERS
from chezmoi_llm.targets import TARGETS

SCHEMAS = {"spec": SPEC, "expanded": EXPANDED, "store_local": STORE_LOCAL, "store_cloud": STORE_CLOUD}
EACH = pytest.mark.parametrize("name", SCHEMAS)

ANNOTATIONS = {"$schema", "$id", "$defs", "title", "description", "default", "examples", "doNotSuggest"}
"""What is there for people; ``doNotSuggest`` keeps an editor from offering a spelling or a refused key."""

READ_IN_OTHER_WAYS = {"$ref", "anyOf", "if", "then", "not", "type", "patternProperties", "maximum"}
"""Keywords that ``schema.findings`` reads itself, or together with the one that they belong to."""


@EACH
def test_is_a_json_schema(name: str) -> None:
    schema_of_schemas = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    assert list(schema_of_schemas.iter_errors(SCHEMAS[name])) == []


@EACH
def test_every_reference_leads_somewhere_and_every_definition_is_used(name: str) -> None:
    whole = SCHEMAS[name]
    used = {node["$ref"] for _, node in nodes(whole) if "$ref" in node}
    for reference in used:
        assert resolved(whole, {"$ref": reference})
    ours = {reference.removeprefix(whole["$id"]) for reference in used}
    assert {f"#/$defs/{key}" for key in whole.get("$defs", ())} <= {
        re.sub(r"(#/\$defs/\w+).*", r"\1", reference) for reference in ours
    }


@EACH
def test_every_field_says_what_it_means(name: str) -> None:
    whole = SCHEMAS[name]
    silent = [
        f"{place}/{key}"
        for place, node in nodes(whole)
        for key, field in node.get("properties", {}).items()
        if not resolved(whole, field).get("description") and not _is_explained(whole, field)
    ]
    assert silent == []


def _is_explained(whole: Node, field: Node) -> bool:
    """Say whether a field needs no description: another spelling, or one that cannot be used."""
    return "x-same-as" in field or resolved(whole, field).get("not") == {}


@EACH
def test_descriptions_are_sentences(name: str) -> None:
    odd = [
        f"{place}: {node['description']}"
        for place, node in nodes(SCHEMAS[name])
        if "description" in node and not re.search(r"^(\S.*\S)\.$", node["description"])
    ]
    assert odd == []


# --- the input -------------------------------------------------------------------------------------


READ = pytest.mark.parametrize("whole", [SPEC, STORE_LOCAL, STORE_CLOUD], ids=lambda whole: whole["title"])
"""What people write is held to these."""


@READ
def test_only_keywords_are_used_that_are_read(whole: Node) -> None:
    used = {keyword for _, node in nodes(whole) for keyword in node}
    ours = {keyword for keyword in used if keyword.startswith("x-")}
    assert used - ours - ANNOTATIONS <= set(schema.KEYWORDS) | READ_IN_OTHER_WAYS
    code = "".join(map(inspect.getsource, (lookup, rules, hints)))
    assert [keyword for keyword in ours if keyword not in code] == []


@READ
def test_branches_differ_in_type(whole: Node) -> None:
    for place, node in nodes(whole):
        types = [resolved(whole, branch)["type"] for branch in node.get("anyOf", ())]
        # a whole number is a number as well; neither branch asks for more, so both say the same
        if types.count("number") and types.count("integer"):
            assert {"type": "integer"} in node["anyOf"], place
            assert {"type": "number"} in node["anyOf"], place
        assert len(types) == len(set(types)), place


@READ
def test_keywords_are_read_together(whole: Node) -> None:
    for place, node in nodes(whole):
        assert ("minimum" in node) == ("maximum" in node), place
        assert node.get("minLength", 1) == 1, place
        assert ("if" in node) == ("then" in node), place
        assert set(node.get("not", {})) == set(), place
        if "pattern" in node or "not" in node:
            assert node["x-expects"], place
        if "enum" in node:
            assert all(isinstance(choice, str) for choice in node["enum"]), place
        if node.get("uniqueItems"):
            items = resolved(whole, node["items"])
            assert items.get("type") == "string" or "enum" in items, place
        assert all(ignored == {} for ignored in node.get("patternProperties", {}).values()), place


@READ
def test_what_stands_beside_a_reference_is_narrower(whole: Node) -> None:
    for place, node in nodes(whole):
        if "$ref" not in node:
            continue
        target = resolved(whole, {"$ref": node["$ref"]})
        assert not set(node) & {"type", "pattern", "enum", "minimum", "anyOf", "properties"}, place
        assert node.get("maxLength", 0) <= target.get("maxLength", 2**31), place


@READ
def test_synonyms_are_other_spellings_of_the_same_field(whole: Node) -> None:
    for place, node in nodes(whole):
        known = node.get("properties", {})
        for key, field in known.items():
            if "x-same-as" in field:
                other = resolved(whole, known[field["x-same-as"]])
                this = resolved(whole, field)
                assert _asked(this) == _asked(other), f"{place}/{key}"


def _asked(node: Node) -> dict[str, Any]:
    """Return what a node asks of a value, without what it says about it."""
    said = ANNOTATIONS | {"$ref", "x-same-as", "x-expects", "x-elsewhere", "x-hint"}
    return {keyword: value for keyword, value in node.items() if keyword not in said}


@READ
def test_defaults_are_what_the_field_may_be_or_say_that_nothing_was_written(whole: Node) -> None:
    for place, node in nodes(whole):
        if "default" in node and node["default"] not in ("", 0):
            assert list(schema.findings(node["default"], ("data",), node)) == [], place


EXAMPLES = [
    pytest.param(node, example, id=f"{place}-{number}")
    for place, node in nodes(SPEC)
    for number, example in enumerate(node.get("examples", ()))
]


@pytest.mark.parametrize(("field", "example"), EXAMPLES)
def test_an_example_is_right(field: Node, example: Any) -> None:
    alone = {"$defs": SPEC["$defs"], **field}
    assert [error.message for error in Draft202012Validator(alone).iter_errors(example)] == []
    assert list(schema.findings(example, ("data",), field)) == []


def test_an_editor_can_show_what_to_write() -> None:
    fields = ((place, key, one) for place, n in nodes(SPEC) for key, one in n.get("properties", {}).items())
    silent = [f"{place}/{key}" for place, key, one in fields if not _is_shown(one, resolved(SPEC, one))]
    assert silent == []


def _is_shown(field: Node, node: Node) -> bool:
    """Say whether a field has words to choose from, keys of its own, a value or an example to show."""
    if field.get("doNotSuggest") or node.get("type") == "boolean" or {"enum", "properties"} & set(node):
        return True
    return bool(node.get("default") or node.get("examples"))


def test_our_keys_are_closed_and_leave_room_for_notes() -> None:
    shared = {"#", "data", "models", "published_ports", "tailscale", "service"}
    for place, node in nodes(SPEC):
        last = place.rpartition("/")[2]
        if "properties" in node and last not in shared | {"then"}:
            assert node["additionalProperties"] is False, place
            assert node["patternProperties"] == {"^x-": {}}, place


RECORDS: dict[str, type] = {
    "local_model": spec.LocalModel,
    "cloud_model": spec.CloudModel,
    "llm_stack": spec.Stack,
    "network": spec.Network,
    **spec.SERVICES,
}
NO_FIELD = {"llm_stack": {"defaults"}}
"""``defaults`` are handed to the models, and to nobody else."""


def own_fields(record: type) -> set[str]:
    return set(fields(record)) - set(fields(spec.Written))


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_has_the_fields_of_its_definition(name: str) -> None:
    assert own_fields(RECORDS[name]) == set(schema.properties(name)) - NO_FIELD.get(name, set())


@pytest.mark.parametrize(("record", "name"), [(spec.Group, "group"), (spec.Provider, "litellm_provider")])
def test_what_is_keyed_by_its_name_has_that_too(record: type, name: str) -> None:
    assert own_fields(record) == {"name", *schema.properties(name)}


def test_services_are_the_same_everywhere() -> None:
    keys = set(spec.SERVICES)
    assert set(schema.properties("services")) == keys
    for name in ("services", "urls", "ports"):
        assert set(EXPANDED["$defs"][name]["properties"]) == keys, name


def test_units_are_the_same_everywhere() -> None:
    units = set(spec.UNITS)
    for name in ("published_ports", "caddy_ports", "caddy_names"):
        assert set(schema.properties(name)) == units, name
    assert set(LISTENERS) == set(flags.SERVICE_COMMANDS) == units
    assert {one.key for one in TARGETS if one.variables} == units


def test_every_unit_has_the_fields_of_a_service() -> None:
    shared = set(SPEC["$defs"]["service"]["properties"])
    for name in spec.UNITS:
        assert shared <= set(schema.properties(name)), name


def test_words_are_the_same_in_the_schema_and_in_the_tables() -> None:
    local = schema.properties("local_model")
    stack = schema.properties("llm_stack")
    assert set(local["kind"]["enum"]) == {"chat", *KIND_ROLES, *MAKERS} == set(KINDS)
    assert set(local["roles"]["items"]["enum"]) == set(ROLES)
    assert set(local["runner"]["enum"]) == set(RUNNERS)
    assert set(schema.properties("llama_swap")["placement"]["enum"]) == set(DEFAULT_RUNNERS)
    assert set(stack["accelerator"]["enum"]) == set(RAMALAMA) >= set(EMBEDDED)
    assert {f"{role}_model" for role in CHOSEN_ROLES} == {key for key in stack if key.endswith("_model")}


@pytest.mark.parametrize("runner", RUNNERS.values(), ids=RUNNERS)
def test_a_runner_refuses_fields_that_there_are(runner: Any) -> None:
    assert runner.cannot <= set(schema.properties("local_model"))


# --- the model store ------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "whole"), [("local_model", STORE_LOCAL), ("cloud_model", STORE_CLOUD)])
def test_an_entry_knows_every_field_of_a_model(name: str, whole: Node) -> None:
    known = SPEC["$defs"][name]["properties"]
    assert set(known) <= set(whole["properties"])
    assert whole["additionalProperties"] is False
    assert whole["patternProperties"] == {"^x-": {}}


# --- the expanded document -------------------------------------------------------------------------

IN_ITS_OWN_WORDS = {"llama_swap_config", "llama_swap_model", "llama_swap_capabilities"} | {
    "llama_swap_filters",
    "litellm_params",
    "model_info",
    "router_settings",
}
"""Parts of the document that leave out keys without a value, as the system itself does."""


def test_every_field_of_the_document_is_always_there() -> None:
    for place, node in nodes(EXPANDED):
        last = place.rpartition("/")[2]
        if "properties" in node and last not in IN_ITS_OWN_WORDS:
            assert set(node["required"]) == set(node["properties"]), place


def test_the_document_is_closed_where_the_keys_are_ours() -> None:
    extended = {"program", "unit", "litellm_params", "litellm_settings"}
    for place, node in nodes(EXPANDED):
        closed = {"additionalProperties": False, "unevaluatedProperties": False}
        if "properties" in node and place.rpartition("/")[2] not in extended:
            assert any(node.get(key) is value for key, value in closed.items()), place


def test_the_document_says_what_type_everything_has() -> None:
    for place, node in nodes(EXPANDED):
        if not {"$defs", "anyOf", "enum", "const", "$ref"} & set(node):
            assert node.get("type"), place
    assert "null" not in inspect.cleandoc(str(EXPANDED)).replace("nothing is null", "")


def test_models_of_the_document_have_the_fields_of_the_input() -> None:
    added = {
        "slug",
        "container_name",
        "proxy",
        "cmd_argv",
        "cmd",
        "cmd_stop_argv",
        "cmd_stop",
        "resident",
        "url",
    }
    assert set(EXPANDED["$defs"]["local_model"]["properties"]) == {
        *schema.properties("local_model"),
        *added,
    }
    assert set(EXPANDED["$defs"]["cloud_model"]["properties"]) == set(schema.properties("cloud_model"))


def test_the_version_is_the_one_that_is_written() -> None:
    assert EXPANDED["properties"]["schema_version"]["const"] == SCHEMA_VERSION
    assert EXPANDED["$id"] == f"urn:chezmoi-llm:schema:{SCHEMA_VERSION}:expanded"

"""What replaces a deprecated model, and who follows."""

from __future__ import annotations

import pytest

from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.expand import expand, judge
from chezmoi_llm.store import Entry, Stock


def stock(**replaced):
    """Return a store of local entries, each with what it says that replaces it."""
    entries = {
        ("local", name): Entry(
            folder="local",
            id=name,
            file=f"{name}.json",
            fields={"model": f"ollama://{name}", **({"replaced_by": by} if by else {})},
        )
        for name, by in replaced.items()
    }
    return Stock(entries=entries)


def written(name, replaced_by="", **more):
    return {"name": name, "model": f"ollama://{name}", **more} | (
        {"replaced_by": replaced_by} if replaced_by else {}
    )


def config(*local, cloud=(), **stack):
    return {"data": {"local_models": list(local), "cloud_models": list(cloud), "llm_stack": stack}}


def said(data, store=None):
    findings = judge(data, stock=store or stock()).findings
    return [f"{one.code} {one.message}; {one.hint}" for one in findings if one.severity is Severity.WARNING]


LONG_WAY = "'a' is deprecated; 'd' replaces it (by way of 'b' and 'c')"
WITH_A_DATE = "'a' is deprecated, and gone from 2027-01-31 on; 'b' replaces it"
NEXT = "write as replaced_by the name of a model in the list, or the ID of one in the store"


@pytest.mark.parametrize(
    ("models", "store", "expected"),
    [
        pytest.param([written("a")], {}, [], id="nothing"),
        pytest.param(
            [written("a", "b"), written("b")],
            {},
            ["LLM218 'a' is deprecated; 'b' replaces it; run: chezmoi-llm store migrate a"],
            id="both-there",
        ),
        pytest.param(
            ["a"],
            {"a": "b", "b": "c", "c": "d", "d": ""},
            [
                f"LLM218 {LONG_WAY}; run: chezmoi-llm store migrate a",
            ],
            id="chain",
        ),
        pytest.param(
            [written("a", "b", until="2027-01-31"), written("b")],
            {},
            [
                f"LLM218 {WITH_A_DATE}; run: chezmoi-llm store migrate a",
            ],
            id="date",
        ),
        pytest.param(
            [written("a", deprecated=True)],
            {},
            ["LLM218 'a' is deprecated; choose another model"],
            id="nothing-replaces-it",
        ),
        pytest.param([written("a", "b", deprecated=False), written("b")], {}, [], id="denied"),
        pytest.param(
            ["a"],
            {"a": "b", "b": "c", "c": "b"},
            [f"LLM206 the replacements of 'a' go in a circle: a -> b -> c -> ...; {NEXT}"],
            id="circle-further-on",
        ),
        pytest.param(
            [written("a", "a")],
            {},
            [f"LLM206 the replacements of 'a' go in a circle: a -> ...; {NEXT}"],
            id="itself",
        ),
        pytest.param(
            ["a"],
            {"a": "b", "b": "gone"},
            [
                "LLM218 'a' is deprecated; 'b' replaces it; run: chezmoi-llm store migrate a",
                f"LLM206 'gone' is to replace 'b', but there is no such model; {NEXT}",
            ],
            id="lost-further-on",
        ),
        pytest.param([written("a", "b", enabled=False)], {}, [], id="disabled"),
    ],
)
def test_check_tells_what_replaces_a_model(models, store, expected):
    assert said(config(*models), stock(**store)) == expected


def llm(data, store=None):
    return expand(data, stock=store or stock()).document


def test_a_role_follows_the_replacement():
    document = llm(config(written("a", "b"), written("b"), written("c"), chat_model="a", task_model="c"))
    assert (document["chat_model"], document["task_model"]) == ("b", "c")


def test_a_role_follows_as_far_as_the_list_goes():
    models = [{"id": "a"}, {"id": "b", "name": "my-b"}]
    document = llm(config(*models, task_model="a"), stock(a="b", b="c", c=""))
    assert document["task_model"] == "my-b"


def test_a_role_stays_where_nothing_of_the_list_replaces_the_model():
    assert llm(config("a", task_model="a"), stock(a="b", b=""))["task_model"] == "a"


def test_in_a_circle_nobody_follows():
    document = llm(config(written("a", "b"), written("b", "a"), task_model="a"))
    assert document["task_model"] == "a"


def fallbacks(data, store=None):
    rows = llm(data, store)["litellm"]["config"]["router_settings"]["fallbacks"]
    return {name: others for row in rows for name, others in row.items()}


def cloud(name, **more):
    return {"name": name, "model": f"openai/{name}", **more}


def test_litellm_falls_back_to_the_replacement_by_name_and_alias():
    data = config(written("a", "b", aliases=["old"]), written("b"))
    assert fallbacks(data) == {"a": ["b"], "old": ["b"]}


def test_a_fallback_on_a_deprecated_model_goes_to_what_replaces_it():
    clouds = [cloud("x", fallback=["a", "b"]), cloud("y", fallback=["a"], replaced_by="x")]
    data = config(written("a", "b"), written("b"), cloud=clouds)
    assert fallbacks(data) == {"x": ["b"], "y": ["b", "x"], "a": ["b"]}


def test_no_store_sends_the_prompts_of_a_local_model_to_a_provider():
    data = config("a", cloud=[cloud("b")])
    assert fallbacks(data, stock(a="b")) == {}
    assert fallbacks(config(written("a", "b"), cloud=[cloud("b")])) == {"a": ["b"]}

from __future__ import annotations

import pytest

from chezmoi_llm import source
from chezmoi_llm.chezmoi.truth import (
    Pair,
    Verdict,
    choose,
    in_order,
    may_be_stale,
    needs_render,
    templated,
)
from chezmoi_llm.document import UNKNOWN

OLD = Pair(template="t1", config="c1")
NEW_TEMPLATE = Pair(template="t2", config="c1")
NEW_CONFIG = Pair(template="t1", config="c2")
BOTH_NEW = Pair(template="t2", config="c2")
NO_TEMPLATE = Pair(template="", config="c1")


@pytest.mark.parametrize(
    ("pair", "known", "is_fresh", "expected"),
    [
        pytest.param(OLD, OLD, False, False, id="found to agree before"),
        pytest.param(NEW_TEMPLATE, OLD, False, True, id="template edited"),
        pytest.param(NEW_CONFIG, OLD, False, True, id="config file edited"),
        pytest.param(OLD, None, False, True, id="nothing known"),
        pytest.param(NEW_TEMPLATE, OLD, True, False, id="chezmoi has just rendered it"),
        pytest.param(NO_TEMPLATE, None, False, False, id="no template"),
    ],
)
def test_a_template_is_rendered_unless_the_config_file_is_known_to_say_the_same(
    pair, known, is_fresh, expected
):
    assert needs_render(pair, known, is_fresh=is_fresh) is expected


@pytest.mark.parametrize(
    ("pair", "known", "expected"),
    [
        pytest.param(NEW_TEMPLATE, OLD, True, id="template edited"),
        pytest.param(OLD, None, True, id="nothing known"),
        pytest.param(NEW_CONFIG, OLD, False, id="config file edited, template as it was"),
        pytest.param(BOTH_NEW, OLD, False, id="chezmoi init made the one from the other"),
    ],
)
def test_a_template_that_cannot_be_seen_may_say_more(pair, known, expected):
    assert may_be_stale(pair, known) is expected


def config(**data):
    return {"data": data}


A, B = [{"name": "a"}], [{"name": "b"}]


AS_A, AS_B = config(local_models=A), config(local_models=B)


@pytest.mark.parametrize(
    ("old", "renders", "verdict"),
    [
        pytest.param(AS_A, (AS_A,), Verdict(data=AS_A, is_settled=True), id="both agree"),
        pytest.param(AS_A, (AS_B,), Verdict(data=AS_B, is_settled=False), id="template wins"),
        pytest.param(
            AS_A, (config(),), Verdict(data=config(), is_settled=False), id="a key of ours is gone"
        ),
        pytest.param(
            config(urls={"a": 1}),
            (config(urls={"a": 2}, mail="x"),),
            Verdict(data=config(urls={"a": 2}, mail="x"), is_settled=False, unseen=("urls", "mail")),
            id="a shared key and another differ",
        ),
        pytest.param(
            config(mail="x"),
            (config(),),
            Verdict(data=config(), is_settled=True, unseen=("mail",)),
            id="another key is gone",
        ),
        pytest.param(
            config(mail="me@home", local_models=A),
            (config(mail="one", local_models=B), config(mail="another", local_models=B)),
            Verdict(data=config(mail="one", local_models=B), is_settled=False),
            id="answers change other keys alone",
        ),
        pytest.param(
            AS_A,
            (AS_A, AS_B),
            Verdict(data=AS_A, is_settled=False, is_blind=True),
            id="answers change our keys",
        ),
        pytest.param(
            AS_A, (), Verdict(data=AS_A, is_settled=False, is_blind=True), id="it cannot be rendered"
        ),
        pytest.param(
            {"data": None}, ({"data": None},), Verdict(data={"data": None}, is_settled=True), id="no data"
        ),
        pytest.param(
            config(),
            ({"data": {}, "models": None},),
            Verdict(data={"data": {}, "models": None}, is_settled=False),
            id="a key beside data counts",
        ),
    ],
)
def test_which_data_is_believed(old, renders, verdict):
    assert choose(old, renders) == verdict


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        pytest.param("data:\n  mail: {{ .x }}\n  local_models: [{name: a}]\n", [], id="other keys"),
        pytest.param(
            "data:\n  local_models: [{name: {{ .x }}}]\n",
            [("data", "local_models", 0, "name")],
            id="a value",
        ),
        pytest.param(
            "data:\n  urls:\n    {{ .x }}: 1\n    b: 2\n",
            [("data", "urls")],
            id="a key of a shared mapping",
        ),
        pytest.param(
            "data:\n  local_models:\n    - name: a\n{{ if .x }}\n    - name: b\n{{ end }}\n",
            [("data", "local_models", 1)],
            id="an item inside a block",
        ),
        pytest.param(
            "data:\n{{ if .x }}\n  llm_stack: {}\n{{ end }}\n",
            [("data", "llm_stack")],
            id="a key in a block",
        ),
        pytest.param("data:\n{{ include .x }}\n  urls: {}\n", [("data",)], id="keys that nobody knows"),
        pytest.param("{{ .x }}\n", [], id="nothing at all"),
    ],
)
def test_what_only_a_render_can_tell(text, paths):
    document = source.parse(text.encode(), ".chezmoi.yaml.tmpl").document
    assert list(templated(document)) == paths


def test_mappings_are_put_in_the_order_of_chezmoi():
    data = {"b": [{"z": 1, "Z": 2, "é": 3}], "a": {UNKNOWN: 1, "c": None}}
    assert list(in_order(data)) == ["a", "b"]
    assert list(in_order(data)["b"][0]) == ["Z", "z", "é"]
    assert in_order(data) == data

"""Models that go, memory that runs out, and stored vectors that no model can read any more."""

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.expand import expand, judge
from chezmoi_llm.review.findings import review

CHAT = {"name": "chat", "model": "hf://org/chat"}
EMBED = {"name": "embed", "model": "hf://org/embed", "dimensions": 768}


def said(code: str, before: Any = None, **data: Any) -> list[str]:
    findings = judge({"data": data}, before or {}).findings
    return [f"{one.severity}: {one.message} ({one.hint})" for one in findings if one.code == code]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ({"deprecated": True}, ["warning: 'chat' is deprecated (choose another model)"]),
        ({"replaced_by": "new"}, ["warning: 'chat' is deprecated (choose another model)"]),
        ({"until": "2027-01-31"}, ["note: 'chat' is gone from 2027-01-31 on (choose another model)"]),
        (
            {"deprecated": True, "until": "2027-01-31"},
            ["warning: 'chat' is deprecated, and gone from 2027-01-31 on (choose another model)"],
        ),
        ({"deprecated": True, "enabled": False}, []),
        ({"deprecated": False}, []),
    ],
    ids=str,
)
def test_a_model_that_is_going(written, found):
    assert said("LLM218", local_models=[CHAT | written]) == found
    assert said("LLM218", cloud_models=[{"name": "chat", "model": "openai/a"} | written]) == found


def memory(limit: float, *needs: float) -> list[str]:
    models = [EMBED | {"ram_required_gb": needs[0]}]
    models += [CHAT | {"name": f"chat{n}", "ram_required_gb": need} for n, need in enumerate(needs[1:])]
    return said("LLM333", local_models=models, llm_stack={"memory_gb": limit})


def test_memory_holds_what_stays_and_the_largest_of_the_others():
    assert memory(8, 1, 7, 6) == []
    (found,) = memory(8, 1, 7.5, 6)
    assert found.startswith(
        "warning: the models that stay loaded need 1 GB and 'chat0' needs 7.5 GB, but 'memory_gb' is 8 ("
    )
    assert memory(0, 1, 70) == []
    assert memory(8, 0, 0) == []


def test_models_of_two_machines_do_not_share_its_memory():
    text = """\
data:
  local_models:
    {{ if .big }}
    - {name: a, model: "hf://org/a", ram_required_gb: 20, kind: embedding}
    {{ else }}
    - {name: b, model: "hf://org/b", ram_required_gb: 20, kind: rerank}
    {{ end }}
  llm_stack: {memory_gb: 30}
"""
    assert "LLM333" not in [one.code for one in review(text.encode(), ".chezmoi.yaml.tmpl")]


# --- the embedding model --------------------------------------------------------------------------

BEFORE = expand({"data": {"local_models": [CHAT, EMBED]}}).document
SAID = ": what Open WebUI has stored does not fit (after the apply let it read its documents again: "
WAS = "warning: the embedding model was 'embed' with 768 dimensions, and is "
CHANGES = {
    "the same": ([EMBED], ""),
    "renamed": ([EMBED | {"name": "other"}], ""),
    "dimensions no longer said": ([{key: EMBED[key] for key in ("name", "model")}], ""),
    "other dimensions": ([EMBED | {"dimensions": 512}], WAS + "'embed' with 512 dimensions now"),
    "other weights": (
        [EMBED | {"model": "hf://org/embed-v2"}],
        WAS.replace("was 'embed' with 768 dimensions", "'embed' with 768 dimensions was 'hf://org/embed'")
        + "'hf://org/embed-v2' now",
    ),
    "another model": (
        [{"name": "new", "model": "hf://org/new", "kind": "embedding"}],
        WAS + "'new' now",
    ),
    "none": (
        [],
        "warning: the embedding model was 'embed' with 768 dimensions, and there is none now",
    ),
    "two, and none chosen": ([EMBED | {"dimensions": 1}, EMBED | {"name": "b", "dimensions": 1}], ""),
}


@pytest.mark.parametrize(("models", "found"), CHANGES.values(), ids=CHANGES)
def test_the_embedding_model_of_before(models, found):
    messages = said("LLM332", BEFORE, local_models=[CHAT, *models])
    assert [one.partition(SAID)[0] for one in messages] == ([found] if found else [])


def test_before_a_model_was_chosen_open_webui_used_its_own():
    other = EMBED | {"name": "other", "model": "hf://org/other"}
    undecided = expand({"data": {"local_models": [CHAT, EMBED, other]}}).document
    assert said("LLM332", undecided, local_models=[CHAT, EMBED, other]) == []
    (found,) = said(
        "LLM332", undecided, local_models=[CHAT, EMBED, other], llm_stack={"embedding_model": "embed"}
    )
    was = "warning: the embedding model was Open WebUI's own, and is 'embed' with 768 dimensions now"
    assert found.partition(SAID)[0] == was
    stack = {"services": {"open_webui": {"enabled": False}}}
    without = expand({"data": {"local_models": [CHAT], "llm_stack": stack}}).document
    assert said("LLM332", without, local_models=[CHAT, EMBED]) == []


def test_nothing_is_stored_without_open_webui():
    stack = {"services": {"open_webui": {"enabled": False}}}
    assert said("LLM332", BEFORE, local_models=[CHAT], llm_stack=stack) == []


@pytest.mark.parametrize(
    "before",
    [
        {"embedding_model": "embed"},
        {"embedding_model": "embed", "local_models": {"a": 1}},
        {"local_models": [3]},
    ],
    ids=str,
)
def test_a_document_of_another_release(before):
    assert said("LLM332", before, local_models=[CHAT]) == []


TEMPLATES = {
    "known": ("    - {name: e, model: 'hf://org/e', kind: embedding}", ["LLM332"]),
    "a model of one machine": (
        "    {{ if .x }}\n    - {name: e, model: 'hf://org/e', kind: embedding}\n    {{ end }}",
        [],
    ),
    "a computed model": ("    - {name: e, model: 'hf://org/{{ .x }}', kind: embedding}", []),
    "a computed list": ("    {{ .x }}", []),
    "something else is conditional": (
        "    - {name: e, model: 'hf://org/e', kind: embedding}\n{{ if .x }}\n  mine: 1\n{{ end }}",
        ["LLM332"],
    ),
}


@pytest.mark.parametrize(("lines", "codes"), TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_is_compared_where_every_machine_has_the_same_models(lines, codes):
    text = f"data:\n  local_models:\n{lines}\n"
    found = review(text.encode(), ".chezmoi.yaml.tmpl", BEFORE or {})
    assert [one.code for one in found if one.severity < Severity.NOTE] == codes

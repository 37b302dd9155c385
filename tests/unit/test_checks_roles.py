"""Roles and groups: who serves them, and who unloads whom."""

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import judge
from chezmoi_llm.review.findings import review

CHAT = {"name": "chat", "model": "hf://org/chat"}
OTHER = {"name": "other", "model": "hf://org/other"}
EMBED = {"name": "embed", "model": "hf://org/embed"}
TASK = {"name": "task", "model": "hf://org/task", "roles": ["task"]}


def said(code: str, models: list[dict[str, Any]], **stack: Any) -> list[str]:
    findings = judge({"data": {"local_models": models, "llm_stack": stack}}).findings
    return [f"{one.severity}: {one.message}" for one in findings if one.code == code]


def test_a_role_of_a_model_whose_server_is_off():
    off = {"llama_swap": {"enabled": False}}
    assert said("LLM217", [CHAT], chat_model="chat", services=off) == [
        "warning: 'chat_model' is 'chat', but llama-swap, which serves it, is off"
    ]
    assert said("LLM217", [CHAT], services=off) == []
    units = off | {"ramalama": {"units": True}}
    assert said("LLM217", [CHAT], chat_model="chat", services=units) == []


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ({"ctx_size": 1024}, 1024),
        ({"context_window": 512}, 512),
        ({"ctx_size": 2048}, 0),
        ({"ctx_size": 0}, 0),
        ({}, 0),
        ({"ctx_size": 4096, "context_window": 1024}, 0),
    ],
    ids=str,
)
def test_the_context_of_the_task_model(written, size):
    found = said("LLM330", [CHAT, TASK | written])
    assert [f"context of {size};" in one for one in found] == ([True] if size else [])


def test_a_small_context_of_another_model_is_fine():
    assert said("LLM330", [CHAT | {"ctx_size": 512}, TASK]) == []


def test_a_group_without_models():
    assert said("LLM216", [CHAT], groups={"big": {}}) == ["warning: no model is in group 'big'"]
    assert said("LLM216", [CHAT | {"group": "big"}], groups={"big": {}}) == []
    assert said("LLM216", [CHAT], groups={"big": {"members": ["chat"]}}) == []


def test_a_group_whose_members_nobody_can_know():
    text = "data:\n  local_models:\n    {{ .x }}\n  llm_stack:\n    groups:\n      big: {}\n"
    assert review(text.encode(), ".chezmoi.yaml.tmpl") == ()


BOTH = "note: 'chat' is the chat model and the task model, so it is unloaded when another chat model is "
BOTH += "asked for"
SWAPS = {"swap": True}
STAYS = {"swap": False}
EVICTED = {
    "left alone": ([CHAT, OTHER, EMBED, TASK], {}, []),
    "in one group that swaps": (
        [CHAT | {"group": "all"}, EMBED | {"group": "all"}],
        {},
        ["warning: 'embed' is the embedding model, and group 'all' unloads it when 'chat' is asked for"],
    ),
    "alone in a group that swaps": (
        [CHAT, EMBED | {"group": "side"}],
        {},
        ["warning: 'embed' is the embedding model, and group 'side' unloads it when 'chat' is asked for"],
    ),
    "in a group that stays": ([CHAT, EMBED | {"group": "side"}], {"side": STAYS}, []),
    "in a group that stays, but not for others": (
        [CHAT, EMBED | {"group": "side"}],
        {"side": STAYS | {"persistent": False}},
        ["warning: 'embed' is the embedding model, and group 'side' unloads it when 'chat' is asked for"],
    ),
    "in a group that throws others out": (
        [CHAT, TASK | {"group": "side"}],
        {"side": STAYS | {"exclusive": True}},
        ["warning: 'task' is the task model, and asking for it unloads 'chat': group 'side' is exclusive"],
    ),
    "among others that let it stay": (
        [CHAT | {"group": "chats"}, TASK | {"group": "side"}],
        {"side": STAYS | {"persistent": False}, "chats": SWAPS | {"exclusive": False}},
        [],
    ),
    "chat and task in one": (
        [CHAT | {"roles": ["chat", "task"]}, OTHER],
        {},
        [BOTH],
    ),
    "the only chat model": ([CHAT | {"roles": ["chat", "task"]}, EMBED], {}, []),
    "one of two embedding models, and not the chosen one": (
        [CHAT, EMBED | {"roles": ["embedding"]}, EMBED | {"name": "embed2", "group": "x"}],
        {},
        [],
    ),
}


@pytest.mark.parametrize(("models", "groups", "found"), EVICTED.values(), ids=EVICTED)
def test_who_unloads_whom(models, groups, found):
    assert said("LLM331", models, groups=groups) == found


def test_models_of_two_machines_do_not_meet():
    text = """\
data:
  local_models:
    {{ if .big }}
    - {name: chat, model: "hf://org/chat", group: all}
    {{ else }}
    - {name: embed, model: "hf://org/embed", group: all}
    {{ end }}
"""
    codes = [one.code for one in review(text.encode(), ".chezmoi.yaml.tmpl")]
    assert "LLM331" not in codes


def test_a_role_is_offered_the_models_of_its_kind():
    models = [
        {"name": "talker", "model": "ollama://talker"},
        {"name": "bge", "model": "ollama://bge", "kind": "embedding"},
    ]
    stack = {"embedding_model": "nothing", "task_model": "nobody"}
    found = judge({"data": {"local_models": models, "llm_stack": stack}}).findings
    assert {one.path[-1]: one.hint for one in found if one.code == "LLM211"} == {
        "task_model": "choose one of your models, such as talker",
        "embedding_model": "choose one of your models, such as bge",
    }

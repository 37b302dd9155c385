"""Kinds: roles, fallbacks and replacements go to models that can do what is asked of them."""

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.expand import expand, judge
from chezmoi_llm.store import Entry, Stock

CHAT = {"name": "chat", "model": "ollama://chat"}
EMBED = {"name": "vectors", "model": "ollama://nomic-embed-text"}
GPT = {"name": "gpt", "model": "openai/gpt-5", "capabilities": ["chat", "tools"]}
FAR = {"name": "far", "model": "openai/text-embedding-3-small", "capabilities": ["embedding"]}
BOTH = {"name": "both", "model": "openai/x", "capabilities": ["chat", "embedding"]}
UNTOLD = {"name": "untold", "model": "openai/x"}


def config(local: tuple[Any, ...] = (), cloud: tuple[Any, ...] = (), **stack: Any) -> dict[str, Any]:
    return {"data": {"local_models": list(local), "cloud_models": list(cloud), "llm_stack": stack}}


def said(data: dict[str, Any]) -> list[str]:
    found = [one for one in judge(data).findings if one.severity is not Severity.NOTE]
    return [f"{one.code} {one.message}; {one.hint}" for one in found]


def for_role(role: str, name: str, kind: str, hint: str) -> list[str]:
    return [f"LLM214 '{role}_model' is {name!r}, but that is a model for {kind}; name a model for {hint}"]


ROLES = {
    "a cloud model that chats": (
        config(cloud=(GPT,), embedding_model="gpt"),
        for_role("embedding", "gpt", "chat", "embedding, or write capabilities: [embedding] on this one"),
    ),
    "a cloud model that makes vectors": (
        config((CHAT,), (FAR,), task_model="far"),
        for_role("task", "far", "embedding", "chat, or write capabilities: [chat] on this one"),
    ),
    "a cloud model that does both": (config(cloud=(BOTH,), embedding_model="both"), []),
    "a cloud model of which nothing is said": (config(cloud=(UNTOLD,), embedding_model="untold"), []),
    "a cloud model whose name tells": (
        config((CHAT,), (FAR | {"capabilities": []},), chat_model="far"),
        for_role("chat", "far", "embedding", "chat, or write capabilities: [chat] on this one"),
    ),
    "a local model that chats": (
        config((CHAT | {"capabilities": ["tools"]},), embedding_model="chat"),
        for_role("embedding", "chat", "chat", "embedding, or write kind: embedding on this one"),
    ),
}


@pytest.mark.parametrize(("data", "expected"), ROLES.values(), ids=ROLES)
def test_a_role_needs_a_model_of_its_kind(data, expected):
    assert said(data) == expected


def test_what_the_store_knows_is_not_to_be_written_otherwise():
    fields = {"model": "openai/x", "capabilities": ["embedding"]}
    entry = Entry(folder="cloud", id="far", file="far.yaml", fields=fields)
    found = judge(config(cloud=("far",), chat_model="far"), stock=Stock(entries={entry.key: entry}))
    assert [one.hint for one in found.findings if one.code == "LLM214"] == ["name a model for chat"]


FALLBACKS = {
    "of the same kind": (config((CHAT | {"fallback": ["gpt"]},), (GPT,)), []),
    "vectors for an answer": (
        config((CHAT | {"fallback": ["vectors"]}, EMBED)),
        ["LLM214 a fallback is 'vectors', but that is a model for embedding; name a model for chat"],
    ),
    "an answer for vectors": (
        config(cloud=(FAR | {"fallback": ["gpt"]}, GPT)),
        ["LLM214 a fallback is 'gpt', but that is a model for chat; name a model for embedding"],
    ),
    "other vectors": (
        config((EMBED,), (FAR | {"fallback": ["vectors"]},)),
        ["LLM219 vectors of 'vectors' cannot be compared with those of 'far'; take the fallback out"],
    ),
}


@pytest.mark.parametrize(("data", "expected"), FALLBACKS.values(), ids=FALLBACKS)
def test_a_fallback_does_what_the_model_does(data, expected):
    assert said(data) == expected


def test_no_cloud_model_chats_by_default_that_cannot():
    assert expand(config(cloud=(FAR, GPT))).document["chat_model"] == "gpt"
    assert expand(config(cloud=(FAR,))).document["chat_model"] == ""


OTHER_KIND = "write as replaced_by the name of a model in the list, or the ID of one in the store"


def test_what_replaces_a_model_is_for_the_same():
    old = EMBED | {"replaced_by": "chat"}
    data = config((old, CHAT), embedding_model="vectors")
    assert said(data) == [
        "LLM218 'vectors' is deprecated; choose another model",
        f"LLM206 'chat' is to replace 'vectors', but that is a model for chat; {OTHER_KIND}",
    ]
    document = expand(data).document
    assert document["embedding_model"] == "vectors"
    assert document["litellm"]["config"]["router_settings"]["fallbacks"] == []


def test_no_other_vectors_stand_in_for_those_of_a_deprecated_model():
    old, new = EMBED | {"replaced_by": "new"}, EMBED | {"name": "new"}
    document = expand(config((old, new), embedding_model="vectors")).document
    assert document["embedding_model"] == "new"
    assert document["litellm"]["config"]["router_settings"]["fallbacks"] == []

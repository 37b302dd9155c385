"""What is chosen for models: kinds, runners, roles and groups, with the reason that is told."""

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm import schema, spec
from chezmoi_llm.choices import Choice, Choices, Chosen, choose, with_free_port
from chezmoi_llm.spec import Spec

CHAT = "ollama://a:8b"
EMBED = "hf://owner/nomic-embed-text-v1.5-GGUF"
RERANK = "hf://owner/bge-reranker-v2-m3-GGUF"
WHISPER = "/srv/models/whisper-large.bin"


def written(*models: dict[str, Any], cloud: tuple[str, ...] = (), **stack: Any) -> Spec:
    data = {
        "local_models": [{"model": CHAT, **model} for model in models],
        "cloud_models": [{"name": name, "model": f"openai/{name}"} for name in cloud],
        "llm_stack": stack,
    }
    assert list(schema.findings({"data": data})) == []
    return spec.build({"data": data})


def chosen(*models: dict[str, Any], cloud: tuple[str, ...] = (), **stack: Any) -> Choices:
    return choose(written(*models, cloud=cloud, **stack))


def one(**fields: Any) -> Chosen:
    """Return what is chosen for a model that is alone."""
    (model,) = chosen({"name": "a", **fields}).models
    return model


# --- kinds ----------------------------------------------------------------------------------------

KINDS = {
    "written": ({"kind": "rerank"}, Choice(value="rerank", source="written")),
    "written over its name": ({"kind": "chat", "model": EMBED}, Choice(value="chat", source="written")),
    "role": (
        {"roles": ["embedding"]},
        Choice(value="embedding", source="derived", why="its roles say embedding"),
    ),
    "capability": (
        {"capabilities": ["rerank"]},
        Choice(value="rerank", source="derived", why="its capabilities say rerank"),
    ),
    "capability that only chat models have": (
        {"capabilities": ["tools", "vision"], "model": EMBED},
        Choice(value="chat", source="derived", why="its capabilities say chat"),
    ),
    "two capabilities say nothing": (
        {"capabilities": ["rerank", "embedding"]},
        Choice(value="chat", source="default"),
    ),
    "runner": (
        {"runner": "whisper-server", "model": "/srv/a.bin"},
        Choice(value="transcription", source="derived", why="whisper-server does nothing else"),
    ),
    "pooling": (
        {"pooling": "rank"},
        Choice(value="rerank", source="derived", why="pooling rank is for reranking"),
    ),
    "dimensions": (
        {"dimensions": 768},
        Choice(value="embedding", source="derived", why="only embedding models have dimensions"),
    ),
    "URI of an embedding model": (
        {"model": EMBED},
        Choice(value="embedding", source="derived", why="the name says embed"),
    ),
    "URI of a reranker": (
        {"model": RERANK},
        Choice(value="rerank", source="derived", why="the name says rerank"),
    ),
    "URI of a file": (
        {"model": "hf://owner/x/Nomic-EMBED.gguf"},
        Choice(value="embedding", source="derived", why="the name says embed"),
    ),
    "path": (
        {"model": WHISPER},
        Choice(value="transcription", source="derived", why="the name says whisper"),
    ),
    "folder of the file": (
        {"model": "/srv/embed/model.gguf"},
        Choice(value="embedding", source="derived", why="the name says embed"),
    ),
    "embedded is another word": (
        {"name": "embedded-dev"},
        Choice(value="chat", source="default"),
    ),
    "folder above that": (
        {"model": "/srv/embed/8b/model.gguf"},
        Choice(value="chat", source="default"),
    ),
    "nothing": ({}, Choice(value="chat", source="default")),
}


@pytest.mark.parametrize(("fields", "kind"), KINDS.values(), ids=KINDS)
def test_the_kind_is_written_or_certain_or_chat(fields: dict[str, Any], kind: Choice) -> None:
    assert one(**fields).kind == kind


def test_the_kind_follows_from_the_stack() -> None:
    (model,) = chosen({"name": "a"}, embedding_model="a").models
    assert model.kind == Choice(value="embedding", source="derived", why="llm_stack say embedding")


def test_the_name_of_a_model_tells_its_kind() -> None:
    (model,) = chosen({"name": "my-embedder"}).models
    assert model.kind.value == "embedding"


# --- runners --------------------------------------------------------------------------------------

RUNNERS = {
    "container": (
        "container",
        {},
        Choice(value="ramalama", source="default", why="the runner of placement container"),
    ),
    "host": ("host", {}, Choice(value="ramalama", source="default", why="the runner of placement host")),
    "embedded": (
        "embedded",
        {},
        Choice(value="llama-server", source="default", why="the runner of placement embedded"),
    ),
    "written": ("host", {"runner": "llama-server"}, Choice(value="llama-server", source="written")),
    "command": (
        "host",
        {"command": ["x", "${PORT}"]},
        Choice(value="command", source="derived", why="it has a command"),
    ),
    "transcription": (
        "embedded",
        {"model": WHISPER},
        Choice(value="whisper-server", source="derived", why="only whisper-server transcribes"),
    ),
}


@pytest.mark.parametrize(("placement", "fields", "runner"), RUNNERS.values(), ids=RUNNERS)
def test_the_runner_is_written_or_follows(placement: str, fields: dict[str, Any], runner: Choice) -> None:
    services = {"llama_swap": {"placement": placement}}
    (model,) = chosen({"name": "a", **fields}, services=services).models
    assert model.runner == runner


# --- roles ----------------------------------------------------------------------------------------

A, B, C = ({"name": name} for name in "abc")
EMBEDDER = {"name": "e", "model": EMBED}
RERANKER = {"name": "r", "model": RERANK}
NOTHING = Choice(value="", source="default")

FIRST = "it is the first chat model that is not the task model"
CHATS: dict[str, tuple[Choices, Choice]] = {
    "the first": (chosen(EMBEDDER, B, A), Choice(value="b", source="derived", why=FIRST)),
    "the first that is not the task model": (
        chosen(A, B, task_model="a"),
        Choice(value="b", source="derived", why=FIRST),
    ),
    "the task model, where it is alone": (
        chosen(A, EMBEDDER, task_model="a"),
        Choice(value="a", source="derived", why="it is the only chat model"),
    ),
    "the first enabled": (
        chosen({**A, "enabled": False}, B),
        Choice(value="b", source="derived", why=FIRST),
    ),
    "written in the stack": (chosen(A, B, chat_model="b"), Choice(value="b", source="written")),
    "written on the model": (
        chosen(A, {**B, "roles": ["chat"]}),
        Choice(value="b", source="role", why="it has the role chat"),
    ),
    "a cloud model, where no local one chats": (
        chosen(EMBEDDER, cloud=("gpt", "claude")),
        Choice(
            value="gpt",
            source="derived",
            why="it is the first cloud model that chats; no local one does",
        ),
    ),
    "nothing": (chosen(EMBEDDER), NOTHING),
}


@pytest.mark.parametrize(("choices", "chat"), CHATS.values(), ids=CHATS)
def test_the_chat_model(choices: Choices, chat: Choice) -> None:
    assert choices.roles["chat"] == chat


TASKS: dict[str, tuple[Choices, Choice]] = {
    "only when written": (chosen(A, B), NOTHING),
    "in the stack": (chosen(A, B, task_model="b"), Choice(value="b", source="written")),
    "on the model": (
        chosen(A, {**B, "roles": ["task"]}),
        Choice(value="b", source="role", why="it has the role task"),
    ),
}


@pytest.mark.parametrize(("choices", "task"), TASKS.values(), ids=TASKS)
def test_the_task_model(choices: Choices, task: Choice) -> None:
    assert choices.roles["task"] == task


@pytest.mark.parametrize(
    ("role", "model"),
    [("embedding", EMBEDDER), ("rerank", RERANKER), ("transcription", {"name": "w", "model": WHISPER})],
    ids=["embedding", "rerank", "transcription"],
)
def test_the_only_model_of_a_kind_plays_its_role(role: str, model: dict[str, Any]) -> None:
    alone = chosen(A, model)
    assert alone.roles[role] == Choice(
        value=model["name"], source="derived", why=f"it is the only {role} model"
    )
    other = {**model, "name": "second"}
    assert chosen(A, model, other).roles[role] == NOTHING
    assert chosen(A, model, {**other, "enabled": False}).roles[role].value == model["name"]
    assert chosen(A, model, other, **{f"{role}_model": "second"}).roles[role] == Choice(
        value="second", source="written"
    )


def test_a_model_plays_what_is_written_what_it_is_and_what_it_was_chosen_for() -> None:
    vision = {"name": "v", "capabilities": ["vision"]}
    plays = {model.model.name: model.roles for model in chosen(vision, B, EMBEDDER, task_model="b").models}
    assert plays == {"v": ("chat", "vision"), "b": ("chat", "task"), "e": ("embedding",)}


def test_disabled_models_are_nowhere() -> None:
    choices = chosen({**A, "enabled": False, "group": "g", "roles": ["task"]}, B)
    assert [model.model.name for model in choices.models] == ["b"]
    assert (choices.roles["task"], choices.groups) == (NOTHING, ())


# --- groups ---------------------------------------------------------------------------------------


def groups(choices: Choices) -> dict[str, tuple[bool, bool, bool, tuple[str, ...]]]:
    return {g.name: (g.swap, g.exclusive, g.persistent, g.members) for g in choices.groups}


def resident(choices: Choices) -> list[str]:
    return [model.model.name for model in choices.models if model.resident]


STAYING = (False, False, True)


def test_models_with_a_role_beside_chat_stay_loaded_and_the_others_swap() -> None:
    choices = chosen(A, B, EMBEDDER, RERANKER, {"name": "w", "model": WHISPER}, task_model="b")
    assert groups(choices) == {"resident": (*STAYING, ("b", "e", "r", "w"))}
    assert resident(choices) == ["b", "e", "r", "w"]
    assert {model.model.name: model.group for model in choices.models} == {
        "a": Choice(value="", source="default"),
        **{
            name: Choice(
                value="resident",
                source="role",
                why=f"a model with the role {role} stays loaded beside the others",
            )
            for name, role in {"b": "task", "e": "embedding", "r": "rerank", "w": "transcription"}.items()
        },
    }


def test_every_embedding_model_stays_loaded_also_where_none_is_chosen() -> None:
    assert resident(chosen(A, EMBEDDER, {**EMBEDDER, "name": "f"})) == ["e", "f"]


def test_a_task_model_that_chats_as_well_swaps_like_the_other_chat_models() -> None:
    choices = chosen(A, B, task_model="a", chat_model="a")
    assert (resident(choices), groups(choices)) == ([], {})


def test_a_task_model_that_is_the_only_chat_model_stays() -> None:
    assert resident(chosen(A, EMBEDDER, task_model="a")) == ["a", "e"]


def test_the_reason_for_the_resident_group_is_its_description() -> None:
    (group,) = chosen(A, EMBEDDER).groups
    assert (
        group.description
        == "task, embedding, rerank and transcription models stay loaded beside the others"
    )


def test_members_are_joined_with_the_groups_of_the_models() -> None:
    choices = chosen(
        {**A, "group": "big"}, B, {**C, "group": "big"}, groups={"big": {"members": ["b", "a"]}}
    )
    assert groups(choices) == {"big": (True, True, False, ("b", "a", "c"))}
    assert {model.group for model in choices.models} == {Choice(value="big", source="written")}


def test_a_group_that_only_a_model_names_is_made() -> None:
    assert groups(chosen({**A, "group": "new"}, groups={"old": {}})) == {
        "old": (True, True, False, ()),
        "new": (True, True, False, ("a",)),
    }


@pytest.mark.parametrize(
    ("group", "meant"),
    [
        ({}, (True, True, False)),
        ({"swap": True, "persistent": True}, (True, True, True)),
        ({"swap": False}, STAYING),
        ({"swap": False, "exclusive": True}, (False, True, True)),
        ({"swap": False, "persistent": False}, (False, False, False)),
        ({"exclusive": False}, (True, False, False)),
    ],
    ids=str,
)
def test_what_a_group_leaves_out_is_filled_by_meaning(
    group: dict[str, Any], meant: tuple[bool, ...]
) -> None:
    assert groups(chosen({**A, "group": "g"}, groups={"g": group})) == {"g": (*meant, ("a",))}


@pytest.mark.parametrize(
    ("group", "stays"),
    [({"swap": False}, ["e"]), ({}, []), ({"swap": False, "persistent": False}, [])],
    ids=str,
)
def test_a_member_of_a_written_group_stays_where_the_group_does(
    group: dict[str, Any], stays: list[str]
) -> None:
    assert resident(chosen({**EMBEDDER, "group": "g"}, groups={"g": group})) == stays


def test_a_written_group_wins_over_the_resident_one() -> None:
    choices = chosen(EMBEDDER, RERANKER, groups={"mine": {"members": ["e"]}})
    assert groups(choices) == {"mine": (True, True, False, ("e",)), "resident": (*STAYING, ("r",))}


def test_a_written_resident_group_takes_the_derived_members_in() -> None:
    choices = chosen(A, EMBEDDER, groups={"resident": {"swap": False, "members": ["a"]}})
    assert groups(choices) == {"resident": (*STAYING, ("a", "e"))}
    assert resident(choices) == ["a", "e"]
    swapping = chosen(A, EMBEDDER, groups={"resident": {"members": ["a"]}})
    assert groups(swapping) == {"resident": (True, True, False, ("a", "e"))}
    assert resident(swapping) == []


def test_members_that_are_not_served_are_left_out() -> None:
    choices = chosen(A, {**B, "enabled": False}, groups={"g": {"members": ["b", "nobody", "a"]}})
    assert groups(choices) == {"g": (True, True, False, ("a",))}


# --- ports ----------------------------------------------------------------------------------------


def test_a_port_on_several_enabled_models_counts_as_not_written() -> None:
    models = [{**A, "port": 8080}, {**B, "port": 8080}, {**C, "port": 8081}]
    off = {"name": "d", "port": 8081, "enabled": False}
    assert with_free_port(chosen(*models, off)) == {"a", "b"}


def test_a_command_keeps_the_port_that_is_written_into_it() -> None:
    fixed, free = ["serve", "--port", "9000"], ["serve", "--port", "${PORT}"]
    models = [{**A, "command": fixed}, {**B, "command": fixed}, {**C, "command": free}, {"name": "d"}]
    shared = [{"runner": "command", **model, "port": 9000} for model in models[:3]]
    assert with_free_port(chosen(*shared, {**models[3], "port": 9000})) == {"c", "d"}


# --- who has a server -----------------------------------------------------------------------------

OFF = {"enabled": False}
PARTS = ({"name": "a"}, {"name": "e", "model": EMBED}, {"name": "t", "roles": ["task"]})


def parts(**services: Any) -> dict[str, str]:
    roles = chosen(*PARTS, cloud=("far",), services=services).roles
    return {role: choice.value for role, choice in roles.items() if choice.value}


def test_who_is_not_served_has_no_part_unless_the_person_says_so():
    local = {"chat": "a", "embedding": "e", "task": "t"}
    assert parts() == local
    assert parts(litellm=OFF) == local
    assert parts(llama_swap=OFF) == {"chat": "far"}
    assert parts(llama_swap=OFF, litellm=OFF) == {}
    written = chosen(*PARTS, cloud=("far",), chat_model="a", services={"llama_swap": OFF})
    assert written.roles["chat"] == Choice(value="a", source="written")


def test_a_unit_of_its_own_serves_without_llama_swap():
    models = (*PARTS, {"name": "s", "model": WHISPER})
    roles = chosen(*models, services={"llama_swap": OFF, "ramalama": {"units": True}}).roles
    assert (roles["embedding"].value, roles["transcription"].value) == ("e", "")

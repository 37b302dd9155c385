"""Servers beside those of the stack: addresses that lead nowhere, and one name on several of them."""

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import expand, judge

LOCAL = {"name": "a", "model": "hf://org/a"}


def found(data: dict[str, Any], *codes: str) -> list[tuple[tuple[Any, ...], str, str]]:
    """Return the path below ``data``, message and hint of each finding with one of the codes."""
    findings = judge({"data": data}).findings
    return [(one.path[1:], one.message, one.hint) for one in findings if one.code in codes]


def litellm(data: dict[str, Any]) -> dict[str, Any]:
    """Return LiteLLM's configuration."""
    return expand({"data": data}).document["litellm"]["config"]


def cloud(*models: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"cloud_models": [{"name": "far", "model": "openai/a", **model} for model in models], **more}


def services(placement: str, **webui: Any) -> dict[str, Any]:
    return {"services": {"llama_swap": {"placement": placement}, "open_webui": webui}}


THERE = "http://host.containers.internal:1/v1"

LOOPBACKS = [
    ("http://localhost:1/v1", "localhost"),
    ("http://127.0.1.1:1/v1", "127.0.1.1"),
    ("http://[::1]:1/v1", "[::1]"),
    ("http://0.0.0.0:1/v1", "0.0.0.0"),  # noqa: S104  what a person might write
]


@pytest.mark.parametrize(("url", "host"), LOOPBACKS)
@pytest.mark.parametrize("placement", ["container", "embedded", "host"])
def test_the_machine_is_not_found_inside_a_container(url, host, placement):
    said = (
        ("cloud_models", 0, "api_base"),
        f"LiteLLM runs in a container, where {host!r} is the container",
        f"write {THERE} and let that server listen on all addresses, or use placement: host",
    )
    data = cloud({"api_base": url}, llm_stack=services(placement))
    assert found(data, "LLM335") == ([] if placement == "host" else [said])


def test_open_webui_is_in_a_container_as_well():
    stack = services(
        "container",
        connections=["http://box:1/v1", "http://localhost:1/v1"],
        ollama_url="http://localhost:11434",
    )
    paths = [path[3:] for path, *_ in found({"llm_stack": stack}, "LLM335")]
    assert paths == [("connections", 1), ("ollama_url",)]


def test_what_is_written_instead_is_right_in_one_go():
    ((_, _, hint),) = found(cloud({"api_base": "http://localhost:9292"}), "LLM335")
    assert hint.startswith("write http://host.containers.internal:9292/v1 and ")


@pytest.mark.parametrize("url", ["http://192.168.1.20:1", "http://localhost.lan:1/v1", "https://x.org"])
def test_another_machine_is_found(url):
    assert found(cloud({"api_base": url}), "LLM335") == []


@pytest.mark.parametrize("url", ["http://box:9292", "http://box:9292/"])
def test_the_address_of_a_server_has_its_version(url):
    said = f"LiteLLM asks {url!r} as it stands, without '/v1'"
    path = ("cloud_models", 0, "api_base")
    assert found(cloud({"api_base": url}), "LLM336") == [(path, said, "write http://box:9292/v1")]


FINE = [
    ("openai/a", "http://box:9292/v1"),
    ("openai/a", "http://box:9292/api"),
    ("openai/a", "https://api.example.org"),
    ("ollama_chat/a", "http://box:11434"),
    ("openai/a", ""),
]


@pytest.mark.parametrize(("model", "url"), FINE)
def test_other_addresses_are_right_as_they_are(model, url):
    assert found(cloud({"model": model, "api_base": url}), "LLM336") == []


# --- one name on several servers ------------------------------------------------------------------

SERVERS = [{"api_base": f"http://box{number}:1/v1"} for number in range(3)]


def test_one_name_on_several_servers_is_one_model():
    data = cloud({}, *SERVERS, local_models=[LOCAL])
    assert found(data, "LLM201", "LLM202", "LLM214") == []
    names = [
        entry["model_name"] for entry in expand({"data": data}).document["litellm"]["config"]["model_list"]
    ]
    assert names == ["a", "far", "far", "far", "far"]


@pytest.mark.parametrize(
    ("first", "second"), [({}, {}), (SERVERS[0], SERVERS[0])], ids=["the provider", "a server"]
)
def test_one_name_on_one_server_is_there_twice(first, second):
    ((path, message, _),) = found(cloud(first, second), "LLM201")
    assert (path, message) == (("cloud_models", 1, "name"), "model 'far' is there twice")


def test_the_name_of_a_local_model_needs_an_address():
    data = cloud({"name": "a"}, local_models=[LOCAL])
    ((_, _, hint),) = found(data, "LLM201")
    assert hint == "rename or remove one of them, or write api_base: if another server has the same model"


def test_a_model_is_for_one_thing_on_all_its_servers():
    embed = {"name": "embed", "model": "hf://org/embed"}
    there = {"name": "embed", **SERVERS[0]}
    data = cloud(there, local_models=[embed])
    modes = [
        entry["model_info"]["mode"]
        for entry in expand({"data": data}).document["litellm"]["config"]["model_list"]
    ]
    assert modes == ["embedding", "embedding"]
    ((path, message, _),) = found(
        cloud({**there, "capabilities": ["chat"]}, local_models=[embed]), "LLM214"
    )
    assert path == ("cloud_models", 0, "capabilities")
    assert message == "'embed' is for embedding on one server, and for chat on another"


def test_a_fallback_of_one_server_stands_once():
    data = cloud({"fallback": ["a"]}, {**SERVERS[0], "fallback": ["a"]}, local_models=[LOCAL])
    assert litellm(data)["router_settings"]["fallbacks"] == [{"far": ["a"]}]


def test_fallbacks_of_all_servers_count():
    models = [{"fallback": ["a"]}, {**SERVERS[0], "fallback": ["b"]}, SERVERS[1]]
    data = cloud(*models, local_models=[LOCAL, {**LOCAL, "name": "b"}])
    assert litellm(data)["router_settings"]["fallbacks"] == [{"far": ["a", "b"]}]


# --- one name for many models ---------------------------------------------------------------------

MANY = {"name": "far-*", "model": "openai/*"}


def test_a_name_without_a_star_has_nothing_to_put_in():
    said = "'openai/*' takes its * from the name, and 'far' has none"
    hint = "write name: openai/*, or the name of one model"
    expected = [(("cloud_models", 0, "model"), said, hint)]
    assert found({"cloud_models": [{**MANY, "name": "far"}]}, "LLM337") == expected
    assert found({"cloud_models": [MANY]}, "LLM337") == []


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("aliases", ["any"], "another name"),
        ("fallback", ["a"], "a fallback"),
        ("replaced_by", "a", "a successor"),
    ],
)
def test_many_models_have_nothing_that_is_looked_up_by_one_name(field, value, what):
    data = {"cloud_models": [{**MANY, field: value}], "local_models": [LOCAL]}
    said = f"'far-*' is many models, none of which gets {what} by it"
    hint = "write out the model that needs it, in an entry of its own"
    assert found(data, "LLM337") == [(("cloud_models", 0, field), said, hint)]


def test_one_of_many_models_is_written_out_to_be_named():
    models = [LOCAL | {"fallback": ["far-1", "near"]}]
    said = [hint for _, _, hint in found({"cloud_models": [MANY], "local_models": models}, "LLM211")]
    assert said == [
        "write it out in cloud_models, as an entry beside 'far-*'",
        "choose one of your models, such as a",
    ]


def test_a_variant_that_is_named_leads_to_its_model():
    local = LOCAL | {"variants": {"a:quick": {"seed": 1}}}
    ((_, _, hint),) = found(cloud({"fallback": ["a:quick"]}, local_models=[local]), "LLM211")
    assert hint == "write its name, 'a'"


@pytest.mark.parametrize("data", [{"llm_stack": {"chat_model": "far-*"}}, cloud({"fallback": ["far-*"]})])
def test_many_models_are_not_one(data):
    ((_, _, hint),) = found(data, "LLM103")
    assert hint == "name one model; only a name in cloud_models ends with *, for many"


def test_an_address_is_no_secret():
    ((_, _, hint),) = found(cloud({"api_base": "os.environ/BASE"}), "LLM103")
    assert hint == "write the address itself, which is no secret"

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import judge

URL = "LLM402", "take it out, and log in with the tool that downloads"


def said(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what is said of secrets, and nothing else that is an error."""
    findings = judge({"data": data}).findings
    return [(one.code, one.message, one.hint) for one in findings if one.is_secret]


def model(**fields: Any) -> dict[str, Any]:
    return {"local_models": [{"name": "a", "model": "ollama://a", **fields}]}


def service(**fields: Any) -> dict[str, Any]:
    return {"llm_stack": {"services": {"litellm": fields}}}


KNOWN = "hf_abcdefghijklmnopqrstuvwx"
FOUND = [
    (model(env={"DB_PASSWORD": "hunter2"}), "'DB_PASSWORD'"),
    (model(env={"PGPASS": 12345678}), "'PGPASS'"),
    (model(env={"DB_PASSWORD": ["hunter2"]}), "'DB_PASSWORD'"),
    (model(env=["DB_PASSWORD=hunter2"]), "'DB_PASSWORD'"),
    (model(env=["DB_PASSWORD: hunter2"]), "'DB_PASSWORD'"),
    (model(env=["DB_PASSWORD", "hunter2"]), "'DB_PASSWORD'"),
    (model(env={"DB_PASSWORD=hunter2": ""}), "a key in 'env'"),
    (model(args=["--api-key", "hunter2"]), "'--api-key'"),
    (model(args=["--api-key=hunter2"]), "item 1 of 'args'"),
    (model(args="--api-key hunter2"), "'args'"),
    (model(runner_args=["--api-key hunter2\n"]), "item 1 of 'runner_args'"),
    (model(display_name=KNOWN), "'display_name'"),
    (model(description=f"uses {KNOWN}"), "'description'"),
    (model(check_endpoint="/health?api_key=hunter2"), "'check_endpoint'"),
    (model(metadata={"client_secret": "hunter2"}), "'client_secret'"),
    (model(nonsense={"token": {"a": ["hunter2"]}}), "'token'"),
    (model(enabled=False, env={"DB_PASSWORD": "hunter2"}), "'DB_PASSWORD'"),
    ({"models": {"local": [{"env": {"A_KEY": "hunter2"}}]}}, "'A_KEY'"),
    ({"local_models": {"a": {"env": {"A_KEY": "hunter2"}}}}, "'A_KEY'"),
    ({"cloud_models": [{"enabled": False, "metadata": {"password": "hunter2"}}]}, "'password'"),
    (service(env={"LITELLM_LICENSE_KEY": "hunter2"}), "'LITELLM_LICENSE_KEY'"),
    (service(secrets={"OPENAI_API_KEY": KNOWN}), "'OPENAI_API_KEY'"),
    (service(extra={"Service": {"ExecStartPre": "login --password hunter2"}}), "'ExecStartPre'"),
    ({"llm_stack": {"services": {"llama_swap": {"macros": {"api_key": "hunter2"}}}}}, "'api_key'"),
    ({"llm_stack": {"services": {"llama_swap": {"api_key": "hunter2"}}}}, "'api_key'"),
]


VARIABLES = {
    "a mapping": ({"DATABASE_URL": "postgresql://me:hunter2@box/db"}, ": {DATABASE_URL: database_url}"),
    "a list": (["DATABASE_URL=postgresql://me:hunter2@box/db"], ""),
}


@pytest.mark.parametrize(("env", "how"), VARIABLES.values(), ids=VARIABLES)
def test_a_url_with_a_login_in_a_variable_becomes_a_secret(env, how):
    ((code, _, hint),) = said(service(env=env))
    first = "make it a Podman secret, and write" if how else "take it out, and name a Podman secret under"
    assert (code, hint) == ("LLM402", f"{first} services: litellm: secrets{how}")


@pytest.mark.parametrize(("data", "what"), FOUND)
def test_a_secret_in_clear_text(data, what):
    told = [(code, message) for code, message, _ in said(data)]
    assert told == [("LLM401", f"{what} looks like a secret in clear text")]


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        pytest.param(
            service(env={"DB_PASSWORD": "hunter2"}),
            "make it a Podman secret, and write services: litellm: secrets: {DB_PASSWORD: db_password}",
            id="variable of a service",
        ),
        pytest.param(
            service(secrets={"XAI_API_KEY": KNOWN}),
            "make it a Podman secret, and write services: litellm: secrets: {XAI_API_KEY: xai_api_key}",
            id="value in the place of a name",
        ),
        pytest.param(
            model(env=["DB_PASSWORD=hunter2"]),
            "make it a Podman secret, and write services: llama_swap: secrets: {DB_PASSWORD: db_password}",
            id="variable of a model",
        ),
        pytest.param(
            {"llm_stack": {"defaults": {"env": {"A_KEY": "hunter2"}}}},
            "make it a Podman secret, and write services: llama_swap: secrets: {A_KEY: a_key}",
            id="variable of all models",
        ),
        pytest.param(
            model(args=["--api-key", "hunter2"]),
            "take it out, and name a Podman secret under services: llama_swap: secrets",
            id="argument of a model",
        ),
        pytest.param(
            model(env={"DB_PASSWORD=hunter2": ""}),
            "take it out, and name a Podman secret under services: llama_swap: secrets",
            id="key that is a secret itself",
        ),
        pytest.param(
            {"models": {"cloud": [{"metadata": {"password": "hunter2"}}]}},
            "take it out, and name a Podman secret under services: litellm: secrets",
            id="cloud model",
        ),
        pytest.param(
            {"cloud_models": [{"params": {"extra_headers": {"X-Api-Key": "hunter2"}}}]},
            "write os.environ/X_API_KEY there, and services: litellm: secrets: {X_API_KEY: x_api_key}",
            id="parameter of LiteLLM",
        ),
        pytest.param(
            {"cloud_models": [{"params": {"sk-abcdefghijklmnopqrstuvwx": 1}}]},
            "take it out, and name a Podman secret under services: litellm: secrets",
            id="parameter that is a secret itself",
        ),
        pytest.param(
            {"llm_stack": {"services": {"caddy": {"nonsense": {"password": "hunter2"}}}}},
            "take it out",
            id="service that reads no secrets",
        ),
    ],
)
def test_the_hint_names_the_service_that_is_to_read_it(data, hint):
    assert [told for _, _, told in said(data)] == [hint]


@pytest.mark.parametrize("uri", ["https://me:hunter2@host/x.gguf", "https://host/x.gguf?token=hunter2"])
@pytest.mark.parametrize("form", ["list", "mapping"])
def test_a_url_with_a_secret(uri, form):
    data = model(model=uri) if form == "list" else {"local_models": {"token-x": uri}}
    what = "'model'" if form == "list" else "'token-x'"
    assert said(data) == [(URL[0], f"the url in {what} carries a user name or a token", URL[1])]


@pytest.mark.parametrize(
    ("cloud", "message"),
    [
        (
            {"api_key": {"a": "hunter2"}},
            "'api_key' cannot stand here: a key is never written into this file",
        ),
        ({"api_key_env": 12345}, "'api_key_env' must be text"),
        (
            {"requires_api_key": "hunter-2"},
            "'requires_api_key' must be a variable name of letters, digits and _",
        ),
    ],
    ids=["api_key", "api_key_env", "requires_api_key"],
)
def test_the_schema_shows_no_value_of_a_key(cloud, message):
    (found,) = said({"cloud_models": [{"name": "a", "model": "openai/a", **cloud}]})
    assert found[1] == message


FREE = [
    model(env={"MAX_TOKENS": 4096, "KEY_FILE": "/run/key", "OPENAI_API_KEY": "none", "A_TOKEN": ""}),
    model(metadata={"eos_token": "<|im_end|>", "tokenizer": "llama-bpe", "tokens": "15T"}),
    model(description="Needs an API key: see the docs"),
    model(args=["--special-tokens", "--override-kv", "tokenizer.ggml.eos_token_id=int:2"]),
    model(**{"x-password": "hunter2"}),
    model(strip_params=["TOKEN", "temperature"], aliases=["KEY", "b"]),
    {"local_models": {"token-classifier": "ollama://a"}},
    {"cloud_models": [{"name": "a", "model": "openai/a", "requires_api_key": "OPENAI_API_KEY"}]},
    {"llm_stack": {"groups": {"secret": {"description": "a"}}}},
    service(secrets={"OPENAI_API_KEY": "hunter2"}, env={"LITELLM_MASTER_KEY": "os.environ/OTHER"}),
    {"tailscale": {"oauth_client_secret": "hunter2"}, "github_token": KNOWN},
]


@pytest.mark.parametrize("data", FREE)
def test_what_is_no_secret_or_not_ours(data):
    assert said(data) == []


@pytest.mark.parametrize("enabled", [True, False])
def test_a_disabled_model_is_looked_at_in_the_same_way(enabled):
    fields = {"env": {"A_KEY": "hunter2"}, "args": ["--api-key", "hunter2"], "nonsense": KNOWN}
    assert len(said(model(enabled=enabled, **fields))) == 3


def test_nothing_else_is_said_of_a_secret():
    findings = judge({"data": model(env={"DB_PASSWORD": ["hunter2"]}, ttl=KNOWN, aliases=[KNOWN])}).findings
    assert not [one for one in findings if "hunter2" in one.message or KNOWN[:12] in one.message]


@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        (
            {"model": "openai/gpt-5"},
            (
                "take the line out, and run: systemd-ask-password -n OPENAI_API_KEY: | "
                "podman secret create openai_api_key -"
            ),
        ),
        (
            {"provider": "gemini"},
            (
                "take the line out, and run: systemd-ask-password -n GEMINI_API_KEY: | "
                "podman secret create gemini_api_key -"
            ),
        ),
        ({"model": "nobody/a"}, "take the line out; chezmoi-llm secrets tells how to keep the key"),
        ({"model": "ollama_chat/a"}, "take the line out; chezmoi-llm secrets tells how to keep the key"),
        ({"model": 3}, "take the line out; chezmoi-llm secrets tells how to keep the key"),
    ],
    ids=["by its model", "by its provider", "unknown", "without a key", "wrong"],
)
def test_the_key_of_a_provider_is_told_with_the_secret_to_make(fields, hint):
    data = {"data": {"cloud_models": [{"name": "a", "api_key": "hunter2", **fields}]}}
    (found,) = (one for one in judge(data).findings if one.code == "LLM105")
    assert (found.path, found.hint, found.is_secret) == (("data", "cloud_models", 0, "api_key"), hint, True)

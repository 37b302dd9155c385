"""Open WebUI's unit as Podman's generator and systemd read it, and its variables as Podman reads them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from realprograms import container, env_file, quadlet, shipped
from realprograms.chezmoi import Home

from chezmoi_llm.expand import judge

SERVICE = "open-webui.service"
IMAGE = "ghcr.io/open-webui/open-webui:main"
ENV = ".config/open-webui/env"
H = "/home/someone"
PLACEMENTS = ("container", "embedded", "host")

HOSTILE = {
    "A": "x ${HOME} %h $5 \"q\" 'y'",
    "B": "",
    "C": "# no comment; [Service] é🙂 \\",
    "D": "  leading and trailing  ",
    "E": "a=b=c",
    "WEBUI_NAME": '"At home"',
}

MODELS = [
    {"name": "chat:8b", "model": "hf://org/chat"},
    {"name": "small", "model": "hf://org/small"},
    {"name": "embed", "model": "hf://org/embed"},
    {"name": "rank", "model": "hf://org/reranker"},
    {"name": "ear", "model": "/models/ear.bin", "kind": "transcription", "runner": "whisper-server"},
]


def house(placement: str, *, litellm: bool = True, models: bool = True, **webui: object) -> dict:
    """Return a person's data: every role has a model, or none has."""
    swap = {"placement": placement, "models_dir": "/models"}
    served = [model for model in MODELS if placement != "container" or model["name"] != "ear"]
    services = {"llama_swap": swap, "litellm": {"enabled": litellm}, "open_webui": webui}
    stack = {"services": services, **({"task_model": "small"} if models else {})}
    return {"local_models": served if models else [], "llm_stack": stack}


def deployed(tmp_path, data: dict) -> Home:
    home = Home.make(tmp_path)
    shipped.deploy(home, data)
    return home


def variables(tmp_path, data: dict) -> dict[str, str]:
    return env_file.read(deployed(tmp_path, data).read(ENV))


@pytest.mark.real("chezmoi", "quadlet")
@pytest.mark.parametrize("placement", ["container", "embedded"])
def test_in_a_container_it_is_on_the_network_and_published_here(tmp_path, placement):
    run = container.run_of(deployed(tmp_path, house(placement)), SERVICE, IMAGE)
    assert run.values("--name") == ["open-webui"]
    assert run.values("--network") == ["llm"]
    assert run.values("--publish", "-p") == ["127.0.0.1:3000:8080"]
    assert run.values("--volume", "-v") == ["open-webui:/app/backend/data"]
    assert run.values("--env-file") == [f"{H}/.config/open-webui/env"]
    assert run.values("--health-cmd") == ["curl -fsS http://127.0.0.1:8080/health"]
    assert run.command() == []


@pytest.mark.real("chezmoi", "quadlet")
@pytest.mark.parametrize(
    ("bind", "host", "url"),
    [
        ("127.0.0.1", "127.0.0.1", "http://127.0.0.1:3300"),
        ("0.0.0.0", "0.0.0.0", "http://127.0.0.1:3300"),  # noqa: S104  the person wrote it
        ("[::1]", "::1", "http://[::1]:3300"),
    ],
)
def test_on_the_host_it_listens_where_the_person_says(tmp_path, bind, host, url):
    home = deployed(tmp_path, house("host", bind=bind, published_port=3300))
    run = container.run_of(home, SERVICE, IMAGE)
    assert run.values("--network") == ["host"]
    assert run.values("--publish", "-p") == []
    assert run.values("--health-cmd") == [f"curl -fsS {url}/health"]
    given_ = env_file.read(home.read(ENV))
    assert (given_["HOST"], given_["PORT"], given_["WEBUI_URL"]) == (host, "3300", url)


@pytest.mark.real("chezmoi", "quadlet")
@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize("litellm", [True, False], ids=["through-litellm", "direct"])
def test_units_name_each_other_as_services(tmp_path, placement, litellm):
    home = deployed(tmp_path, house(placement, litellm=litellm))
    unit = container.generated(home).unit(SERVICE)["Unit"]
    backend = "litellm.service" if litellm else "llama-swap.service"
    assert [name for name in unit["Wants"] if "network-online" not in name] == [backend]
    assert backend in unit["After"]


MASTER = "litellm_master_key"
API_KEY = "llama_swap_api_key"


@pytest.mark.real("chezmoi", "quadlet")
@pytest.mark.parametrize(
    ("litellm", "key"), [(True, MASTER), (False, API_KEY)], ids=["through-litellm", "direct"]
)
def test_the_key_of_its_backend_goes_to_each_part_that_asks_it(tmp_path, litellm, key):
    run = container.run_of(deployed(tmp_path, house("host", litellm=litellm)), SERVICE, IMAGE)
    assert run.values("--secret") == [
        f"{key},type=env,target=AUDIO_STT_OPENAI_API_KEY",
        f"{key},type=env,target=OPENAI_API_KEYS",
        f"{key},type=env,target=RAG_EXTERNAL_RERANKER_API_KEY",
        f"{key},type=env,target=RAG_OPENAI_API_KEY",
        "webui_secret_key,type=env,target=WEBUI_SECRET_KEY",
    ]
    assert run.env() == {}
    assert run.values("--security-opt") == ["no-new-privileges"]
    assert run.values("--cap-drop") == ["all"]


@pytest.mark.real("chezmoi", "quadlet")
def test_keys_of_further_connections_come_from_a_secret_of_the_persons(tmp_path):
    data = house(
        "container",
        connections=["http://box:1234/v1", "https://llm.example.org/v1"],
        secrets={"OPENAI_API_KEYS": "my_keys"},
    )
    home = deployed(tmp_path, data)
    secrets = container.run_of(home, SERVICE, IMAGE).values("--secret")
    assert [line for line in secrets if "OPENAI_API_KEYS" in line] == [
        "my_keys,type=env,target=OPENAI_API_KEYS"
    ]
    urls = env_file.read(home.read(ENV))["OPENAI_API_BASE_URLS"]
    assert urls == "http://litellm:4000/v1;http://box:1234/v1;https://llm.example.org/v1"


BACKENDS = [
    ("container", True, "http://litellm:4000"),
    ("embedded", True, "http://litellm:4000"),
    ("host", True, "http://127.0.0.1:4000"),
    ("container", False, "http://llama-swap:8080"),
    ("embedded", False, "http://llama-swap:8080"),
    ("host", False, "http://127.0.0.1:9292"),
]


@pytest.mark.real("chezmoi")
@pytest.mark.parametrize(("placement", "litellm", "url"), BACKENDS)
def test_every_url_leads_to_the_backend(tmp_path, placement, litellm, url):
    told = variables(tmp_path, house(placement, litellm=litellm))
    urls = {name: value for name, value in told.items() if "://" in value}
    assert urls.pop("WEBUI_URL") == "http://127.0.0.1:3000"
    assert urls.pop("OLLAMA_BASE_URL") == "http://127.0.0.1:11434"
    assert urls.pop("RAG_EXTERNAL_RERANKER_URL") == f"{url}/v1/rerank"
    assert set(urls.values()) == {f"{url}/v1"}
    assert {"OPENAI_API_BASE_URLS", "RAG_OPENAI_API_BASE_URL", "AUDIO_STT_OPENAI_API_BASE_URL"} < set(urls)


@pytest.mark.real("chezmoi")
def test_the_roles_decide_what_it_uses(tmp_path):
    told = variables(tmp_path, house("host"))
    expected = {
        "DEFAULT_MODELS": "chat:8b",
        "TASK_MODEL": "small",
        "TASK_MODEL_EXTERNAL": "small",
        "RAG_EMBEDDING_ENGINE": "openai",
        "RAG_EMBEDDING_MODEL": "embed",
        "ENABLE_RAG_HYBRID_SEARCH": "true",
        "RAG_RERANKING_ENGINE": "external",
        "RAG_RERANKING_MODEL": "rank",
        "AUDIO_STT_ENGINE": "openai",
        "AUDIO_STT_MODEL": "ear",
        "ENABLE_PERSISTENT_CONFIG": "false",
        "ENABLE_OLLAMA_API": "false",
        "ENABLE_VERSION_UPDATE_CHECK": "false",
    }
    assert {name: told.get(name) for name in expected} == expected


@pytest.mark.real("chezmoi")
def test_without_models_its_own_ones_are_left_alone(tmp_path):
    told = variables(tmp_path, house("host", models=False))
    assert not {"DEFAULT_MODELS", "TASK_MODEL", "RAG_EMBEDDING_ENGINE", "RAG_EMBEDDING_MODEL"} & set(told)
    assert not {"ENABLE_RAG_HYBRID_SEARCH", "AUDIO_STT_ENGINE"} & set(told)


@pytest.mark.real("chezmoi")
def test_ollama_and_settings_made_in_the_browser_can_be_switched_on(tmp_path):
    told = variables(tmp_path, house("host", ollama_url="http://box:11434", persistent_config=True))
    assert (told["ENABLE_OLLAMA_API"], told["OLLAMA_BASE_URL"]) == ("true", "http://box:11434")
    assert told["ENABLE_PERSISTENT_CONFIG"] == "true"


@pytest.mark.real("chezmoi", "quadlet", "systemd-analyze")
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_what_a_person_adds_arrives_as_it_was_written(tmp_path, placement):
    data = house(
        placement,
        env={**HOSTILE, "AUDIO_TTS_OPENAI_API_BASE_URL": "http://box/v1"},
        args=["--workers", "2", "--log-config", "/a b/$x 100%"],
        volumes=["%h/x y:/x y:ro", "/with/$dollar:/d"],
        requires=["basic.target"],
        secrets={"OAUTH_CLIENT_SECRET": "oauth", "WEBUI_SECRET_KEY": "a_key"},
        extra={"Container": {"Label": "a=1", "ShmSize": "1g"}, "Service": {"Nice": 5}},
    )
    home = deployed(tmp_path, data)
    run = container.run_of(home, SERVICE, IMAGE)
    told = env_file.read(home.read(ENV))
    assert {name: told[name] for name in HOSTILE} == HOSTILE
    assert told["AUDIO_TTS_OPENAI_API_BASE_URL"] == "http://box/v1"  # the person's own comes last
    assert run.command() == ["bash", "start.sh", "--workers", "2", "--log-config", "/a b/$x 100%"]
    assert {f"{H}/x y:/x y:ro", "/with/$dollar:/d"} < set(run.values("--volume", "-v"))
    assert {"oauth,type=env,target=OAUTH_CLIENT_SECRET", "a_key,type=env,target=WEBUI_SECRET_KEY"} < set(
        run.values("--secret")
    )
    assert sum("WEBUI_SECRET_KEY" in line for line in run.values("--secret")) == 1
    assert run.values("--shm-size") == ["1g"]
    unit = container.generated(home).unit(SERVICE)
    assert "basic.target" in unit["Unit"]["Requires"]
    assert unit["Service"]["Nice"] == ["5"]
    texts = dict(container.generated(home).texts)
    if placement == "host":
        texts["llama-swap.service"] = home.read(".config/systemd/user/llama-swap.service")
    verdict = quadlet.verify(texts, tmp_path / "verify")
    assert (verdict.returncode, verdict.stdout, verdict.stderr) == (0, "", "")


@pytest.fixture(scope="module")
def reused(tmp_path_factory) -> Home:
    """Return a home in which chezmoi can render again and again."""
    return Home.make(tmp_path_factory.mktemp("env"))


@pytest.mark.real("chezmoi")
@settings(max_examples=15)
@given(values=st.lists(st.text(max_size=40), min_size=20, max_size=200))
def test_every_value_that_the_checks_let_pass_arrives(reused, values):
    env = {f"V{number}": value for number, value in enumerate(values)}
    data = house("host", env=env)
    findings = judge({"data": data}).findings
    refused = {finding.path[-1] for finding in findings if finding.severity == 0}
    assert refused <= set(env)
    kept = {name: value for name, value in env.items() if name not in refused}
    shipped.deploy(reused, house("host", env=kept))
    told = env_file.read(reused.read(ENV))
    assert {name: told[name] for name in kept} == kept
    secret = {finding.path[-1] for finding in findings if finding.is_secret}
    assert all(
        re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", env[name])
        for name in refused - secret
    )

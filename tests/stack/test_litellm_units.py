"""The real LiteLLM before real llama.cpp servers, each started as the unit of its model says."""

import subprocess
import sys
from contextlib import ExitStack, contextmanager

import pytest
from realprograms import litellm, offline, programs, servers, shipped, standins

openai = pytest.importorskip("openai", reason="openai is not installed")

pytestmark = [pytest.mark.stack, pytest.mark.real("litellm", "xllamacpp", "gotpl")]

MASTER_KEY = "sk-of-the-person-1234"
API_KEY = "sk-of-the-models"
NAMES = ["qwen3:8b", "org/embed@1", "down"]


@pytest.fixture(scope="module")
def ports():
    first = servers.free_ports(len(NAMES))
    return dict(zip(NAMES, range(first, first + len(NAMES)), strict=True))


@pytest.fixture(scope="module")
def client(tmp_path_factory, tiny_models, ports):
    """Yield an OpenAI client of LiteLLM, behind which all models run but the one that is down."""
    chat = str(tiny_models.chat)
    data = {
        "local_models": [
            {"name": "qwen3:8b", "model": chat, "ctx_size": 1024, "aliases": ["default"]},
            {"name": "org/embed@1", "model": str(tiny_models.embedding), "kind": "embedding"},
            {"name": "down", "model": chat},
        ],
        "cloud_models": [{"name": "far", "model": "openai/gpt-5", "fallback": ["down", "qwen3:8b"]}],
        "llm_stack": {
            "accelerator": "cpu",
            "services": {"llama_swap": {"placement": "host"}, "ramalama": {"units": True}},
        },
    }
    for model in data["local_models"]:
        model["port"] = ports[model["name"]]
    folder = tmp_path_factory.mktemp("units")
    document = shipped.render(folder, data)
    env = programs.environment(folder, path=programs.toolbox(folder / "bin"))
    given = {
        "LITELLM_MASTER_KEY": MASTER_KEY,
        "LLAMA_SWAP_API_KEY": API_KEY,
        "OPENAI_API_KEY": "sk-nobody",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{servers.free_port()}/v1",
    }
    config = folder / ".config/litellm/config.yaml"
    with ExitStack() as running:
        for model in document["local_models"]:
            if model["name"] != "down":
                running.enter_context(serving(model, env))
        url = running.enter_context(litellm.serving(config, env=env | given, log=folder / "litellm.log"))
        yield openai.OpenAI(base_url=f"{url}/v1", api_key=MASTER_KEY, max_retries=0, timeout=60)


@contextmanager
def serving(model, env):
    """Run the server of a unit, on the port that the unit publishes, with the key that it is given."""
    name, *words = model["cmd_argv"]
    argv = [sys.executable, standins.SCRIPTS / name, *words]
    argv[argv.index("--port") + 1] = str(model["port"])
    with subprocess.Popen(
        argv, env={**env, "LLAMA_API_KEY": API_KEY}, stdout=subprocess.DEVNULL
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def chat(client, name, **more):
    return client.chat.completions.create(
        model=name, messages=[{"role": "user", "content": "hi"}], max_tokens=4, **more
    )


@pytest.mark.parametrize("name", ["qwen3:8b", "default"])
def test_a_chat_is_answered_under_every_name(client, name):
    answer = chat(client, name)
    assert 0 < answer.usage.completion_tokens <= 4  # a model of random numbers may end early


def test_an_answer_is_streamed(client):
    parts = chat(client, "qwen3:8b", stream=True)
    assert [part.choices[0].finish_reason for part in parts if part.choices][-1] in ("length", "stop")


def test_an_embedding_has_the_dimension_of_its_model(client, tiny_models):
    answer = client.embeddings.create(model="org/embed@1", input=["a", "b"], encoding_format="float")
    assert [len(vector.embedding) for vector in answer.data] == [tiny_models.dimensions] * 2


def test_a_local_model_that_is_down_is_passed_over(client):
    with pytest.raises(openai.APIStatusError):
        chat(client, "down")
    answer = chat(client, "far")
    assert 0 < answer.usage.completion_tokens <= 4


def test_a_model_asks_for_the_key_of_the_stack(ports, client):
    url = f"http://127.0.0.1:{ports['qwen3:8b']}/v1"
    direct = client.with_options(base_url=url, api_key="sk-wrong")
    with pytest.raises(openai.AuthenticationError):
        chat(direct, "qwen3:8b")
    assert chat(direct.with_options(api_key=API_KEY), "qwen3:8b").usage.completion_tokens


@pytest.mark.usefixtures("client")
def test_nobody_outside_is_looked_for():
    assert offline.names() == set()

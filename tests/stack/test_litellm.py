"""LiteLLM on the rendered configuration: through it to llama-swap, and to a real model server."""

import re
from pathlib import Path

import pytest
import yaml
from realprograms import litellm, servers
from realprograms.machine import machine

openai = pytest.importorskip("openai", reason="openai is not installed")

pytestmark = [
    pytest.mark.stack,
    pytest.mark.real("chezmoi", "llama-swap", "ramalama", "xllamacpp", "chezmoi-llm", "litellm"),
]

MASTER_KEY = "sk-of-the-person-1234"

TEMPLATE = """\
data:
  published_ports: {{llama_swap: {port}}}
  llm_stack:
    accelerator: cpu
    task_model: titles
    services: {{llama_swap: {{placement: host, start_port: {start}}}}}
  local_models:
    - {{name: "qwen3:8b", model: {chat}, ctx_size: 1024, aliases: [default]}}
    - {{name: titles, model: {chat}, ctx_size: 2048}}
    - {{name: embed, model: {embedding}, pooling: mean}}
  cloud_models:
    - {{name: far, model: openai/gpt-5, fallback: ["qwen3:8b"]}}
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory, tiny_models):
    """Yield an OpenAI client of a running LiteLLM, with llama-swap behind it."""
    port = servers.free_port()
    text = TEMPLATE.format(
        port=port,
        start=servers.free_ports(8),
        chat=tiny_models.chat,
        embedding=tiny_models.embedding,
    )
    with machine(tmp_path_factory.mktemp("stack")) as made:
        made.write(text)
        made.take_up()
        key = made.written_key()
        with made.llama_swap(key) as swap:
            config = _pointed_at(made.home.path / ".config/litellm/config.yaml", port, swap.url)
            env = {
                **made.home.env,
                "LITELLM_MASTER_KEY": MASTER_KEY,
                "LLAMA_SWAP_API_KEY": key,
                "OPENAI_API_KEY": "sk-nobody",
                # The provider is a port on which nobody listens: a request to it can only fall back.
                "OPENAI_BASE_URL": f"http://127.0.0.1:{servers.free_port()}/v1",
            }
            log = made.home.path / ".run/litellm.log"
            with litellm.serving(config, env=env, log=log) as url:
                yield openai.OpenAI(base_url=f"{url}/v1", api_key=MASTER_KEY, max_retries=0), config, env


def _pointed_at(config: Path, published: int, url: str) -> Path:
    """Return the rendered file with llama-swap at the free port that the test runs it on."""
    moved = config.with_name("moved.yaml")
    moved.write_text(config.read_text().replace(f"http://127.0.0.1:{published}", url))
    return moved


def test_litellm_loads_every_model(stack):
    _, config, env = stack
    models = yaml.safe_load(config.read_text())["model_list"]
    said = litellm.validate(config, env)
    (counted,) = re.findall(r"config OK \((\d+) models?\)", said)
    assert int(counted) == len(models) + 1, said  # an alias counts as a model


def test_clients_see_every_name(stack):
    client, _, _ = stack
    assert {model.id for model in client.models.list()} == {"qwen3:8b", "titles", "embed", "far", "default"}


@pytest.mark.parametrize("name", ["qwen3:8b", "default", "titles"])
def test_a_chat_is_answered(stack, name):
    client, _, _ = stack
    message = {"role": "user", "content": "hi"}
    answer = client.chat.completions.create(model=name, messages=[message], max_tokens=4)
    assert 0 < answer.usage.completion_tokens <= 4  # a model of random numbers may end early


def test_an_answer_is_streamed(stack):
    client, _, _ = stack
    message = {"role": "user", "content": "hi"}
    parts = client.chat.completions.create(model="titles", messages=[message], max_tokens=4, stream=True)
    assert [part.choices[0].finish_reason for part in parts if part.choices][-1] in ("length", "stop")


def test_an_embedding_has_the_dimension_of_its_model(stack, tiny_models):
    client, _, _ = stack
    answer = client.embeddings.create(model="embed", input=["hello", "world"], encoding_format="float")
    assert [len(vector.embedding) for vector in answer.data] == [tiny_models.dimensions] * 2


def test_a_provider_that_cannot_be_reached_falls_back_to_the_local_model(stack):
    client, _, _ = stack
    message = {"role": "user", "content": "hi"}
    answer = client.chat.completions.create(model="far", messages=[message], max_tokens=4)
    assert 0 < answer.usage.completion_tokens <= 4


def test_a_wrong_key_is_refused(stack):
    client, _, _ = stack
    with pytest.raises(openai.APIStatusError):
        client.with_options(api_key="sk-wrong").models.list()

"""The real LiteLLM on the rendered configuration: what it asks llama-swap, with which key, how patient."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
import yaml
from realprograms import backend, litellm, offline, programs, servers, shipped

from chezmoi_llm.resolve.providers import KEYLESS, KEYS, PROVIDERS, key_of

openai = pytest.importorskip("openai", reason="openai is not installed")

pytestmark = [pytest.mark.stack, pytest.mark.real("litellm", "gotpl")]

MASTER_KEY = "sk-of-the-person-1234"
API_KEY = "sk-of-llama-swap"
NAMES = ["qwen3:8b", "org/x@y+z:8b", "openai/odd", "1e3", "hf.co/a/b:Q4_K_M"]
SECONDS = 3
OTHER_BOX = "http://192.0.2.1:9292"
"""Where the second server of ``pair`` is said to be; the address of the test's own takes its place."""
ALLOWED = 2
"""Requests in a minute to one of the providers."""

DATA = {
    "local_models": [
        *({"name": name, "model": f"hf://org/m{number}"} for number, name in enumerate(NAMES)),
        {"name": backend.LATE, "model": "hf://org/late"},
        {"name": "embed", "model": "hf://org/embed", "aliases": ["text-embedding-3-small"]},
        {"name": "pair", "model": "hf://org/pair"},
        {"name": "rank", "model": "hf://org/reranker"},
        {"name": "ear", "model": "/m/ear.bin", "kind": "transcription"},
    ],
    "cloud_models": [
        {"name": "far", "model": "openai/gpt-5", "aliases": ["gpt"], "fallback": ["farther"]},
        {"name": "farther", "model": "anthropic/claude-x", "fallback": ["qwen3:8b"]},
        {"name": "alone", "model": "openai/gpt-5-mini"},
        {"name": "first", "model": "openai/gpt-5", "fallback": ["alone", "1e3"]},
        {"name": "rare", "model": "hosted_vllm/a"},
        {"name": "pair", "model": "openai/there", "api_base": f"{OTHER_BOX}/v1"},
    ],
    "llm_stack": {
        "services": {
            "llama_swap": {"placement": "host"},
            "desktop": {"enabled": False},
            "litellm": {"providers": {"hosted_vllm": {"rpm": ALLOWED}}},
        }
    },
}


@pytest.fixture(scope="module")
def swap():
    with backend.serving(*NAMES) as served:
        served.seconds = SECONDS
        yield served


@pytest.fixture(scope="module")
def other_box():
    with backend.serving("there") as served:
        yield served


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("litellm")
    shipped.render(folder, DATA)
    return folder


@pytest.fixture(scope="module")
def client(home, swap, other_box):
    """Yield an OpenAI client of LiteLLM; a minute of its patience passes in a moment."""
    text = (home / ".config/litellm/config.yaml").read_text().replace("http://127.0.0.1:9292", swap.url)
    text = text.replace(OTHER_BOX, other_box.url)
    waits = {int(seconds) for seconds in re.findall(r"timeout: (\d+)", text)}
    assert waits == {4200, 600}  # an hour for the download of a local model, ten minutes for any answer
    # of all waits only that of the model itself is longer than the model takes
    text = re.sub(r"(    (?:stream_)?timeout): 4200", rf"\1: {10 * SECONDS}", text)
    text = text.replace("request_timeout: 4200", "request_timeout: 1")
    config = home / "config.yaml"
    config.write_text(text, encoding="utf-8")
    nobody = f"http://127.0.0.1:{servers.free_port()}"
    env = {
        **programs.environment(home, path=programs.toolbox(home / "bin")),
        "LITELLM_MASTER_KEY": MASTER_KEY,
        "LLAMA_SWAP_API_KEY": API_KEY,
        "OPENAI_API_KEY": "sk-nobody",
        "OPENAI_BASE_URL": f"{nobody}/v1",
        "ANTHROPIC_API_KEY": "sk-nobody",
        "ANTHROPIC_API_BASE": nobody,
        "HOSTED_VLLM_API_BASE": f"{swap.url}/v1",
        "HOSTED_VLLM_API_KEY": "sk-nobody",
    }
    with litellm.serving(config, env=env, log=home / "litellm.log") as url:
        yield openai.OpenAI(base_url=f"{url}/v1", api_key=MASTER_KEY, max_retries=0, timeout=60)


def chat(client, name, **more):
    return client.chat.completions.create(model=name, messages=[{"role": "user", "content": "hi"}], **more)


@pytest.mark.parametrize("name", NAMES)
def test_a_chat_reaches_the_model_by_its_own_name(client, swap, name):
    assert chat(client, name).choices[0].message.content == "yes"
    assert swap.last == backend.Asked(path="/v1/chat/completions", key=API_KEY, model=name)


@pytest.mark.parametrize("name", ["embed", "text-embedding-3-small"])
def test_an_embedding_reaches_the_model_by_name_and_alias(client, swap, name):
    got = client.embeddings.create(model=name, input=["a"], encoding_format="float")
    assert got.data[0].embedding == [0.5, 0.25]
    assert swap.last == backend.Asked(path="/v1/embeddings", key=API_KEY, model="embed")


def test_documents_are_reranked_where_llama_swap_does_it(client, swap):
    got = client.post(
        "/rerank", body={"model": "rank", "query": "q", "documents": ["a", "b"]}, cast_to=dict[str, object]
    )
    assert [result["index"] for result in got["results"]] == [1, 0]
    assert swap.last == backend.Asked(path="/rerank", key=API_KEY, model="rank")


def test_speech_is_written_down(client, swap):
    got = client.audio.transcriptions.create(model="ear", file=("a.wav", b"RIFF0000WAVE", "audio/wav"))
    assert got.text == "hello"
    assert swap.last == backend.Asked(path="/v1/audio/transcriptions", key=API_KEY, model="ear")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.usefixtures("swap")
def test_a_model_that_starts_slowly_is_waited_for(client, stream):
    answer = chat(client, backend.LATE, stream=stream)
    if stream:
        text = "".join(part.choices[0].delta.content or "" for part in answer if part.choices)
    else:
        text = answer.choices[0].message.content
    assert text == "yes"


@pytest.mark.parametrize(
    ("name", "served"),
    [("far", "qwen3:8b"), ("gpt", "qwen3:8b"), ("first", "1e3")],
    ids=["a chain", "a chain by alias", "a list"],
)
def test_a_provider_out_of_reach_falls_back_to_a_local_model(client, swap, name, served):
    assert chat(client, name).choices[0].message.content == "yes"
    assert swap.last.model == served


def test_two_servers_of_one_model_share_its_requests(client, swap, other_box):
    for _ in range(40):
        assert chat(client, "pair").choices[0].message.content == "yes"
    assert backend.Asked(path="/v1/chat/completions", key=API_KEY, model="pair") in swap.asked
    asked = [one for one in other_box.asked if one.model]
    assert set(asked) == {backend.Asked(path="/v1/chat/completions", key="none", model="there")}


def test_the_key_of_the_stack_is_needed(client):
    with pytest.raises(openai.APIStatusError):
        client.with_options(api_key="sk-wrong").models.list()
    with pytest.raises(openai.APIStatusError):
        chat(client.with_options(api_key="sk-wrong"), "1e3")


@pytest.mark.usefixtures("client")
def test_it_starts_without_a_complaint(home):
    log = (home / "litellm.log").read_text(errors="replace")
    start = log.partition("Uvicorn running on")[0]
    assert start != log
    assert not re.search("github|Traceback|ERROR", start)


@pytest.mark.usefixtures("client")
def test_nobody_outside_is_looked_for():
    assert offline.names() == set()


def litellm_folder() -> Path:
    spec = importlib.util.find_spec("litellm")
    assert spec is not None
    return Path(str(spec.origin)).parent


def test_the_known_providers_are_those_of_litellm():
    enum = (litellm_folder() / "types/utils.py").read_text()
    names = re.search(r"class LlmProviders\(str, Enum\):\n(.*?)\n\n\n", enum, re.DOTALL)
    known = set(re.findall(r'= "([^"]+)"', names[1]))
    known |= set(json.loads((litellm_folder() / "llms/openai_like/providers.json").read_text()))
    assert set(PROVIDERS) == known
    assert set(KEYS) | KEYLESS <= known


NO_MODELS = {
    *("a2a", "a2a_agent", "auto_router", "aws_polly", "aws_textract", "cursor", "custom", "dotprompt"),
    *("langfuse", "litellm_agent", "mongodb", "reducto", "s3_vectors", "transcribe", "valkey"),
}
"""Words of LiteLLM for agents, tools and data bases: no model of a list is asked of them."""

OTHERWISE = {"sap"}
"""Providers that log in with more than a key."""


def test_every_variable_of_a_provider_is_one_that_litellm_reads():
    files = [*litellm_folder().rglob("*.py"), *litellm_folder().rglob("providers.json")]
    text = "\n".join(path.read_text() for path in files)
    unread = {name: key for name in PROVIDERS if (key := key_of(name)) and f'"{key}"' not in text}
    assert unread.keys() == NO_MODELS | OTHERWISE


def test_every_variable_of_the_unit_is_one_that_litellm_reads(home):
    unit = (home / ".config/containers/systemd/llm/litellm.container").read_text()
    variables = re.findall(r"^Environment=(LITELLM_\w+)=True$", unit, re.MULTILINE)
    text = "\n".join(path.read_text() for path in litellm_folder().rglob("*.py"))
    assert len(variables) == 5
    assert [name for name in variables if f'"{name}"' not in text] == []


def test_the_configuration_is_one_document(home):
    config = yaml.safe_load((home / ".config/litellm/config.yaml").read_text())
    assert config["litellm_settings"]["drop_params"] is True


def test_a_provider_is_asked_no_more_often_than_allowed(client):
    def ask() -> None:
        client.chat.completions.create(model="rare", messages=[{"role": "user", "content": "hi"}])

    for _ in range(ALLOWED):
        ask()
    with pytest.raises(openai.RateLimitError):
        ask()

"""The real Open WebUI on the rendered variables: whom it asks, for which model, and with which key.

It needs an environment of its own: ``uv pip install --excludes tests/stack/without-torch.txt open-webui``.
"""

import importlib.util
import io
import re
import wave

import pytest
from realprograms import backend, container, env_file, llama_swap, open_webui, shipped
from realprograms.chezmoi import Home

pytestmark = [
    pytest.mark.stack,
    pytest.mark.real("chezmoi", "quadlet"),
    pytest.mark.skipif(
        importlib.util.find_spec("chromadb") is None,
        reason="open-webui is not installed with all its packages",
    ),
]

KEY = "sk-of-llama-swap"
IMAGE = "ghcr.io/open-webui/open-webui:main"
NAMES = ("chat:8b", "small", "embed", "rank", "ear")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Yield somebody who is logged in, the backend, and the further server without a key."""
    home = Home.make(tmp_path_factory.mktemp("webui"))
    with backend.serving(*NAMES) as swap, backend.serving("theirs") as other:
        data = {
            "published_ports": {"open_webui": llama_swap.free_port()},
            "local_models": [
                {"name": "chat:8b", "model": "hf://org/chat"},
                {"name": "small", "model": "hf://org/small"},
                {"name": "embed", "model": "hf://org/embed"},
                {"name": "rank", "model": "hf://org/reranker"},
                {"name": "ear", "model": "/m/ear.bin", "kind": "transcription"},
            ],
            "llm_stack": {
                "task_model": "small",
                "services": {
                    "llama_swap": {"placement": "host"},
                    "litellm": {"enabled": False},
                    "open_webui": {"connections": [f"{other.url}/v1"]},
                },
            },
        }
        shipped.deploy(home, data)
        text = home.read(".config/open-webui/env").replace("http://127.0.0.1:9292", swap.url)
        secrets = container.run_of(home, "open-webui.service", IMAGE).values("--secret")
        keys = {re.search("target=(.*)", line)[1]: KEY for line in secrets}
        folder = home.path / "webui"
        folder.mkdir()
        with open_webui.serving({**env_file.read(text), **keys}, folder=folder) as browser:
            browser.sign_up()
            yield browser, swap, other


def test_each_server_is_asked_with_its_own_key_alone(house):
    browser, swap, other = house
    listed = {model["id"] for model in browser.get("/api/models")["data"]}
    assert listed == {*NAMES, "theirs"}  # and no arena
    assert {asked.key for asked in swap.asked} == {KEY}
    assert {asked.key for asked in other.asked} == {""}


def test_no_newer_release_is_looked_for(house):
    browser, *_ = house
    found = browser.get("/api/version/updates")
    assert found["latest"] == found["current"]


def test_what_the_list_says_is_what_it_uses(house):
    browser, swap, _ = house
    assert browser.get("/api/config")["default_models"] == "chat:8b"
    openai = browser.get("/openai/config")
    assert openai["OPENAI_API_BASE_URLS"][0] == f"{swap.url}/v1"
    assert browser.get("/ollama/config")["ENABLE_OLLAMA_API"] is False


def chat(browser, model):
    message = {"role": "user", "content": "hi"}
    return browser.post("/api/chat/completions", {"model": model, "messages": [message], "stream": False})


@pytest.mark.parametrize("model", ["chat:8b", "theirs"])
def test_a_chat_goes_to_the_server_that_has_the_model(house, model):
    browser, swap, other = house
    assert chat(browser, model)["choices"][0]["message"]["content"] == "yes"
    server, key = (other, "") if model == "theirs" else (swap, KEY)
    assert server.asked[-1] == backend.Asked(path="/v1/chat/completions", key=key, model=model)


def test_titles_are_made_by_the_task_model(house):
    browser, swap, _ = house
    message = {"role": "user", "content": "hi"}
    browser.post(
        "/api/v1/tasks/title/completions", {"model": "chat:8b", "messages": [message], "chat_id": "1"}
    )
    assert swap.asked[-1] == backend.Asked(path="/v1/chat/completions", key=KEY, model="small")


def test_documents_are_embedded_and_ranked_by_models_of_the_list(house):
    browser, swap, _ = house
    text = "The cat sat on the mat. " * 20
    file = browser.upload("/api/v1/files/", "cat.txt", "text/plain", text.encode())
    llama_swap.until(
        lambda: browser.get(f"/api/v1/files/{file['id']}")["data"].get("status") == "completed",
        seconds=60,
        what="the document is read",
    )
    assert backend.Asked(path="/v1/embeddings", key=KEY, model="embed") in swap.asked
    asked = {"collection_name": f"file-{file['id']}", "query": "cat", "k": 2, "hybrid": True}
    browser.post("/api/v1/retrieval/query/doc", asked)
    assert backend.Asked(path="/v1/rerank", key=KEY, model="rank") in swap.asked


def test_speech_is_written_down_by_the_model_of_the_list(house):
    browser, swap, _ = house
    got = browser.upload("/api/v1/audio/transcriptions", "a.wav", "audio/wav", silence())
    assert got["text"] == "hello"
    assert swap.asked[-1] == backend.Asked(path="/v1/audio/transcriptions", key=KEY, model="ear")


def silence() -> bytes:
    """Return a tenth of a second of silence as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16000)
        sound.writeframes(b"\0\0" * 1600)
    return file.getvalue()

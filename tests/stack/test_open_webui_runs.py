"""The real Open WebUI on the rendered variables: whom it asks, for which model, and with which key."""

import io
import wave
from contextlib import ExitStack

import pytest
from realprograms import (
    backend,
    env_file,
    litellm,
    offline,
    open_webui,
    programs,
    quadlet,
    servers,
    shipped,
)

pytestmark = [pytest.mark.stack, pytest.mark.real("open-webui", "gotpl")]

KEY = "sk-of-llama-swap"
MASTER_KEY = "sk-of-litellm-1234"
NAMES = ("chat:8b", "small", "embed", "rank", "ear")
DATA = {
    "local_models": [
        {"name": "chat:8b", "model": "hf://org/chat"},
        {"name": "small", "model": "hf://org/small"},
        {"name": "embed", "model": "hf://org/embed"},
        {"name": "rank", "model": "hf://org/reranker"},
        {"name": "ear", "model": "/m/ear.bin", "kind": "transcription"},
    ],
}


@pytest.fixture(
    scope="module",
    params=[False, pytest.param(True, marks=pytest.mark.real("litellm"))],
    ids=["direct", "through-litellm"],
)
def house(request, tmp_path_factory):
    """Yield somebody who is logged in, the backend, and the further server without a key."""
    folder = tmp_path_factory.mktemp("webui")
    with ExitStack() as running:
        swap = running.enter_context(backend.serving(*NAMES))
        other = running.enter_context(backend.serving("theirs"))
        services = {
            "llama_swap": {"placement": "host"},
            "litellm": {"enabled": request.param},
            "open_webui": {"connections": [f"{other.url}/v1"]},
        }
        ports = {"open_webui": servers.free_port()}
        shipped.render(
            folder,
            {**DATA, "published_ports": ports, "llm_stack": {"task_model": "small", "services": services}},
        )
        text = (folder / ".config/open-webui/env").read_text().replace("http://127.0.0.1:9292", swap.url)
        if request.param:
            url = running.enter_context(through_litellm(folder, swap.url))
            text = text.replace("http://127.0.0.1:4000", url)
        variables = {**env_file.read(text), **keys(folder, MASTER_KEY if request.param else KEY)}
        browser = running.enter_context(open_webui.serving(variables, folder=folder))
        browser.sign_up()
        yield browser, swap, other


def through_litellm(home, url):
    """Run LiteLLM on its rendered configuration, before the backend."""
    config = home / "config.yaml"
    rendered = (home / ".config/litellm/config.yaml").read_text()
    config.write_text(rendered.replace("http://127.0.0.1:9292", url))
    env = programs.environment(home, path=programs.toolbox(home / "bin"))
    env |= {"LITELLM_MASTER_KEY": MASTER_KEY, "LLAMA_SWAP_API_KEY": KEY}
    return litellm.serving(config, env=env, log=home / "litellm.log")


def keys(home, key):
    """Return the variables that the unit fills from secrets."""
    unit = quadlet.parse((home / ".config/containers/systemd/llm/open-webui.container").read_text())
    return {line.partition("target=")[2]: key for line in unit["Container"]["Secret"]}


def test_each_server_is_asked_with_its_own_key_alone(house):
    browser, swap, other = house
    listed = {model["id"] for model in browser.get("/api/models")["data"]}
    assert listed == {*NAMES, "theirs"}  # and no arena
    assert {asked.key for asked in swap.asked} <= {KEY}
    assert {asked.key for asked in other.asked} == {""}


def test_no_newer_release_is_looked_for(house):
    browser, *_ = house
    found = browser.get("/api/version/updates")
    assert found["latest"] == found["current"]


def test_what_the_list_says_is_what_it_uses(house):
    browser, *_ = house
    assert browser.get("/api/config")["default_models"] == "chat:8b"
    openai = browser.get("/openai/config")
    assert len(openai["OPENAI_API_BASE_URLS"]) == 2
    assert browser.get("/ollama/config")["ENABLE_OLLAMA_API"] is False


def chat(browser, model):
    message = {"role": "user", "content": "hi"}
    return browser.post("/api/chat/completions", {"model": model, "messages": [message], "stream": False})


@pytest.mark.parametrize("model", ["chat:8b", "theirs"])
def test_a_chat_goes_to_the_server_that_has_the_model(house, model):
    browser, swap, other = house
    assert chat(browser, model)["choices"][0]["message"]["content"] == "yes"
    server, key = (other, "") if model == "theirs" else (swap, KEY)
    assert server.last == backend.Asked(path="/v1/chat/completions", key=key, model=model)


def test_titles_are_made_by_the_task_model(house):
    browser, swap, _ = house
    message = {"role": "user", "content": "hi"}
    browser.post(
        "/api/v1/tasks/title/completions", {"model": "chat:8b", "messages": [message], "chat_id": "1"}
    )
    assert swap.last == backend.Asked(path="/v1/chat/completions", key=KEY, model="small")


def test_documents_are_embedded_and_ranked_by_models_of_the_list(house):
    browser, swap, _ = house
    text = "The cat sat on the mat. " * 20
    file = browser.upload("/api/v1/files/", "cat.txt", "text/plain", text.encode())
    servers.until(
        lambda: browser.get(f"/api/v1/files/{file['id']}")["data"].get("status") == "completed",
        seconds=60,
        what="the document is read",
    )
    assert backend.Asked(path="/v1/embeddings", key=KEY, model="embed") in swap.asked
    asked = {"collection_name": f"file-{file['id']}", "query": "cat", "k": 2, "hybrid": True}
    browser.post("/api/v1/retrieval/query/doc", asked)
    assert [(one.key, one.path[-7:]) for one in swap.asked if one.model == "rank"] == [(KEY, "/rerank")]


def test_speech_is_written_down_by_the_model_of_the_list(house):
    browser, swap, _ = house
    got = browser.upload("/api/v1/audio/transcriptions", "a.wav", "audio/wav", silence())
    assert got["text"] == "hello"
    assert swap.last == backend.Asked(path="/v1/audio/transcriptions", key=KEY, model="ear")


@pytest.mark.usefixtures("house")
def test_nobody_outside_is_looked_for():
    assert offline.names() == set()


def silence() -> bytes:
    """Return a tenth of a second of silence as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16000)
        sound.writeframes(b"\0\0" * 1600)
    return file.getvalue()

"""Every variable that we give Open WebUI is one that it reads, and none of them is a public address."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chezmoi_llm.expand import expand

pytestmark = pytest.mark.stack

START_SCRIPT = {"HOST", "PORT", "WEBUI_SECRET_KEY"}
"""Read by the image's start.sh as well as by the program."""

MODELS = [
    {"name": "small", "model": "ollama://qwen3:4b"},
    {"name": "embed", "model": "ollama://nomic-embed-text:latest"},
    {"name": "rank", "model": "hf://org/reranker"},
    {"name": "ear", "model": "/models/whisper.bin", "kind": "transcription", "runner": "whisper-server"},
]


def document(**services):
    settings = {"llama_swap": {"placement": "host"}, **services}
    stack = {"task_model": "small", "services": settings}
    expansion = expand({"data": {"local_models": MODELS, "llm_stack": stack}})
    assert expansion.document, expansion.findings
    return expansion.document


@pytest.fixture(scope="module")
def names_read() -> set[str]:
    """Return the names of all variables that this release of Open WebUI asks its environment for."""
    spec = importlib.util.find_spec("open_webui")
    assert spec and spec.submodule_search_locations, "open-webui is not installed"
    (folder,) = spec.submodule_search_locations
    return {name for path in Path(folder).rglob("*.py") for name in _names(path.read_text())}


def _names(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).endswith(("getenv", "environ.get")):
            yield from _text(node.args[0])
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
            yield from _text(node.slice)


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


@pytest.mark.parametrize("litellm", [True, False], ids=["through-litellm", "direct"])
def test_every_variable_is_read(names_read, litellm):
    told = document(litellm={"enabled": litellm}, open_webui={"ollama_url": "http://127.0.0.1:11434"})["open_webui"]
    secrets = {re.search("target=(.*)", line)[1] for line in told["unit"]["secrets"]}
    emitted = set(told["env"]) | secrets
    assert {"TASK_MODEL_EXTERNAL", "RAG_RERANKING_MODEL", "AUDIO_STT_MODEL", "OPENAI_API_KEYS"} <= emitted
    assert emitted - START_SCRIPT <= names_read


def test_every_address_is_on_this_machine():
    for name, value in document()["open_webui"]["env"].items():
        for host in re.findall(r"https?://([^:/;]+)", value):
            assert host == "127.0.0.1", name

"""Every variable that we give Open WebUI is one that it reads, and none of them is a public address."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from chezmoi_llm.expand import expand

pytestmark = pytest.mark.stack

START_SCRIPT = {"HOST", "PORT", "WEBUI_SECRET_KEY"}
"""Read by the image's start.sh as well as by the program."""

OF_ONE_PROVIDER = re.compile(
    "AUDIO_.*_MISTRAL|MISTRAL|ELEVENLABS|BING|PERPLEXITY|MICROSOFT|FIRECRAWL|TAVILY"
)
"""Services that are asked only where a person chooses that very provider and brings its key."""

MODELS = [
    {"name": "small", "model": "ollama://qwen3:4b"},
    {"name": "embed", "model": "ollama://nomic-embed-text:latest"},
    {"name": "rank", "model": "hf://org/reranker"},
    {"name": "ear", "model": "/models/whisper.bin", "kind": "transcription", "runner": "whisper-server"},
]


def document(models, **services):
    settings = {"llama_swap": {"placement": "host"}, **services}
    stack = {"services": settings, **({"task_model": "small"} if models else {})}
    expansion = expand({"data": {"local_models": models, "llm_stack": stack}})
    assert expansion.document, expansion.findings
    return expansion.document


class Read(NamedTuple):
    """A variable that the program asks its environment for, and what it takes instead."""

    name: str
    default: str


@pytest.fixture(scope="module")
def variables_read() -> set[Read]:
    """Return all variables that this release of Open WebUI reads."""
    spec = importlib.util.find_spec("open_webui")
    assert spec is not None, "open-webui is not installed"
    (folder,) = spec.submodule_search_locations or ()
    return {read for path in Path(folder).rglob("*.py") for read in _variables(path.read_text())}


def _variables(source: str) -> Iterator[Read]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("getenv", "environ.get")):
            yield from _variable(*node.args)
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
            yield from _variable(node.slice)


def _variable(name: ast.expr, default: ast.expr | None = None) -> Iterator[Read]:
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        yield Read(name=name.value, default=ast.unparse(default) if default else "")


@pytest.mark.parametrize("litellm", [True, False], ids=["through-litellm", "direct"])
def test_every_variable_is_read(variables_read, litellm):
    services = {"litellm": {"enabled": litellm}, "open_webui": {"ollama_url": "http://127.0.0.1:11434"}}
    told = document(MODELS, **services)["open_webui"]
    secrets = {re.search("target=(.*)", line)[1] for line in told["unit"]["secrets"]}
    emitted = set(told["env"]) | secrets
    assert {"TASK_MODEL_EXTERNAL", "RAG_RERANKING_MODEL", "AUDIO_STT_MODEL", "OPENAI_API_KEYS"} <= emitted
    assert emitted - START_SCRIPT <= {read.name for read in variables_read}


@pytest.mark.parametrize("models", [MODELS, []], ids=["models", "no models"])
def test_every_address_is_on_this_machine(models):
    told = document(models)["open_webui"]["env"]
    hosts = {host for value in told.values() for host in re.findall(r"https?://([^:/;]+)", value)}
    assert hosts == {"127.0.0.1"}


@pytest.mark.parametrize("models", [MODELS, []], ids=["models", "no models"])
def test_no_url_is_left_to_a_public_service(variables_read, models):
    told = document(models)["open_webui"]["env"]
    # config.py makes OPENAI_API_BASE_URL api.openai.com before other urls take it as their default
    public = {
        read.name
        for read in variables_read
        if re.search(r"OPENAI_API_BASE_URL|'https://(?!localhost)", read.default)
        and not OF_ONE_PROVIDER.match(read.name)
    }
    assert {"RAG_OPENAI_API_BASE_URL", "IMAGES_EDIT_OPENAI_API_BASE_URL"} < public
    assert public - set(told) == set()

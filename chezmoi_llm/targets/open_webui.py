"""Open WebUI: chat in the browser, configured by environment variables.

Every url is written out. Where one is missing Open WebUI falls back to api.openai.com for its
document, audio and image services, and would send documents there. Source of every variable:
open_webui/config.py and env.py of Open WebUI 0.12.4.
"""

from __future__ import annotations

from typing import Any

from chezmoi_llm import units
from chezmoi_llm.formats import systemd_word
from chezmoi_llm.resolve import House
from chezmoi_llm.resolve.secrets import LITELLM_MASTER_KEY, LLAMA_SWAP_API_KEY
from chezmoi_llm.targets.base import QUADLETS, File, Target, on

KEYS = "OPENAI_API_KEYS"
"""The keys for ``OPENAI_API_BASE_URLS``, in the same order, with semicolons between them."""

NO_OLLAMA = "http://127.0.0.1:11434"
"""Stands for Ollama where it is off: without a url Open WebUI looks around for one as it starts."""

OPENAI_URLS = (
    "RAG_OPENAI_API_BASE_URL",
    "AUDIO_STT_OPENAI_API_BASE_URL",
    "AUDIO_TTS_OPENAI_API_BASE_URL",
    "AUDIO_REALTIME_OPENAI_API_BASE_URL",
    "IMAGES_OPENAI_API_BASE_URL",
    "IMAGES_EDIT_OPENAI_API_BASE_URL",
)
"""Urls that are api.openai.com where they are not given, whatever OPENAI_API_BASE_URLS says."""

QUIET = {
    "ENABLE_VERSION_UPDATE_CHECK": "false",
    "RAG_EMBEDDING_MODEL_AUTO_UPDATE": "false",
    "ENABLE_EVALUATION_ARENA_MODELS": "false",
}
"""It need not ask GitHub for a newer release, nor Hugging Face for a newer model of its own.

The last one keeps "Arena Model" out of the list of models.
"""


def emit(house: House) -> dict[str, Any]:
    """Return the environment as a flat mapping of strings, and what the unit needs."""
    unit = units.additions(house, "open_webui")
    return {
        "env": env(house),
        "unit": unit | {"secrets": _secrets(house), "exec": _exec(house, unit["args"])},
    }


def env(house: House) -> dict[str, str]:
    """Return every variable that is not a secret; the person's own come last."""
    settings = house.settings.services.open_webui
    bases = (*(f"{backend}/v1" for backend in _backends(house)), *settings.connections)
    variables = {
        "WEBUI_URL": house.programs["open_webui"].url,
        "ENABLE_PERSISTENT_CONFIG": _bool(is_on=settings.persistent_config),
        "ENABLE_OPENAI_API": _bool(is_on=bool(bases)),
        "OPENAI_API_BASE_URLS": ";".join(bases),
        "ENABLE_OLLAMA_API": _bool(is_on=bool(settings.ollama_url)),
        "OLLAMA_BASE_URL": settings.ollama_url or NO_OLLAMA,
        "DEFAULT_MODELS": house.chosen["chat"],
        "DEFAULT_PINNED_MODELS": ",".join(settings.pinned_models),
        "TASK_MODEL": house.chosen["task"],
        "TASK_MODEL_EXTERNAL": house.chosen["task"],
        **dict.fromkeys(OPENAI_URLS, f"{_backend_of('', house)}/v1"),
        **_embedding(house),
        **_rerank(house),
        **_speech(house),
        **_address(house),
        **QUIET,
    }
    return {name: value for name, value in variables.items() if value} | dict(settings.env)


def _backends(house: House) -> tuple[str, ...]:
    """Return where the models answer: LiteLLM alone, else llama-swap and each model that has a unit."""
    if house.is_on("litellm"):
        return (house.programs["litellm"].internal_url,)
    own = tuple(one.internal_url for one in house.unit_models)
    has_swap = house.is_on("llama_swap") and (not own or bool(house.swapped_models))
    return (*((house.programs["llama_swap"].internal_url,) if has_swap else ()), *own)


def _backend_of(name: str, house: House) -> str:
    """Return where one model answers; without a backend, where llama-swap would, and never elsewhere."""
    backends = _backends(house)
    own = {one.model.name: one.internal_url for one in house.unit_models}
    nowhere = house.programs["llama_swap"].internal_url
    return own[name] if own.get(name) in backends else (*backends, nowhere)[0]


def _bool(*, is_on: bool) -> str:
    return "true" if is_on else "false"


def _embedding(house: House) -> dict[str, str]:
    model = house.chosen["embedding"]
    return {
        "RAG_EMBEDDING_ENGINE": "openai" if model else "",
        "RAG_EMBEDDING_MODEL": model,
        "RAG_OPENAI_API_BASE_URL": f"{_backend_of(model, house)}/v1",
    }


def _rerank(house: House) -> dict[str, str]:
    model = house.chosen["rerank"]
    if not model:
        return {}
    return {
        "ENABLE_RAG_HYBRID_SEARCH": "true",
        "RAG_RERANKING_ENGINE": "external",
        "RAG_RERANKING_MODEL": model,
        "RAG_EXTERNAL_RERANKER_URL": f"{_backend_of(model, house)}/v1/rerank",
    }


def _speech(house: House) -> dict[str, str]:
    model = house.chosen["transcription"]
    return {"AUDIO_STT_ENGINE": "openai" if model else "", "AUDIO_STT_MODEL": model}


def _address(house: House) -> dict[str, str]:
    """Return the address to listen on where the container shares the host's network."""
    if house.placement != "host":
        return {}
    program = house.programs["open_webui"]
    return {"HOST": program.bind.strip("[]"), "PORT": str(program.published_port)}


def _secrets(house: House) -> list[str]:
    """Return the secrets; Open WebUI reads the backend's key under a name for each of its parts."""
    unit = units.additions(house, "open_webui", _backend_key(house))
    internal = {f"target={LITELLM_MASTER_KEY}", f"target={LLAMA_SWAP_API_KEY}"}
    return [line for line in unit["secrets"] if line.rpartition(",")[2] not in internal]


def _exec(house: House, args: str) -> str:
    """Return the command, empty where the image's own will do.

    Open WebUI wants a list of keys as long as that of the addresses, a secret holds one key, and
    Podman puts it into a variable as it is: so a shell repeats it. A list of the person's own stays.
    """
    backends = _backends(house)
    is_ours = any(env == KEYS for env, _ in _backend_key(house))
    is_theirs = any(env == KEYS for env, _ in house.settings.services.open_webui.secrets)
    if len(backends) == 1 or not is_ours or is_theirs:
        return args and f"bash start.sh{args}"
    keys = ";".join(["$key"] * len(backends))
    script = f'key=${KEYS}; export {KEYS}="{keys}"; exec bash start.sh "$@"'
    return " ".join(map(systemd_word, ("bash", "-c", script, "start.sh"))) + args


def _backend_key(house: House) -> tuple[tuple[str, str], ...]:
    used = {secret.env: secret.name for secret in house.secrets_of("open_webui")}
    name = used.get(LITELLM_MASTER_KEY) or used.get(LLAMA_SWAP_API_KEY)
    readers = {
        KEYS: True,
        "RAG_OPENAI_API_KEY": house.chosen["embedding"],
        "RAG_EXTERNAL_RERANKER_API_KEY": house.chosen["rerank"],
        "AUDIO_STT_OPENAI_API_KEY": house.chosen["transcription"],
    }
    return tuple((env, name) for env, is_read in readers.items() if name and is_read)


OPEN_WEBUI = Target(
    key="open_webui",
    emit=emit,
    files={
        "open_webui_env": File(path=".config/open-webui/env", is_there=on("open_webui")),
        "open_webui_container": File(path=f"{QUADLETS}/open-webui.container", is_there=on("open_webui")),
    },
)

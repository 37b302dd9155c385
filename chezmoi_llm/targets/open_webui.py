"""Open WebUI: chat in the browser, configured by environment variables.

Every url is written out. Where one is missing Open WebUI falls back to api.openai.com for its
document, audio and image services, and would send documents there. Source of every variable:
open_webui/config.py and env.py of Open WebUI 0.12.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chezmoi_llm.formats import systemd_word
from chezmoi_llm.resolve import House, units
from chezmoi_llm.resolve.secrets import LITELLM_MASTER_KEY, LLAMA_SWAP_API_KEY
from chezmoi_llm.targets.base import QUADLETS, SECRETS, File, Target, Variable, on

KEYS = "OPENAI_API_KEYS"
"""The keys for ``OPENAI_API_BASE_URLS``, in the same order, with semicolons between them."""

DATA = "/app/backend/data"
"""Where Open WebUI keeps users, chats and documents in its container."""

NO_OLLAMA = "http://127.0.0.1:11434"
"""Stands for Ollama where it is off: without a url Open WebUI looks around for one as it starts."""


def emit(house: House) -> dict[str, Any]:
    """Return the environment as a flat mapping of strings, and what the unit needs."""
    unit = units.additions(house, "open_webui")
    return {
        "env": env(house),
        "unit": unit
        | {
            "secrets": _secrets(house),
            "exec": _exec(house, unit["args"]),
            "data_volume": _data_volume(house),
        },
    }


def _data_volume(house: House) -> str:
    """Return the volume of its data; nothing where the person has them elsewhere."""
    own = house.settings.services.open_webui.volumes
    return "" if DATA in map(units.destination, own) else f"open-webui:{DATA}"


def env(house: House) -> dict[str, str]:
    """Return every variable that is not a secret; the person's own come last."""
    said = {name: variable.value(house) for name, variable in VARIABLES.items()}
    own = house.settings.services.open_webui.env
    return {name: value for name, value in said.items() if value} | dict(own)


def _bases(house: House) -> tuple[str, ...]:
    """Return the urls of all OpenAI-compatible servers, the person's own last."""
    own = house.settings.services.open_webui.connections
    return (*(f"{backend}/v1" for backend in _backends(house)), *own)


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


def _url(house: House, role: str = "") -> str:
    """Return the url of the API in which a model with a role answers, or any model."""
    return f"{_backend_of(house.chosen[role] if role else '', house)}/v1"


def _switch(*, is_on: bool) -> str:
    return "true" if is_on else "false"


def _listens(house: House) -> bool:
    """Say whether it shares the host's network, and so has to be told where to listen."""
    return house.placement == "host"


def _follows(role: str, value: Callable[[House], str] = lambda _: "") -> Variable:
    """Return a variable that follows from the model with a role, where there is one."""
    return Variable(
        value=value,
        instead=f"llm_stack: {role}_model",
        when=lambda _, choices: bool(choices.roles[role].value),
    )


def _model(role: str) -> Callable[[House], str]:
    return lambda house: house.chosen[role]


def _with(role: str, said: str) -> Callable[[House], str]:
    return lambda house: said if house.chosen[role] else ""


_SECRET = Variable(instead=SECRETS)
_ANY_MODEL = Variable(value=_url)

VARIABLES: Mapping[str, Variable] = {
    "WEBUI_SECRET_KEY": _SECRET,
    "WEBUI_URL": Variable(
        value=lambda house: house.programs["open_webui"].url,
        instead="data: tailscale: or services: caddy: domain",
    ),
    "ENABLE_PERSISTENT_CONFIG": Variable(
        value=lambda house: _switch(is_on=house.settings.services.open_webui.persistent_config),
        instead="persistent_config",
    ),
    "ENABLE_OPENAI_API": Variable(
        value=lambda house: _switch(is_on=bool(_bases(house))),
        instead="",
    ),
    "OPENAI_API_BASE_URL": Variable(instead="connections"),
    "OPENAI_API_BASE_URLS": Variable(
        value=lambda house: ";".join(_bases(house)),
        instead="connections",
    ),
    "OPENAI_API_KEY": _SECRET,
    KEYS: _SECRET,
    "ENABLE_OLLAMA_API": Variable(
        value=lambda house: _switch(is_on=bool(house.settings.services.open_webui.ollama_url)),
        instead="ollama_url",
    ),
    "OLLAMA_BASE_URL": Variable(
        value=lambda house: house.settings.services.open_webui.ollama_url or NO_OLLAMA,
        instead="ollama_url",
    ),
    "OLLAMA_BASE_URLS": Variable(instead="ollama_url"),
    "DEFAULT_MODELS": Variable(value=_model("chat"), instead="llm_stack: chat_model"),
    "DEFAULT_PINNED_MODELS": Variable(
        value=lambda house: ",".join(house.settings.services.open_webui.pinned_models),
    ),
    "TASK_MODEL": Variable(value=_model("task"), instead="llm_stack: task_model"),
    "TASK_MODEL_EXTERNAL": Variable(value=_model("task"), instead="llm_stack: task_model"),
    # These are api.openai.com where they are not given, whatever OPENAI_API_BASE_URLS says.
    "RAG_OPENAI_API_BASE_URL": _follows("embedding", lambda house: _url(house, "embedding")),
    "AUDIO_STT_OPENAI_API_BASE_URL": _follows("transcription", _url),
    "AUDIO_TTS_OPENAI_API_BASE_URL": _ANY_MODEL,
    "AUDIO_REALTIME_OPENAI_API_BASE_URL": _ANY_MODEL,
    "IMAGES_OPENAI_API_BASE_URL": _ANY_MODEL,
    "IMAGES_EDIT_OPENAI_API_BASE_URL": _ANY_MODEL,
    "RAG_EMBEDDING_ENGINE": _follows("embedding", _with("embedding", "openai")),
    "RAG_EMBEDDING_MODEL": _follows("embedding", _model("embedding")),
    "ENABLE_RAG_HYBRID_SEARCH": _follows("rerank", _with("rerank", "true")),
    "RAG_RERANKING_ENGINE": _follows("rerank", _with("rerank", "external")),
    "RAG_RERANKING_MODEL": _follows("rerank", _model("rerank")),
    "RAG_EXTERNAL_RERANKER_URL": _follows(
        "rerank", lambda house: f"{_url(house, 'rerank')}/rerank" if house.chosen["rerank"] else ""
    ),
    "AUDIO_STT_ENGINE": _follows("transcription", _with("transcription", "openai")),
    "AUDIO_STT_MODEL": _follows("transcription", _model("transcription")),
    "HOST": Variable(
        value=lambda house: house.programs["open_webui"].bind.strip("[]") if _listens(house) else "",
        instead="bind",
    ),
    "PORT": Variable(
        value=lambda house: str(house.programs["open_webui"].published_port) if _listens(house) else "",
        instead="published_port",
    ),
    # It need not ask GitHub for a newer release, nor Hugging Face for a newer model of its own.
    "ENABLE_VERSION_UPDATE_CHECK": Variable(value=lambda _: "false"),
    "RAG_EMBEDDING_MODEL_AUTO_UPDATE": Variable(value=lambda _: "false"),
    # Keeps "Arena Model" out of the list of models.
    "ENABLE_EVALUATION_ARENA_MODELS": Variable(value=lambda _: "false"),
}
"""Every variable that is set here, in the order of its file."""


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
    variables=VARIABLES,
)

"""Names of secrets, and who needs them. No value of a secret ever enters the program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from chezmoi_llm.records import record
from chezmoi_llm.resolve.programs import Program
from chezmoi_llm.resolve.providers import OPENAI, PROVIDERS, key_of
from chezmoi_llm.spec import CloudModel, Spec

LLAMA_SWAP_API_KEY = "LLAMA_SWAP_API_KEY"
LITELLM_MASTER_KEY = "LITELLM_MASTER_KEY"
WEBUI_SECRET_KEY = "WEBUI_SECRET_KEY"  # noqa: S105  the name of a variable

KEY_FILE = ".config/llm/llama-swap.env"
"""Where llama-swap on the host reads its keys from, below the home."""

OURS = frozenset(env.lower() for env in (LLAMA_SWAP_API_KEY, LITELLM_MASTER_KEY, WEBUI_SECRET_KEY))
"""Secrets that only our programs know, so that random bytes will do."""


@record
class Secret:
    """A Podman secret by name, the variable that it fills, and the services that read it.

    ``is_ours``: made of random bytes where it is missing; the others come from a provider.
    """

    name: str
    env: str
    used_by: tuple[str, ...]
    is_ours: bool


def api_key_env(model: CloudModel) -> str:
    """Return the variable that holds the key of a cloud model's provider, or nothing where it has none.

    OpenAI's key is for OpenAI: a server elsewhere that speaks its API is never sent it unasked.
    """
    provider = provider_of(model)
    return model.api_key_env or ("" if model.api_base and provider in OPENAI else key_of(provider))


def provider_of(model: CloudModel) -> str:
    """Return the provider that LiteLLM asks: the part of the model before the slash.

    What is written counts where LiteLLM does not know that part.
    """
    asked = model.model.partition("/")[0]
    return asked if asked in PROVIDERS else model.provider or asked


def secrets(
    spec: Spec, programs: Mapping[str, Program], cloud: Iterable[CloudModel], *, has_units: bool
) -> tuple[Secret, ...]:
    """Return every secret that the enabled services need, sorted by name.

    A secret that the person names for one of our variables takes the place of ours. Where there are
    models with units of their own (``has_units``), these ask for llama-swap's key as well.
    """
    services = spec.stack.services
    written = {key: dict(unit.secrets) for key, unit in services.units.items()}
    read: dict[str, dict[str, str]] = {key: {} for key in written if programs[key].enabled}
    if has_units and spec.stack.enabled:
        read["ramalama"] = {}

    def give(env: str, owner: str, *readers: str) -> None:
        for key in read.keys() & {owner, *readers}:
            read[key][env] = written[owner].get(env, env.lower())

    if services.llama_swap.api_key and read.keys() & {"llama_swap", "ramalama"}:
        front = "litellm" if "litellm" in read else "open_webui"
        give(LLAMA_SWAP_API_KEY, "llama_swap", front, "ramalama")
    if "litellm" in read:
        give(LITELLM_MASTER_KEY, "litellm", "open_webui")
        for model in cloud:
            if key := api_key_env(model):
                give(key, "litellm")
    give(WEBUI_SECRET_KEY, "open_webui")
    for key, names in read.items():
        names.update(written.get(key, {}))
    return tuple(_by_name(read))


def _by_name(read: Mapping[str, Mapping[str, str]]) -> Iterator[Secret]:
    pairs = sorted({(name, env) for names in read.values() for env, name in names.items()})
    for name, env in pairs:
        users = sorted(key for key, names in read.items() if names.get(env) == name)
        yield Secret(name=name, env=env, used_by=tuple(users), is_ours=name in OURS)

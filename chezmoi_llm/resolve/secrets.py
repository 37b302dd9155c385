"""Names of secrets, and who needs them. No value of a secret ever enters the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chezmoi_llm.resolve.programs import Program
from chezmoi_llm.spec import CloudModel, Spec

LLAMA_SWAP_API_KEY = "LLAMA_SWAP_API_KEY"
LITELLM_MASTER_KEY = "LITELLM_MASTER_KEY"
WEBUI_SECRET_KEY = "WEBUI_SECRET_KEY"  # noqa: S105  the name of a variable

PROVIDER_KEYS: Mapping[str, str] = {
    "together_ai": "TOGETHERAI_API_KEY",
    "perplexity": "PERPLEXITYAI_API_KEY",
    "bedrock": "AWS_SECRET_ACCESS_KEY",
}
"""Where LiteLLM's variable is not PROVIDER_API_KEY. Source: litellm.validate_environment, 1.106."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A Podman secret by name, the variable that it fills, and the services that read it.

    ``is_ours``: made of random bytes where it is missing; the others come from a provider.
    """

    name: str
    env: str
    used_by: tuple[str, ...]
    is_ours: bool


def api_key_env(model: CloudModel) -> str:
    """Return the variable that holds the key of a cloud model's provider."""
    provider = provider_of(model)
    return model.api_key_env or PROVIDER_KEYS.get(provider, f"{provider.upper()}_API_KEY")


def provider_of(model: CloudModel) -> str:
    """Return the provider of a cloud model: written, else the part of its model before the slash."""
    return model.provider or model.model.partition("/")[0]


def secrets(spec: Spec, programs: Mapping[str, Program], cloud: Iterable[CloudModel]) -> tuple[Secret, ...]:
    """Return every secret that the enabled services need, sorted by name."""
    services = spec.stack.services
    on = {key for key, program in programs.items() if program.enabled}
    uses: dict[tuple[str, str], set[str]] = {}

    def use(env: str, name: str, *users: str) -> None:
        used_by = on.intersection(users)
        if used_by:
            uses.setdefault((name, env), set()).update(used_by)

    if services.llama_swap.api_key:
        front = "litellm" if "litellm" in on else "open_webui"
        use(LLAMA_SWAP_API_KEY, LLAMA_SWAP_API_KEY.lower(), "llama_swap", front)
    use(LITELLM_MASTER_KEY, LITELLM_MASTER_KEY.lower(), "litellm")
    if "litellm" in on:
        use(LITELLM_MASTER_KEY, LITELLM_MASTER_KEY.lower(), "open_webui")
    use(WEBUI_SECRET_KEY, WEBUI_SECRET_KEY.lower(), "open_webui")
    for model in cloud:
        use(api_key_env(model), api_key_env(model).lower(), "litellm")
    for key in ("llama_swap", "litellm", "open_webui"):
        for env, name in getattr(services, key).secrets:
            use(env, name, key)
    ours = {LLAMA_SWAP_API_KEY.lower(), LITELLM_MASTER_KEY.lower(), WEBUI_SECRET_KEY.lower()}
    return tuple(
        Secret(name=name, env=env, used_by=tuple(sorted(users)), is_ours=name in ours)
        for (name, env), users in sorted(uses.items())
    )

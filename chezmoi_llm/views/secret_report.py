"""Which secrets a stack needs, who reads them, and how each is made. Names only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from chezmoi_llm.records import record
from chezmoi_llm.resolve import House, Secret
from chezmoi_llm.resolve.secrets import KEY_FILE


@record
class Line:
    """One secret; ``is_there`` is None where nobody could be asked."""

    secret: Secret
    is_there: bool | None

    @property
    def state(self) -> str:
        """What to say about it: there, missing, or unknown."""
        return {True: "there", False: "missing", None: "unknown"}[self.is_there]


def lines(secrets: Iterable[Secret], present: Collection[str] | None) -> tuple[Line, ...]:
    """Return a line for each secret; ``present`` are the names that Podman has, None without Podman."""
    return tuple(
        Line(secret=secret, is_there=None if present is None else secret.name in present)
        for secret in secrets
    )


def how_to_make(secret: Secret, placement: str) -> str:
    """Return the command that makes a secret from standard input, so that no shell remembers it.

    In placement host llama-swap reads its key from a file; the secret has to hold that same key.
    """
    if placement == "host" and "llama_swap" in secret.used_by:
        line = f"sed -n 's/^{secret.env}=//p' ~/{KEY_FILE}"
        return f"{line} | tr -d '\\n' | podman secret create {secret.name} -"
    if secret.is_ours:
        random = "{ printf sk-; od -An -N32 -tx1 /dev/urandom | tr -d ' \\n'; }"
        return f"{random} | podman secret create {secret.name} -"
    return f"systemd-ask-password -n {secret.env}: | podman secret create {secret.name} -"


def waiting(secrets: Iterable[Secret], house: House) -> tuple[str, ...]:
    """Return the units that read secrets: those of services, and of models that have their own."""
    users = {user for secret in secrets for user in secret.used_by}
    models = [one.container_name for one in house.unit_models if "ramalama" in users]
    services = [user.replace("_", "-") for user in sorted(users - {"ramalama"})]
    return tuple(f"{name}.service" for name in (*services, *models))


def required(house: House, version: str) -> dict[str, Any]:
    """Return the manifest of the secrets that have to be there, for other programs."""
    return {
        "version": version,
        "required_secrets": [secret.name for secret in house.secrets],
        "note": "Create the missing ones with the commands of 'chezmoi-llm secrets'",
    }

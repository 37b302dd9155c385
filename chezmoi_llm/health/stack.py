"""The part of the document that a machine has to live up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chezmoi_llm.resolve import Secret
from chezmoi_llm.targets import FILES
from chezmoi_llm.targets.base import QUADLETS

_CONTAINER: Final = ".container"
_ENDINGS: Final = (_CONTAINER, ".service")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A unit of the stack: its name, its file below the home, and what it listens on; port 0 is none."""

    name: str
    file: str
    bind: str = ""
    port: int = 0

    @property
    def is_container(self) -> bool:
        """Whether Podman runs it."""
        return self.file.endswith(_CONTAINER)

    @property
    def key(self) -> str:
        """How ``llm_stack.services`` spells it; a model with a unit of its own is in there by no name."""
        return self.name.removesuffix(".service").replace("-", "_") if self.port else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What is to run: ``runners`` start llama-swap's models, ``has_caddy`` says whether Caddy is on."""

    placement: str = "container"
    services: tuple[Service, ...] = ()
    secrets: tuple[Secret, ...] = ()
    runners: frozenset[str] = frozenset()
    has_caddy: bool = False

    @property
    def needs_podman(self) -> bool:
        """Whether Podman runs anything of it."""
        return "ramalama" in self.runners or any(service.is_container for service in self.services)

    @property
    def least_podman(self) -> tuple[int, ...]:
        """The least version of Podman that knows all keys of the units; empty where it reads none."""
        if not any(service.is_container for service in self.services):
            return ()
        return (5, 2) if self.placement == "container" else (5, 1)

    @property
    def needs_socket(self) -> bool:
        """Whether llama-swap starts models through Podman's socket."""
        swap = (service for service in self.services if service.name == "llama-swap.service")
        return self.placement == "container" and any(swap)


def stack_of(document: Mapping[str, Any]) -> Stack:
    """Return what a document without error says is to run; nothing where the stack is off.

    Raises KeyError, TypeError or AttributeError for a document that somebody else has written.
    """
    if not document["enabled"]:
        return Stack()
    return Stack(
        placement=_word(document["services"]["llama_swap"]["placement"]),
        services=(*_services(document), *_models(document)),
        secrets=tuple(_secret(one) for one in document["secrets"]),
        runners=frozenset(_runners(document)),
        has_caddy=document["services"]["caddy"]["enabled"],
    )


def _services(document: Mapping[str, Any]) -> Iterator[Service]:
    for key, file in FILES.items():
        if file.path.endswith(_ENDINGS) and document["files"].get(key):
            stem = file.path.rpartition("/")[2].rpartition(".")[0]
            program = document["services"][stem.replace("-", "_")]
            port, bind = program["published_port"], program["bind"]
            if type(port) is not int:
                raise TypeError(port)
            yield Service(name=f"{stem}.service", file=file.path, bind=bind, port=port)


def _models(document: Mapping[str, Any]) -> Iterator[Service]:
    for name in map(_word, document["model_units"]["services"]):
        yield Service(name=name, file=f"{QUADLETS}/models/{name.removesuffix('.service')}{_CONTAINER}")


def _runners(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what llama-swap starts models by; a model with a unit of its own is started by systemd."""
    own = set(document["model_units"]["services"])
    for model in document["local_models"]:
        if f"{model['container_name']}.service" not in own:
            yield _word(model["runner"])


def _secret(one: Mapping[str, Any]) -> Secret:
    name, env, *used_by = map(_word, (one["name"], one["env"], *one["used_by"]))
    return Secret(name=name, env=env, used_by=tuple(used_by), is_ours=one["is_ours"])


def _word(value: Any) -> str:
    """Return a word that is shown, or that other programs are asked about: so it is no option of theirs."""
    if not isinstance(value, str) or not value.isprintable() or value.startswith("-"):
        raise TypeError(value)
    return value

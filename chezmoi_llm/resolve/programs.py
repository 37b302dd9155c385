"""Where each program of the stack is reached: container names, ports and urls."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chezmoi_llm.records import record
from chezmoi_llm.resolve import addresses, images
from chezmoi_llm.resolve.images import ServerImage
from chezmoi_llm.spec import SERVICES, Spec, Stack, Unit


@record
class Program:
    """A program of the stack, complete.

    ``port`` is the one inside its container, ``published_port`` the one on this machine. ``url``
    is for a browser, ``local_url`` for programs on this machine, ``internal_url`` for the
    containers of the stack. Ports are 0 and urls empty where the program listens on nothing.
    """

    key: str
    enabled: bool
    container_name: str = ""
    image: str
    port: int = 0
    published_port: int = 0
    bind: str = ""
    url: str = ""
    local_url: str = ""
    internal_url: str = ""


@record
class Listener:
    """A program that listens: its port inside a container and its official image."""

    port: int
    image: Callable[[Stack], str]


def _model_image(stack: Stack) -> str:
    """Return the image that RamaLama runs a model in."""
    return stack.services.ramalama.image or images.RAMALAMA[stack.accelerator]


def server_image(stack: Stack) -> ServerImage | None:
    """Return the official image with model servers that llama-swap runs in, None where it runs in none."""
    llama_swap = stack.services.llama_swap
    is_official = llama_swap.placement == "embedded" and not llama_swap.image
    return images.EMBEDDED.get(stack.accelerator) if is_official else None


def _llama_swap_image(stack: Stack) -> str:
    if stack.services.llama_swap.placement == "container":
        return images.LLAMA_SWAP_BUILT
    embedded = server_image(stack)
    return embedded.image if embedded else ""


LISTENERS: Mapping[str, Listener] = {
    "llama_swap": Listener(port=8080, image=_llama_swap_image),
    "litellm": Listener(port=4000, image=lambda _: images.LITELLM),
    "open_webui": Listener(port=8080, image=lambda _: images.OPEN_WEBUI),
}
"""The port and the official image of each program that runs as a unit."""

_HERE: Mapping[str, str] = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104  the person wrote it
"""Where this machine reaches a program that listens on every address."""


def programs(spec: Spec) -> dict[str, Program]:
    """Return every program of the stack by its key."""
    return {key: _program(key, spec) for key in SERVICES}


def is_on(key: str, spec: Spec) -> bool:
    """Say whether a program is part of the stack: as written, else by whether it has what it needs."""
    stack = spec.stack
    service = stack.services.of(key)
    if not stack.enabled:
        return False
    if service.is_given("enabled"):
        return service.enabled
    if key == "ramalama":
        return stack.services.llama_swap.placement != "embedded"
    if key == "caddy":
        return addresses.has_caddy(spec)
    return service.enabled


def _program(key: str, spec: Spec) -> Program:
    service = spec.stack.services.of(key)
    if not isinstance(service, Unit):
        image = _model_image(spec.stack) if key == "ramalama" else getattr(service, "image", "")
        return Program(key=key, enabled=is_on(key, spec), image=image)
    listener = LISTENERS[key]
    published = service.published_port or spec.published_ports[key]
    local_url = f"http://{_HERE.get(service.bind, service.bind)}:{published}"
    on_host = spec.stack.services.llama_swap.placement == "host"
    return Program(
        key=key,
        enabled=is_on(key, spec),
        container_name=service.container_name,
        image=service.image or listener.image(spec.stack),
        port=listener.port,
        published_port=published,
        bind=service.bind,
        url=_https_url(key, spec) or local_url,
        local_url=local_url,
        # A bridge container cannot reach the host's loopback, so in placement host all of them
        # share the host's network.
        internal_url=local_url if on_host else f"http://{service.container_name}:{listener.port}",
    )


def _https_url(key: str, spec: Spec) -> str:
    address = addresses.address(key, spec) if is_on("caddy", spec) else ""
    return address and f"https://{address}"

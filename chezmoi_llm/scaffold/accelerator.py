"""Which accelerator the starter names, from what a machine shows of its hardware."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MOORE_THREADS: Final = "0x1ed5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What can be seen without running anything.

    ``vendors`` are the PCI vendors of the graphics cards, such as ``0x1002``; ``compatible`` is the
    device tree's word for the board; ``has_render_node`` means ``/dev/dri/renderD*``. Podman hands
    an Nvidia card to a container only where there is a CDI specification of it.
    """

    system: str
    has_render_node: bool = False
    vendors: frozenset[str] = frozenset()
    has_nvidia_driver: bool = False
    has_nvidia_cdi: bool = False
    compatible: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """The word for ``llm_stack.accelerator``, and in a person's words what it was taken from."""

    word: str
    found: str


_RULES: Final[tuple[tuple[str, str, Callable[[Machine], bool]], ...]] = (
    ("vulkan", "nothing was looked at, since this is not Linux", lambda machine: machine.system != "linux"),
    (
        "asahi",
        "there is an Apple GPU",
        lambda machine: machine.has_render_node and "apple," in machine.compatible,
    ),
    (
        "cuda",
        "there is an Nvidia driver, and a CDI specification for Podman",
        lambda machine: machine.has_nvidia_driver and machine.has_nvidia_cdi,
    ),
    ("musa", "there is a card of Moore Threads", lambda machine: MOORE_THREADS in machine.vendors),
    ("vulkan", "there is a graphics card, /dev/dri/renderD*", lambda machine: machine.has_render_node),
    ("cpu", "there is no graphics card, no /dev/dri/renderD*", lambda _: True),
)
"""The first that holds. Vulkan serves AMD, Intel and open Nvidia drivers with the smallest image."""

_WITHOUT_CDI: Final = (
    "; for cuda Podman needs a CDI specification of the Nvidia card: "
    "sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml"
)


def guess(machine: Machine) -> Guess:
    """Return the accelerator of a machine; ``cpu`` where there is nothing else to compute with."""
    word, found = next((word, found) for word, found, holds in _RULES if holds(machine))
    is_nvidia_shut = machine.has_nvidia_driver and not machine.has_nvidia_cdi
    return Guess(word=word, found=found + _WITHOUT_CDI * is_nvidia_shut)

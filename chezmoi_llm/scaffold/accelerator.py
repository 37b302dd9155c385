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


_RULES: Final[tuple[tuple[str, Callable[[Machine], bool]], ...]] = (
    ("vulkan", lambda machine: machine.system != "linux"),
    ("asahi", lambda machine: machine.has_render_node and "apple," in machine.compatible),
    ("cuda", lambda machine: machine.has_nvidia_driver and machine.has_nvidia_cdi),
    ("musa", lambda machine: MOORE_THREADS in machine.vendors),
    ("vulkan", lambda machine: machine.has_render_node),
)
"""The first that holds. Vulkan serves AMD, Intel and open Nvidia drivers with the smallest image."""


def accelerator(machine: Machine) -> str:
    """Return the word for ``llm_stack.accelerator``; ``cpu`` where there is nothing to compute with."""
    return next((word for word, holds in _RULES if holds(machine)), "cpu")

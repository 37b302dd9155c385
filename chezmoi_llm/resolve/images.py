"""The official images of each program, by accelerator. docs/reference/images.md lists them."""

from __future__ import annotations

from collections.abc import Mapping

from chezmoi_llm.records import record

LLAMA_SWAP_BUILT = "localhost/llama-swap-ramalama:latest"
"""Built by llama-swap.build: RamaLama's command line and llama-swap in one image."""

RAMALAMA: Mapping[str, str] = {
    "vulkan": "quay.io/ramalama/ramalama:latest",
    "cpu": "quay.io/ramalama/ramalama:latest",
    "cuda": "quay.io/ramalama/cuda:latest",
    "rocm": "quay.io/ramalama/rocm:latest",
    "intel": "quay.io/ramalama/intel-gpu:latest",
    "asahi": "quay.io/ramalama/asahi:latest",
    "musa": "quay.io/ramalama/musa:latest",
}
"""What ``ramalama serve`` runs a model in. Source: RamaLama 0.25, ramalama/config.py."""

WITHOUT_CURL = frozenset({"musa"})
"""Accelerators whose image of RamaLama's has Python but no curl, which rpm brings into all the others.

Source: RamaLama, container-images/.
"""


@record
class ServerImage:
    """An image of llama-swap with the model servers inside, and where they lie in it."""

    image: str
    folder: str


_UNIFIED = "ghcr.io/mostlygeek/llama-swap:unified-"
_SINGLE = "ghcr.io/mostlygeek/llama-swap:"

EMBEDDED: Mapping[str, ServerImage] = {
    "vulkan": ServerImage(image=f"{_UNIFIED}vulkan", folder="/usr/local/bin/"),
    "cpu": ServerImage(image=f"{_UNIFIED}vulkan", folder="/usr/local/bin/"),
    "cuda": ServerImage(image=f"{_UNIFIED}cuda", folder="/usr/local/bin/"),
    "rocm": ServerImage(image=f"{_SINGLE}rocm", folder="/app/"),
    "intel": ServerImage(image=f"{_SINGLE}intel", folder="/app/"),
    "musa": ServerImage(image=f"{_SINGLE}musa", folder="/app/"),
}
"""Only vulkan and cuda have a unified image; it computes on the CPU where there is no GPU.

Source: llama-swap, .github/workflows/containers.yml, unified-docker.yml and docker/.
"""

LITELLM = "ghcr.io/berriai/litellm:main-stable"
OPEN_WEBUI = "ghcr.io/open-webui/open-webui:main"

DEVICES: Mapping[str, tuple[str, ...]] = {
    "vulkan": ("-/dev/dri", "-/dev/kfd"),
    "cpu": (),
    "cuda": ("nvidia.com/gpu=all",),
    "rocm": ("-/dev/kfd", "-/dev/dri"),
    "intel": ("-/dev/dri", "-/dev/accel"),
    "asahi": ("-/dev/dri",),
    "musa": ("-/dev/dri",),
}
"""``AddDevice=`` of a container that computes; a leading ``-`` skips a device that is not there."""

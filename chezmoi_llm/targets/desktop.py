"""The desktop's menu: an entry that opens llama-swap's own page."""

from __future__ import annotations

from typing import Any

from chezmoi_llm.resolve import House
from chezmoi_llm.targets.base import File, Target


def emit(house: House) -> dict[str, Any]:
    """Return the url to open and the browser to open it in, empty for the first one found."""
    return {
        "url": f"{house.programs['llama_swap'].url}/ui/",
        "browser": house.settings.services.desktop.browser,
    }


def _is_useful(house: House) -> bool:
    return house.is_on("desktop") and house.is_on("llama_swap")


DESKTOP = Target(
    key="desktop",
    emit=emit,
    files={"desktop_entry": File(path=".local/share/applications/llama-swap.desktop", is_there=_is_useful)},
)

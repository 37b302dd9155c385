"""RamaLama on the host: ramalama.conf and shortnames.conf.

ramalama.conf looks like TOML but is read line by line, without escapes (ramalama/toml_parser.py);
shortnames.conf is read by configparser, which lower-cases the names (ramalama/shortnames.py).
"""

from __future__ import annotations

from typing import Any

from chezmoi_llm import images
from chezmoi_llm.formats import ramalama_string, shortnames_value
from chezmoi_llm.resolve import House
from chezmoi_llm.runners.ramalama import transport_uri
from chezmoi_llm.targets.base import File, Target, on


def emit(house: House) -> dict[str, Any]:
    """Return the settings as quoted values, and a short name for each model that RamaLama serves."""
    settings = house.settings.services.ramalama
    return {
        "config": {
            "engine": ramalama_string(settings.engine),
            "image": ramalama_string(settings.image or images.RAMALAMA[house.settings.accelerator]),
            "store": ramalama_string(settings.store) if settings.store else "",
        },
        "shortnames": _shortnames(house),
    }


def _shortnames(house: House) -> list[dict[str, str]]:
    """Return one entry for each name; of two models with one short name the first has it."""
    targets: dict[str, str] = {}
    for one in house.local_models:
        if one.model.runner == "ramalama":
            targets.setdefault(one.model.shortname.lower(), transport_uri(one.model.model))
    return [
        {"name": ramalama_string(name), "target": shortnames_value(target)}
        for name, target in targets.items()
    ]


RAMALAMA = Target(
    key="ramalama",
    emit=emit,
    files={
        "ramalama_conf": File(path=".config/ramalama/ramalama.conf", is_there=on("ramalama")),
        "shortnames_conf": File(path=".config/ramalama/shortnames.conf", is_there=on("ramalama")),
    },
)

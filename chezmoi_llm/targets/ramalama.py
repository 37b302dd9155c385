"""RamaLama on the host: ramalama.conf and shortnames.conf.

ramalama.conf looks like TOML but is read line by line, without escapes (ramalama/toml_parser.py);
shortnames.conf is read by configparser, which lower-cases the names (ramalama/shortnames.py).
"""

from __future__ import annotations

import re
from typing import Any

from chezmoi_llm.formats import ramalama_string, shortnames_value
from chezmoi_llm.resolve import House
from chezmoi_llm.runners.base import PATH_SCHEME, scheme_of
from chezmoi_llm.runners.ramalama import RAMALAMA as RUNNER
from chezmoi_llm.runners.ramalama import transport_uri
from chezmoi_llm.targets.base import File, Target, on


def emit(house: House) -> dict[str, Any]:
    """Return the settings as quoted values, and a short name for each model that RamaLama serves."""
    settings = house.settings.services.ramalama
    return {
        "config": {
            "engine": ramalama_string(settings.engine),
            "image": ramalama_string(house.programs["ramalama"].image),
            "store": ramalama_string(settings.store) if settings.store else "",
        },
        "shortnames": _shortnames(house),
        "downloads": _downloads(house),
    }


def _shortnames(house: House) -> list[dict[str, str]]:
    """Return one entry for each name; of two models with one short name the first has it.

    A unit also serves what RamaLama itself cannot fetch.
    """
    targets: dict[str, str] = {}
    for one in house.local_models:
        if one.model.runner == RUNNER.key and scheme_of(one.model.model) in RUNNER.schemes:
            targets.setdefault(one.model.shortname.lower(), transport_uri(one.model.model))
    return [
        {"name": ramalama_string(name), "target": shortnames_value(target)}
        for name, target in targets.items()
    ]


def _downloads(house: House) -> list[dict[str, str]]:
    """Return the models that RamaLama fetches, each with its name in ``ramalama list``."""
    return [
        {"name": one.model.name, "uri": one.model.model, "listed_as": listed_as(one.model.model)}
        for one in house.swapped_models
        if one.model.runner == RUNNER.key and scheme_of(one.model.model) != PATH_SCHEME
    ]


def listed_as(uri: str) -> str:
    """Return the name under which RamaLama lists a model that it has fetched from a URI.

    Source: trim_model_name and extract_model_identifiers in ramalama/transports.
    """
    scheme = scheme_of(uri)
    name, tag = _tagged(re.sub(r"^(\w+://|hf\.co/)", "", uri))
    if scheme == "hf":
        name = name.removeprefix("hf.co/")
        tag = tag.upper() if tag != _LATEST and name.count("/") == 1 else tag
    elif scheme == "ollama" and "/" not in name:
        name = f"library/{name}"
    elif scheme == "rlcr":
        name = f"rlcr.io/ramalama/{name}"
    listed = f"{_LISTED_SCHEMES[scheme]}://{name}:{tag}"
    return listed if scheme in _KEEPS_LATEST else listed.removesuffix(f":{_LATEST}")


_LATEST = "latest"
_LISTED_SCHEMES = {"hf": "hf", "ms": "modelscope", "ollama": "ollama", "oci": "oci", "rlcr": "oci"}
_KEEPS_LATEST = frozenset({"ollama", "oci", "rlcr"})


def _tagged(name: str) -> tuple[str, str]:
    """Split a tag off; a colon before the last slash belongs to a port."""
    stem, colon, tag = name.rpartition(":")
    return (stem, tag) if colon and "/" not in tag else (name, _LATEST)


RAMALAMA = Target(
    key="ramalama",
    emit=emit,
    files={
        "ramalama_conf": File(path=".config/ramalama/ramalama.conf", is_there=on("ramalama")),
        "shortnames_conf": File(path=".config/ramalama/shortnames.conf", is_there=on("ramalama")),
    },
)

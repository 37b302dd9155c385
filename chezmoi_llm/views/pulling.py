"""Which models and images a stack has to fetch, and under which name RamaLama lists each model."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from chezmoi_llm.records import record
from chezmoi_llm.resolve import House, ServedModel
from chezmoi_llm.runners import RAMALAMA, RUNNERS
from chezmoi_llm.runners.base import PATH_SCHEME, scheme_of
from chezmoi_llm.store import NO_STOCK, Stock
from chezmoi_llm.targets.ramalama import listed_as

BUILT = "localhost/"
"""Registry of the images that are built here."""


@record
class Fetch:
    """A model to fetch: its name in the list, its URI, and the name that RamaLama keeps it under.

    ``gigabytes`` is the size of the download where the model store knows it, else 0.
    """

    name: str
    uri: str
    kept_as: str
    gigabytes: float = 0


@record
class Plan:
    """What to fetch, what is there already, and which models fetch themselves when they start."""

    missing: tuple[Fetch, ...]
    present: tuple[Fetch, ...]
    by_themselves: tuple[str, ...]


def plan(house: House, names: Collection[str], kept: Collection[str], stock: Stock = NO_STOCK) -> Plan:
    """Return what is to be done for the named models, or for all; ``kept`` is what RamaLama lists.

    ``stock`` is what the model store knows of the list.
    A name may be an alias; one that is unknown is left out. A model whose file is here needs nothing.
    """
    wanted = [one for one in house.local_models if not names or {*names}.intersection(one.model.names)]
    remote = [one for one in wanted if scheme_of(one.model.model) not in {PATH_SCHEME, ""}]
    fetches = [_fetch(one, stock) for one in remote if _is_ramalamas(one)]
    return Plan(
        missing=tuple(fetch for fetch in fetches if fetch.kept_as not in kept),
        present=tuple(fetch for fetch in fetches if fetch.kept_as in kept),
        by_themselves=tuple(one.model.name for one in remote if not _is_ramalamas(one)),
    )


def _is_ramalamas(one: ServedModel) -> bool:
    return one.model.runner == RAMALAMA.key and not one.has_unit


def _fetch(one: ServedModel, stock: Stock) -> Fetch:
    model, entry = one.model, stock.entries.get(("local", one.model.id))
    is_entrys = entry is not None and entry.fields.get("model") == model.model
    return Fetch(
        name=model.name,
        uri=model.model,
        kept_as=listed_as(model.model),
        gigabytes=entry.facts.get("file_size_gb", 0) if entry and is_entrys else 0,
    )


def stack_images(house: House) -> tuple[str, ...]:
    """Return the images of everything that is switched on, each once; built ones last."""
    found = dict.fromkeys(filter(None, _images(house)))
    return (
        *(image for image in found if not image.startswith(BUILT)),
        *(image for image in found if image.startswith(BUILT)),
    )


def _images(house: House) -> Iterator[str]:
    if any(RUNNERS[one.model.runner].in_container for one in house.local_models):
        yield house.programs["ramalama"].image
    for program in house.programs.values():
        if program.enabled and program.port:
            yield program.image

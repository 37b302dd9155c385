"""Decides which list is true: the one in the rendered config file, or the one in its template.

chezmoi renders the config template only when told to (``init``, ``--init``). A plain ``apply`` is
to see an edit all the same, so the template is rendered on the side, and wins. That needs no
render while both texts are those for which both were last found to say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.diagnostics import Path
from chezmoi_llm.document import Document, is_known
from chezmoi_llm.records import record

OWNED = ("local_models", "cloud_models", "models", "llm_stack")
"""Keys under ``data:`` that are chezmoi-llm's own; ``models`` only if it holds both lists."""

OURS_ALONE = tuple(key for key in OWNED if key != "models")
"""Those that nobody else uses, so that they are known wherever they stand."""

SHARED = ("published_ports", "tailscale", "urls")
"""Keys under ``data:`` that it reads and that the person's other services read too."""


@record
class Pair:
    """Checksums of a template, with all that it includes, and of the config file made from it."""

    template: str
    config: str


def needs_render(pair: Pair, known: Pair | None, *, is_fresh: bool) -> bool:
    """Say whether the template must be rendered to know what it says.

    ``known`` is the pair last found to agree; ``is_fresh`` says that chezmoi itself has made the
    config file from this template in this very run.
    """
    return bool(pair.template) and pair != known and not is_fresh


def may_be_stale(pair: Pair, known: Pair | None) -> bool:
    """Say whether the template may hold a newer list, where its render cannot tell.

    It does not if the template is the one of the known pair, nor if both texts are new: then
    chezmoi has made the one from the other.
    """
    return known is None or (pair.template != known.template and pair.config == known.config)


@record
class Verdict:
    """Which data to believe, and what there is to say about it.

    ``is_settled``: both texts give the same keys of ours. ``is_blind``: what the template says
    depends on answers that nobody gave. ``unseen``: other keys that differ, which templates of
    the person see only after ``chezmoi init``.
    """

    data: Mapping[str, Any]
    is_settled: bool
    is_blind: bool = False
    unseen: tuple[str, ...] = ()


def choose(config: Mapping[str, Any], renders: tuple[Mapping[str, Any], ...]) -> Verdict:
    """Choose between the config file and the render of its template, all as chezmoi reads them.

    There are two renders, with different answers, where the template asks questions, and none
    where it cannot be rendered without the person.
    """
    if not renders or _ours(renders[0]) != _ours(renders[-1]):
        return Verdict(data=config, is_settled=False, is_blind=True)
    first, last = (_data(render) for render in (renders[0], renders[-1]))
    rendered_before = _data(config)
    keys = dict.fromkeys((*first, *rendered_before))
    return Verdict(
        data=renders[0],
        is_settled=_ours(renders[0]) == _ours(config),
        unseen=tuple(
            key
            for key in keys
            if key not in OWNED
            and first.get(key) == last.get(key)
            and first.get(key) != rendered_before.get(key)
        ),
    )


def hides_ours(config: Mapping[str, Any]) -> bool:
    """Say whether the config file has a key ``llm``, which chezmoi takes instead of our document."""
    return "llm" in _data(config)


def _data(config: Mapping[str, Any]) -> Mapping[str, Any]:
    return config.get("data") or {}


def _ours(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the document is made from: our keys, and those in a place where they are wrong."""
    data = _data(config)
    misplaced = {f"beside data: {key}": True for key in OWNED if key in config}
    return misplaced | {key: data[key] for key in (*OWNED, *SHARED, "llm") if key in data}


# --- what the text of a template says without being rendered --------------------------------------


def templated(document: Document) -> Iterator[Path]:
    """Yield the places of what is ours that only a render of the template can tell."""
    data = document.data.get("data") if isinstance(document.data, dict) else None
    for key, value in (data if isinstance(data, dict) else {}).items():
        if not is_known(key):
            yield ("data",)
        elif key in OWNED or key in SHARED:
            yield from _uncertain(value, ("data", key), document)


def _uncertain(value: Any, path: Path, document: Document) -> Iterator[Path]:
    if not is_known(value) or document.is_conditional(path):
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            if is_known(key):
                yield from _uncertain(item, (*path, key), document)
            else:
                yield path
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _uncertain(item, (*path, index), document)


def in_order(data: Any) -> Any:
    """Return data with the keys of every mapping sorted, as chezmoi hands all of them over."""
    if isinstance(data, dict):
        return {key: in_order(data[key]) for key in sorted(data, key=str)}
    return [in_order(item) for item in data] if isinstance(data, list) else data

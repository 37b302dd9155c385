"""Takes in what the person wrote: from chezmoi's config file or from its template, whichever is true."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.chezmoi import truth
from chezmoi_llm.chezmoi.naming import DOCUMENT, FORMATS
from chezmoi_llm.chezmoi.rootkeys import root_keys
from chezmoi_llm.chezmoi.truth import Pair
from chezmoi_llm.diagnostics import Diagnostic
from chezmoi_llm.records import record, replace
from chezmoi_llm.world import datafiles
from chezmoi_llm.world.chezmoi import Chezmoi
from chezmoi_llm.world.stamp import Shelf
from chezmoi_llm.world.texts import Text, read_template, read_text

PLAIN, INIT = "chezmoi apply", "chezmoi apply --init"
"""What applies an edit; the second renders the template anew, and asks its questions."""


@record
class Intake:
    """What the person wrote, and how sure that is.

    ``data`` is a config file as chezmoi reads it. ``file`` is what the person edits, ``apply`` the
    command that then takes it up. ``settled`` is the pair of texts that needs no render next time;
    ``is_sure`` is false where the template may say more than could be seen. ``notices`` are
    sentences for the person. ``faults`` are what is wrong with the template itself; then ``data``
    is that of the config file.
    """

    data: Mapping[str, Any]
    file: Text | None
    apply: str = PLAIN
    settled: Pair | None = None
    is_sure: bool = True
    notices: tuple[str, ...] = ()
    faults: tuple[Diagnostic, ...] = ()


def take_in(chezmoi: Chezmoi, known: Pair | None) -> Intake:
    """Return what the person wrote; ``known`` is the pair of texts last found to say the same.

    Raises ChezmoiError where chezmoi cannot read its own config file.
    """
    config = read_text(chezmoi.config_file)
    template = read_template(chezmoi.source_dir)
    written = with_misplaced(chezmoi.dump_config(), config)
    if template is None:
        return Intake(data=written, file=config)
    pair = Pair(template=template.checksum, config=config.checksum if config else "")
    intake = Intake(data=written, file=template, settled=pair)
    if not truth.needs_render(pair, known, is_fresh=chezmoi.has_just_rendered):
        return intake
    from chezmoi_llm.world import newer_template  # noqa: PLC0415  only after an edit, and people wait

    return newer_template.seen(intake, chezmoi, template, config, known)


def take_in_for_output(chezmoi: Chezmoi) -> Intake:
    """Return what the person wrote, for a template that runs ``chezmoi-llm expand`` itself.

    That may happen many times in one run of chezmoi, so the pair of texts that was found to agree is
    remembered. A document that the hook has left would win over this one: a notice says so.
    """
    shelf = Shelf(cache_dir=chezmoi.cache_dir, source_dir=chezmoi.source_dir)
    memory = shelf.recall()
    intake = take_in(chezmoi, memory.pair)
    if intake.settled not in {None, memory.pair}:
        shelf.remember(replace(memory, pair=intake.settled))
    return replace(intake, notices=(*intake.notices, *_left_over(intake, chezmoi.source_dir)))


def has_hook(config: Mapping[str, Any]) -> bool:
    """Say whether a program of the person's runs before chezmoi reads the source folder."""
    hooks = config.get("hooks") or {}
    return bool((hooks.get("read-source-state") or {}).get("pre", {}).get("command"))


def _left_over(intake: Intake, source_dir: str) -> Iterator[str]:
    document = os.path.join(source_dir, DOCUMENT)
    if os.path.exists(document) and not has_hook(intake.data) and not datafiles.is_tracked(source_dir):
        yield f"{document} is left over from the hook, and templates read it instead of this; delete it"


def with_misplaced(config: Mapping[str, Any], text: Text | None) -> Mapping[str, Any]:
    """Put back what chezmoi drops at the root without a word: keys of ours, and a ``data`` mistyped."""
    if text is None:
        return config
    found = root_keys(text.whole, FORMATS[text.kind])
    if found and not any(key.lower() == "data" for key in found):
        return {key: config.get(key) for key in found}
    return {**config, **{key: None for key in truth.OWNED if key in found}}

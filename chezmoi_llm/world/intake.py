"""Takes in what the person wrote: from chezmoi's config file or from its template, whichever is true."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.chezmoi import truth
from chezmoi_llm.chezmoi.naming import DOCUMENT, FORMATS
from chezmoi_llm.chezmoi.rootkeys import root_keys
from chezmoi_llm.chezmoi.template_calls import (
    Question,
    answers,
    depends_on_terminal,
    is_answered,
    is_yes_or_no,
    questions,
)
from chezmoi_llm.chezmoi.truth import Pair
from chezmoi_llm.diagnostics import Diagnostic
from chezmoi_llm.records import record, replace
from chezmoi_llm.showing.words import listed
from chezmoi_llm.world import datafiles, faults
from chezmoi_llm.world.chezmoi import STOPPING, Chezmoi, ChezmoiError, ChezmoiTimeoutError
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
    written = _with_misplaced(chezmoi.dump_config(), config)
    if template is None:
        return Intake(data=written, file=config)
    pair = Pair(template=template.checksum, config=config.checksum if config else "")
    intake = Intake(data=written, file=template, settled=pair)
    if not truth.needs_render(pair, known, is_fresh=chezmoi.has_just_rendered):
        return intake
    return _seen_in_template(intake, chezmoi, template, config, known)


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


def _seen_in_template(
    intake: Intake, chezmoi: Chezmoi, template: Text, config: Text | None, known: Pair | None
) -> Intake:
    """Return the intake with what the render of the template says, or with why it says nothing."""
    try:
        renders = tuple(_renders(chezmoi, template, intake.data, config))
    except ChezmoiTimeoutError as error:
        return _blind(intake, chezmoi.command, known, str(error))
    except ChezmoiError as error:
        needs_person = "executing" in str(error) or questions(template.whole)
        return replace(
            intake,
            apply=INIT if needs_person else intake.apply,
            settled=None,
            faults=faults.of_template(str(error), template),
        )
    verdict = truth.choose(intake.data, renders)
    if verdict.is_blind:
        return _blind(intake, chezmoi.command, known, "its list depends on answers that only you can give")
    if config and truth.hides_ours(intake.data) and not truth.hides_ours(verdict.data):
        return replace(intake, apply=INIT, settled=None, faults=(faults.hides_ours(config.path),))
    return replace(
        intake,
        data=verdict.data,
        settled=intake.settled if verdict.is_settled else None,
        notices=tuple(_unseen(verdict.unseen, is_all_known=not _unanswered(template, intake.data))),
    )


def _unanswered(template: Text, written: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return the questions of a template to which the config file keeps no answer."""
    data = written.get("data") or {}
    asked = questions(template.whole)
    return tuple(one for one in asked if not is_answered(one, data, template.kind))


def _renders(
    chezmoi: Chezmoi, template: Text, written: Mapping[str, Any], config: Text | None
) -> tuple[Mapping[str, Any], ...]:
    """Return what the template says; twice where answers may change it, never where nobody knows them."""

    def said(number: int) -> Mapping[str, Any]:
        options, is_tty = answers(asked, number), bool(number)
        text = chezmoi.render_config_template(template.path, options, is_tty=is_tty)
        return written if config and text == config.data else _read(chezmoi, text, template.kind)

    asked = questions(template.whole)
    may_vary = bool(asked) or depends_on_terminal(template.whole)
    if not may_vary or not _is_templated(template):
        return (said(0),)
    if not all(map(is_yes_or_no, _unanswered(template, written))):
        return ()
    rendered = said(0)
    try:
        return (rendered, said(1))
    except ChezmoiError:  # the person's own check of an answer
        return ()


def _is_templated(template: Text) -> bool:
    """Say whether an action of the template has a say in what is ours."""
    from chezmoi_llm import source  # noqa: PLC0415  only where the template asks questions

    documents = source.parse(template.data, template.path).documents
    return not documents or any(any(truth.templated(document)) for document in documents)


def _read(chezmoi: Chezmoi, text: bytes, kind: str) -> Mapping[str, Any]:
    return _with_misplaced(chezmoi.read_config_text(text, kind), Text(path=f"render.{kind}", data=text))


def _with_misplaced(config: Mapping[str, Any], text: Text | None) -> Mapping[str, Any]:
    """Put back what chezmoi drops at the root without a word: keys of ours, and a ``data`` mistyped."""
    if text is None:
        return config
    found = root_keys(text.whole, FORMATS[text.kind])
    if found and not any(key.lower() == "data" for key in found):
        return {key: config.get(key) for key in found}
    return {**config, **{key: None for key in truth.OWNED if key in found}}


def _blind(intake: Intake, command: str, known: Pair | None, why: str) -> Intake:
    """Return the intake of a template that cannot be rendered without the person.

    The config file is believed. Where nothing is known of the pair, one word about it is enough,
    but not in the ``status`` of a shell prompt, which nobody reads.
    """
    if intake.file is None or intake.settled is None or not truth.may_be_stale(intake.settled, known):
        return replace(intake, apply=INIT)
    is_told = known is None and command in STOPPING
    return replace(
        intake,
        apply=INIT,
        settled=intake.settled if is_told else None,
        is_sure=is_told,
        notices=(f"{intake.file.path} is not looked at: {why}; if you changed it, run: {INIT}",),
    )


def _unseen(keys: tuple[str, ...], *, is_all_known: bool) -> Iterator[str]:
    """Yield what templates of the person do not see yet; what follows from unknown answers is no news."""
    told = [key for key in keys if is_all_known or key in truth.SHARED]
    if told:
        differ, them = ("differs", "it") if len(told) == 1 else ("differ", "them")
        yield (
            f"{listed(told, last='and')} {differ} from the rendered config file; "
            f"your own templates see {them} after: chezmoi init"
        )

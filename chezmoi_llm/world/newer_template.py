"""What a config template says that is newer than the config file which chezmoi has rendered of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm.chezmoi import truth
from chezmoi_llm.chezmoi.template_calls import (
    Question,
    answers,
    depends_on_terminal,
    is_answered,
    is_yes_or_no,
    questions,
)
from chezmoi_llm.chezmoi.truth import Pair
from chezmoi_llm.records import replace
from chezmoi_llm.showing.words import listed
from chezmoi_llm.world import faults
from chezmoi_llm.world.chezmoi import (
    STOPPING,
    Chezmoi,
    ChezmoiError,
    ChezmoiExitError,
    ChezmoiHookError,
    ChezmoiTimeoutError,
)
from chezmoi_llm.world.intake import INIT, Intake, with_misplaced
from chezmoi_llm.world.texts import Text


def seen(
    intake: Intake, chezmoi: Chezmoi, template: Text, config: Text | None, known: Pair | None
) -> Intake:
    """Return the intake with what the render of the template says, or with why it says nothing."""
    try:
        renders = tuple(_renders(chezmoi, template, intake.data, config))
    except (ChezmoiTimeoutError, ChezmoiHookError) as error:
        return _blind(intake, chezmoi.command, known, str(error))
    except ChezmoiExitError:
        return _blind(intake, chezmoi.command, known, "it ends itself with exit here")
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
    return with_misplaced(chezmoi.read_config_text(text, kind), Text(path=f"render.{kind}", data=text))


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

"""Lets chezmoi render a config template, so that ``check --render`` sees what actions print."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from chezmoi_llm.chezmoi.template_calls import answers, depends_on_terminal, is_answered, questions
from chezmoi_llm.diagnostics import Diagnostic
from chezmoi_llm.records import record
from chezmoi_llm.world import faults
from chezmoi_llm.world.chezmoi import Chezmoi, ChezmoiError, ChezmoiExitError, ChezmoiTimeoutError
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.texts import Text, with_included


@record
class Renders:
    """What a marked template came to, once for each set of answers to its questions.

    ``faults`` are what is wrong with the template itself; ``notice`` says why nothing could be seen.
    """

    outputs: tuple[bytes, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
    notice: str = ""


def render(path: str, data: bytes) -> Renders:
    """Return the renders of a config template; programs that it calls are run.

    Raises CouldNotRunError where chezmoi is missing, cannot read its own config file, or does not end.
    """
    from chezmoi_llm.source.text import Unreadable  # noqa: PLC0415  only for this option
    from chezmoi_llm.source.traced import marked  # noqa: PLC0415

    source_dir = os.path.dirname(os.path.abspath(path))
    chezmoi = Chezmoi.on_path(source_dir)
    if chezmoi is None:
        raise CouldNotRunError("--render needs chezmoi, which is not on PATH")
    try:
        text = marked(data.decode()).encode()
    except (UnicodeDecodeError, Unreadable):
        return Renders()
    template = with_included(Text(path=path, data=data), source_dir)
    asked = questions(template.whole)
    first, second = (answers(asked, number) for number in (0, 1))
    try:
        outputs = [chezmoi.render_text(text, first, is_tty=False)]
    except ChezmoiTimeoutError:
        raise
    except ChezmoiExitError:
        return Renders(notice=f"{path} ends itself with exit here, so its render was not checked")
    except ChezmoiError:
        return Renders(faults=_faults(chezmoi, template, first))
    if _is_open(template, chezmoi.dump_config()):
        try:
            outputs.append(chezmoi.render_text(text, second, is_tty=True))
        except ChezmoiError:  # the person's own check of an answer
            return Renders(notice=f"{path} asks what only you can answer, so its render was not checked")
    return Renders(outputs=tuple(outputs))


def _is_open(template: Text, config: Mapping[str, Any]) -> bool:
    """Say whether another answer, or a person at the terminal, may change the render."""
    known = config.get("data") or {}
    unanswered = (one for one in questions(template.whole) if not is_answered(one, known, template.kind))
    return any(unanswered) or depends_on_terminal(template.whole)


def _faults(chezmoi: Chezmoi, template: Text, options: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """Return what chezmoi says of the template as it stands, with its places."""
    try:
        chezmoi.render_config_template(os.path.abspath(template.path), options)
    except ChezmoiError as error:
        return faults.of_template(str(error), template)
    return ()

"""Tells the artefacts of reading a template as one text from the mistakes of the person.

All arms of all blocks are read as one text first. Where that fails, each arm must be readable by
itself: if so, the failure came of putting them together, and the block there is taken for unknown
lines instead. So is an action at the start of an item, which may print more than one line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

from chezmoi_llm.source.formats import Format
from chezmoi_llm.source.nodes import Node
from chezmoi_llm.source.rendered import Rendered
from chezmoi_llm.source.rendering import Choice, Template
from chezmoi_llm.source.text import Unreadable

Span: TypeAlias = tuple[int, int]

MOST_TRIES: Final = 16
"""How often a text is read again before its first failure is believed."""
MOST_CHARACTERS: Final = 8 * 2**20
"""How much of it in all."""
_PRINTED: Final = re.compile("[\U000f0000-\U0010ffff]")
"""The marks of what actions print: private characters."""
NEAR: Final = 2
"""Lines between a block and a failure that it may have caused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """One way of rendering a template, and what reading it gave.

    The failure is placed in the template; ``at`` is its place in the rendered text.
    """

    choice: Choice
    rendered: Rendered
    root: Node | None = None
    failure: Unreadable | None = None
    at: int = 0


def read(template: Template, form: Format) -> tuple[Rendered, Node | None]:
    """Return a way of rendering the template that can be read, and its nodes, marked.

    Raises Unreadable, with offsets in the template, where there is none: the failure that was not
    overcome.
    """
    attempt = _untangled(_attempt(template, form, Choice()), template, form)
    tries = min(MOST_TRIES, 1 + MOST_CHARACTERS // (1 + len(template.text)))
    while attempt.failure:
        suspects = list(islice(_suspects(template, form, attempt, attempt.failure), max(tries, 0)))
        tries -= len(suspects)
        others = (_dropped(attempt, spans, template, form) for spans in suspects)
        best = max(filter(None, others), key=_reach, default=None)
        if best is None:
            raise attempt.failure
        attempt = _untangled(best, template, form)
    return attempt.rendered, attempt.root


def _reach(attempt: _Attempt) -> float:
    """Return how far into the template an attempt got."""
    return attempt.failure.start if attempt.failure else math.inf


def _dropped(
    attempt: _Attempt, spans: Collection[Span], template: Template, form: Format
) -> _Attempt | None:
    """Return the attempt without some actions or blocks, if that gets behind the lines they stand on."""
    other = _attempt(template, form, _without(attempt.choice, frozenset(start for start, _ in spans)))
    line_end = template.text.find("\n", max(end for _, end in spans))
    is_better = _reach(other) > max(line_end, _reach(attempt)) and (line_end >= 0 or not other.failure)
    return other if is_better else None


def _attempt(template: Template, form: Format, choice: Choice) -> _Attempt:
    rendered = template.render(choice)
    try:
        return _Attempt(choice=choice, rendered=rendered, root=form.read(rendered))
    except Unreadable as failure:
        at = failure.start
        failure.start, failure.end = rendered.span(failure.start, failure.end)
        failure.message, failure.hint = map(rendered.shown, (failure.message, failure.hint))
        return _Attempt(choice=choice, rendered=rendered, failure=failure, at=at)


def _untangled(attempt: _Attempt, template: Template, form: Format) -> _Attempt:
    """Mark what is uncertain; where arms ran into each other, read again without their blocks."""
    while attempt.root is not None:
        tangled = form.mark(attempt.root, attempt.rendered)
        if not tangled:
            break
        attempt = _attempt(template, form, _without(attempt.choice, tangled))
    return attempt


def _without(choice: Choice, starts: frozenset[int]) -> Choice:
    return Choice(arm=choice.arm, dropped=choice.dropped | starts)


def _suspects(
    template: Template, form: Format, attempt: _Attempt, failure: Unreadable
) -> Iterator[Collection[Span]]:
    """Yield where the actions and blocks stand that may have caused a failure, nearest first."""
    if failure.code != "LLM001":
        return
    text, at = attempt.rendered.text, attempt.at
    above = _content_above(text, text.rfind("\n", 0, at))
    outputs = [
        attempt.rendered.span(out, out + 1)
        for out in attempt.rendered.outputs
        if above <= out <= at and _starts_item(text, out)
    ]
    yield from ([span] for span in outputs)
    if len(outputs) > 1:
        yield outputs
    first, last = _lines_around(template.text, failure.start)
    near = [block for block in template.blocks() if first <= block.end and block.start <= last]
    if near and not _fails_alone(template, form, attempt, failure):
        spans = sorted(((block.start, block.end) for block in near), key=lambda span: span[1] - span[0])
        yield from ([span] for span in spans)


def _content_above(text: str, line_start: int) -> int:
    """Return where the nearest line with content above a line starts."""
    end = len(text[: max(line_start, 0)].rstrip())
    return text.rfind("\n", 0, end)


def _lines_around(text: str, at: int) -> tuple[int, int]:
    first = last = at
    for _ in range(NEAR):
        first = text.rfind("\n", 0, max(first, 0))
        last = text.find("\n", last + 1) if last >= 0 else last
    return first, last if last >= 0 else len(text)


def _starts_item(text: str, at: int) -> bool:
    """Say whether the lines of a whole item or mapping could come from an action there, or before it."""
    line = _PRINTED.sub("", text[text.rfind("\n", 0, at) + 1 : at])
    return not line.strip("- ") or line.endswith((":", "-"))


def _fails_alone(template: Template, form: Format, attempt: _Attempt, failure: Unreadable) -> bool:
    """Say whether one arm of each block, read without the others, fails at the same place."""
    arms = max((len(fork.edges) - 1 for fork in attempt.rendered.forks), default=0)
    for arm in range(arms):
        alone = _attempt(template, form, Choice(arm=arm, dropped=attempt.choice.dropped))
        if alone.failure and alone.failure.start == failure.start:
            return True
    return False

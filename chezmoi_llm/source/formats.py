"""Reads the text of a template in its format, and tells its own artefacts from the person's mistakes.

All arms of all blocks are read as one text first. Where that fails, each arm must be readable by
itself: if so, the failure came of putting them together, and the block there is taken for unknown
lines instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.source import uncertain
from chezmoi_llm.source.assemble import Assembled, assemble
from chezmoi_llm.source.blocks import Block
from chezmoi_llm.source.nodes import Mapping, Node, Scalar, Sequence
from chezmoi_llm.source.rendering import Choice, Rendered, Template, verbatim
from chezmoi_llm.source.text import Lines, Unreadable

Reader: TypeAlias = Callable[[Rendered], Node | None]

MOST_TRIES: Final = 16
"""How often a text is read again before its first failure is believed."""


def format_of(file: str, text: str = "") -> str:
    """Return the format that the name of a file tells, else the one that its text looks like."""
    ending = file.removesuffix(".tmpl").rpartition(".")[2].lower()
    if ending in READERS:
        return ending
    return next((name for name, looks in _LOOKS if looks.match(text)), "yaml")


def _yaml(rendered: Rendered) -> Node | None:
    from chezmoi_llm.source import yaml_text  # noqa: PLC0415  PyYAML takes as long to start as Python

    return yaml_text.read(rendered.text, rendered.marks)


def _json(rendered: Rendered, *, comments: bool = False) -> Node | None:
    from chezmoi_llm.source import json_text  # noqa: PLC0415

    edges = [edge for fork in rendered.forks for edge in fork.edges]
    seams = sorted(edges + [hole.at for hole in rendered.holes])
    return json_text.read(rendered.text, rendered.marks, comments=comments, seams=seams)


def _jsonc(rendered: Rendered) -> Node | None:
    return _json(rendered, comments=True)


def _toml(rendered: Rendered) -> Node | None:
    from chezmoi_llm.source import toml_text  # noqa: PLC0415

    return toml_text.read(rendered)


READERS: Final[dict[str, Reader]] = {
    "yaml": _yaml,
    "yml": _yaml,
    "json": _json,
    "jsonc": _jsonc,
    "toml": _toml,
}


def read_template(text: str, file: str, lines: Lines) -> Assembled:
    """Return the documents of a template; raises Unreadable with offsets in ``text``."""
    rendered, root = _read(Template(text), READERS[format_of(file)])
    if root is not None:
        if format_of(file) != "toml":
            uncertain.mark(root, rendered)
        _check_root(root, rendered)
    return assemble(root, rendered, lines, file)


_LOOKS: Final = (
    ("json", re.compile(r"\s*\{")),
    ("toml", re.compile(r"""(?:\s|\#[^\n]*\n)*(?:\[|[\w."'-]+[ \t]*=)""")),
)


def read_plain(text: str, file: str, lines: Lines) -> Assembled:
    """Return the document of a text without template actions; raises Unreadable."""
    rendered = verbatim(text)
    root = READERS[format_of(file, text)](rendered)
    if root is not None:
        _check_root(root, rendered)
    return assemble(root, rendered, lines, file)


def quick_json(text: str) -> Any:
    """Return the data of a JSON text that has nothing wrong, else None: reading it again tells why."""
    from chezmoi_llm.source import json_text  # noqa: PLC0415

    try:
        data = json_text.load(text)
    except Unreadable:
        return None
    return data if isinstance(data, dict) else None


def _check_root(root: Node, rendered: Rendered) -> None:
    if isinstance(root, Mapping) or (isinstance(root, Scalar) and root.value in {None, UNKNOWN}):
        return
    found = "a list" if isinstance(root, Sequence) else "one value"
    start, end = rendered.span(root.start, root.end)
    message = f"the file is {found}, but must be keys with values"
    raise Unreadable("LLM001", start, message, end=end, hint="start with the key 'data'")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """One way of rendering a template, and what reading it gave; the failure is placed in the template."""

    choice: Choice
    rendered: Rendered
    root: Node | None = None
    failure: Unreadable | None = None
    at: int = 0


def _attempt(template: Template, reader: Reader, choice: Choice) -> _Attempt:
    rendered = template.render(choice)
    try:
        return _Attempt(choice=choice, rendered=rendered, root=reader(rendered))
    except Unreadable as failure:
        at = failure.start
        failure.start, failure.end = rendered.span(failure.start, failure.end)
        return _Attempt(choice=choice, rendered=rendered, failure=failure, at=at)


def _read(template: Template, reader: Reader) -> tuple[Rendered, Node | None]:
    """Return a way of rendering the template that can be read; raises the first failure."""
    first = attempt = _attempt(template, reader, Choice())
    tries = MOST_TRIES
    while attempt.failure:
        for start in _suspects(template, reader, attempt, attempt.failure):
            choice = Choice(dropped=attempt.choice.dropped | {start})
            other = _attempt(template, reader, choice)
            tries -= 1
            if other.failure is None or other.failure.start > attempt.failure.start:
                attempt = other
                break
        else:
            tries = 0
        if attempt.failure and first.failure and tries <= 0:
            raise first.failure
    return attempt.rendered, attempt.root


def _suspects(template: Template, reader: Reader, attempt: _Attempt, failure: Unreadable) -> Iterator[int]:
    """Yield the starts of the actions and blocks that may have caused a failure, nearest first."""
    if failure.code != "LLM001":
        return
    text, at = attempt.rendered.text, attempt.at
    line = text.rfind("\n", 0, at)
    above = text.rfind("\n", 0, max(line, 0))
    for out, start in attempt.rendered.outputs:
        if above <= out <= at and _starts_item(text, out):
            yield start
    near = [block for block in template.blocks() if _lines_between(template.text, block, failure) <= NEAR]
    if near and not _fails_alone(template, reader, attempt, failure):
        yield from (block.start for block in sorted(near, key=lambda block: block.end - block.start))


NEAR: Final = 2
"""Lines between a block and a failure that it may have caused."""


def _lines_between(text: str, block: Block, failure: Unreadable) -> int:
    return text.count("\n", block.end, failure.start) + text.count("\n", failure.start, block.start)


def _fails_alone(template: Template, reader: Reader, attempt: _Attempt, failure: Unreadable) -> bool:
    """Say whether one arm of each block, read without the others, fails at the same place."""
    arms = max((len(fork.edges) - 1 for fork in attempt.rendered.forks), default=0)
    for arm in range(arms):
        alone = _attempt(template, reader, Choice(arm=arm, dropped=attempt.choice.dropped))
        if alone.failure and alone.failure.start == failure.start:
            return True
    return False


def _starts_item(text: str, at: int) -> bool:
    """Say whether the lines of a whole item or mapping could come from an action there."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return not line.strip("- ") or line.endswith((":", "-"))

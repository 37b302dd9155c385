"""Why an edit is not made: the text stays as it is, and the person reads what to do by hand."""

from __future__ import annotations

from dataclasses import dataclass

from chezmoi_llm.diagnostics import Diagnostic


class UncertainError(Exception):
    """A place in the text that cannot be changed with certainty.

    ``start`` counts characters from 0, ``line`` lines from 1; one of them says where, or neither.
    """

    def __init__(self, why: str, start: int = -1, *, line: int = 0) -> None:
        super().__init__(why)
        self.why, self.start, self.line = why, start, line


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong with a text."""

    text: str
    found: tuple[Diagnostic, ...]


class RefusedError(Exception):
    """An edit that is not made: one sentence and a hint, what to do by hand, and what would be wrong.

    ``line`` is where the sentence is about, 0 for the file as a whole.
    """

    def __init__(
        self,
        why: str,
        *,
        line: int = 0,
        hint: str = "",
        paste: tuple[str, ...] = (),
        wrong: Wrong | None = None,
    ) -> None:
        super().__init__(why)
        self.why, self.line, self.hint, self.paste, self.wrong = why, line, hint, paste, wrong

"""Why an edit is not made: the text stays as it is, and the person reads what to do by hand."""

from __future__ import annotations

from chezmoi_llm.diagnostics import Diagnostic


class UncertainError(Exception):
    """A place in the text that cannot be changed with certainty.

    ``start`` counts characters from 0, ``line`` lines from 1; one of them says where, or neither.
    """

    def __init__(self, why: str, start: int = -1, *, line: int = 0) -> None:
        super().__init__(why)
        self.why, self.start, self.line = why, start, line


class RefusedError(Exception):
    """An edit that is not made: one sentence, lines to paste, and what would be wrong in the file.

    ``line`` is where the sentence is about, 0 for the file as a whole. ``text`` is the text that the
    diagnostics speak of.
    """

    def __init__(
        self,
        why: str,
        *,
        line: int = 0,
        paste: tuple[str, ...] = (),
        found: tuple[Diagnostic, ...] = (),
        text: str = "",
    ) -> None:
        super().__init__(why)
        self.why, self.line, self.paste, self.found, self.text = why, line, paste, found, text

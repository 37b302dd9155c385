"""JSON with comments and with commas behind the last item, as chezmoi reads ``.jsonc``."""

from __future__ import annotations

import re

_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_LAST_COMMA = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])', re.DOTALL)


def plain(text: str) -> str:
    """Return the text as plain JSON."""
    for left_out in (_COMMENT, _LAST_COMMA):
        text = left_out.sub(lambda found: found[1] or " ", text)
    return text

"""JSON with comments and with commas behind the last item, as chezmoi reads ``.jsonc``."""

from __future__ import annotations

import re

_STRING = r'"(?:\\.|[^"\\])*(?:"|\\?\Z)'
_COMMENT = re.compile(rf"//[^\n]*|/\*.*?\*/|({_STRING}|/\*.*)", re.DOTALL)
_LAST_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)
"""What nobody closes goes on to the end, and stays for chezmoi to complain of."""


def plain(text: str) -> str:
    """Return the text as plain JSON."""
    for left_out in (_COMMENT, _LAST_COMMA):
        text = left_out.sub(lambda found: found[1] or " ", text)
    return text

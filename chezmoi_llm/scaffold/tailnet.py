"""The lines that tell Caddy what this machine is called, for a person to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import indent
from typing import Any, Final

from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.scaffold.block import Piece, missing
from chezmoi_llm.scaffold.config import SERVICES, Config
from chezmoi_llm.scaffold.paste import Paste, pastes

_TAILSCALE: Final = {"tailscale": {"hostname": "box", "tailnet": "tail1234.ts.net"}}
_COMMENT: Final[Mapping[str, str]] = {"yaml": "# ", "toml": "# ", "json": ""}


def advice(found: Config) -> Iterator[str]:
    """Yield the lines, as comments where the format has any; none where Caddy may have a name."""
    pieces = () if _may_have_name(found) else _pieces(found)
    if pieces:
        yield ""
        yield "Caddy serves nothing before it has a name. Fill in what Tailscale calls this machine:"
        yield ""
    for piece in pieces:
        yield f"--- {piece.where}:"
        yield indent(piece.text.removesuffix("\n"), _COMMENT[found.format])
        yield "---"


def _may_have_name(found: Config) -> bool:
    above: tuple[Any, ...] = tuple(found.at(SERVICES[:end]) for end in (1, 2, 3))
    caddy = found.at((*SERVICES, "caddy"))
    is_named = isinstance(caddy, Mapping) and not {"mode", "sites"}.isdisjoint(caddy)
    return UNKNOWN in (*above, caddy) or is_named


def _pieces(found: Config) -> tuple[Paste, ...]:
    if ("data",) in found.keys or found.format == "toml":
        return pastes(tuple(missing({"data": _TAILSCALE}, found)), found, is_all=False)
    (alone,) = pastes((Piece(anchor=(), values=_TAILSCALE),), found, is_all=False)
    return (Paste(where="right below data, once it is there", text=indent(alone.text, "  ")),)

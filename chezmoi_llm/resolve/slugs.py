"""One rule for how a model's name becomes part of file, unit, container and DNS names."""

from __future__ import annotations

import re

SLUG_LENGTH = 54
"""So that ``ramalama-<slug>`` is one DNS label, which has at most 63 characters."""


def slug(name: str) -> str:
    """Return a name in a-z and 0-9, with a single dash for every run of other characters."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:SLUG_LENGTH].rstrip("-")

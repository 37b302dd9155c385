"""What every format of a report is given beside the diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Texts: TypeAlias = Mapping[str, str]
"""The text of each file that a diagnostic may be about, by its name."""

"""The record of what each release shipped; ``python -m chezmoi_llm.world.released`` writes it anew."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

import chezmoi_llm
from chezmoi_llm.scaffold.releases import Releases, checksum
from chezmoi_llm.scaffold.tree import CONFIG, SCHEMA
from chezmoi_llm.world.scaffolding import shipped_files
from chezmoi_llm.world.streams import read_bytes

RECORD = os.path.join(os.path.dirname(os.path.abspath(chezmoi_llm.__file__)), "released.json")
"""Version, path as shipped, SHA-256. What was released stays: people have these files."""


def releases(shipped: Mapping[str, bytes]) -> Releases:
    """Return all releases on record together with the files at hand."""
    return Releases.of(json.loads(read_bytes(RECORD)), shipped)


def current(shipped: Mapping[str, bytes]) -> dict[str, str]:
    """Return the record of the files at hand: checksums by path, sorted.

    The starter is not in it, which is a person's own from the first day, nor the schema, which is
    nobody's to edit.
    """
    return {path: checksum(shipped[path]) for path in sorted(shipped.keys() - {CONFIG, SCHEMA})}


def main() -> None:
    """Write the record of this version anew."""
    versions = json.loads(read_bytes(RECORD)) if os.path.exists(RECORD) else {}
    versions[chezmoi_llm.__version__] = current(shipped_files())
    with open(RECORD, "w", encoding="utf-8") as file:
        json.dump(versions, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    main()

"""Tells a file that a person has edited from one that some release shipped just so."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from chezmoi_llm.scaffold.rewriting import unfitted
from chezmoi_llm.scaffold.tree import SCHEMA


@dataclass(frozen=True, slots=True, kw_only=True)
class Releases:
    """Checksums (SHA-256) of every file of every release, by its path as shipped."""

    checksums: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, versions: Mapping[str, Mapping[str, str]], shipped: Mapping[str, bytes]) -> Releases:
        """Return the releases on record, and this one; ``versions`` maps version, path, checksum."""
        known: dict[str, set[str]] = {path: {checksum(text)} for path, text in shipped.items()}
        for files in versions.values():
            for path, found in files.items():
                known.setdefault(path, set()).add(found)
        return cls(checksums={path: frozenset(sums) for path, sums in known.items()})

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all files that any release shipped, sorted."""
        return tuple(sorted(self.checksums))

    def has(self, path: str, text: bytes) -> bool:
        """Say whether a release shipped this text at this path, but for its list of files.

        The schema is a copy for editors, and nobody's to edit.
        """
        return path == SCHEMA or checksum(unfitted(text, self.paths)) in self.checksums.get(
            path, frozenset()
        )


def checksum(text: bytes) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    return hashlib.sha256(text).hexdigest()

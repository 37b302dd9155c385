"""A person with a home and dotfiles who runs ``chezmoi-llm init`` and chezmoi."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from realprograms import helper
from realprograms.chezmoi import SOURCE, Done, Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person's home, in which chezmoi-llm is on PATH."""

    home: Home

    @classmethod
    def make(
        cls, folder: Path, files: Mapping[str, str] | None = None, *, root: str = "", source: str = SOURCE
    ) -> Person:
        """Make a home whose source folder holds ``files``; ``root`` is what .chezmoiroot says.

        ``source`` is the folder, below the home.
        """
        home = Home.make(folder, "chezmoi-llm", source=source)
        if root:
            home.write({".chezmoiroot": f"{root}\n"})
        person = cls(home=home)
        home.write({os.path.join(root, name): text for name, text in (files or {}).items()})
        return person

    def init(self, *args: str) -> Done:
        """Run ``chezmoi-llm init`` without a terminal."""
        return helper.run(["init", *args], env=self.home.env, cwd=self.home.path)

    def bytes(self) -> dict[str, bytes]:
        """Return every file and link of the source folder."""
        source = self.home.source
        paths = (path for path in sorted(source.rglob("*")) if path.is_file() or path.is_symlink())
        return {
            str(path.relative_to(source)): path.read_bytes() for path in paths if ".git" not in path.parts
        }

    def modes(self) -> dict[str, int]:
        """Return the permissions of every file and folder of the source folder."""
        source = self.home.source
        return {str(path.relative_to(source)): path.lstat().st_mode for path in sorted(source.rglob("*"))}


def fine(done: Done) -> str:
    """Return what a run printed, which must have gone well."""
    assert done.returncode == 0, done.stderr
    return done.stdout


def left_out(said: str) -> dict[str, tuple[str, str]]:
    """Return why ``init`` leaves a file out, and what to do instead, by the file."""
    told = re.findall(
        r"^  left out: (.*(?:\n {12}\S.*)*)\n    why:     (.*)\n    instead: (.*(?:\n {13}.*)*)",
        said,
        re.MULTILINE,
    )
    return {path: (reason, instead) for paths, reason, instead in told for path in paths.split()}


def works(home: Home) -> None:
    """Run the everyday commands of chezmoi."""
    for run in (home.managed, home.data, home.diff, home.apply):
        fine(run())

"""Runs the real chezmoi on a home and a source folder of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, TypeAlias

from realprograms import programs

Done: TypeAlias = CompletedProcess[str]

SOURCE = ".local/share/chezmoi"
"""Where chezmoi looks for the source folder unless told otherwise, below the home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A person's home with chezmoi in it; every command returns the finished process."""

    path: Path
    source: Path
    env: Mapping[str, str]

    @classmethod
    def make(cls, folder: Path, *names: str, source: str = SOURCE, **env: str) -> Home:
        """Make ``folder/home``, its empty source folder, and ``folder/bin``, which is the whole PATH.

        ``names`` are the programs on that PATH besides the usual tools and chezmoi; stand-ins may be
        put there too. ``env`` adds variables.
        """
        home = folder / "home"
        (home / source).mkdir(parents=True)
        (home / ".run").mkdir(mode=0o700)
        path = programs.toolbox(folder / "bin", "chezmoi", *names)
        return cls(path=home, source=home / source, env=programs.environment(home, path=path, **env))

    @property
    def bin(self) -> Path:
        """The folder that is the whole PATH."""
        return Path(self.env["PATH"])

    @property
    def config(self) -> Path:
        """The folder of chezmoi's own config file."""
        return self.path / ".config/chezmoi"

    def write(self, files: Mapping[str, str]) -> None:
        """Write files of the source folder, named relative to it; their folders are made."""
        for name, text in files.items():
            file = self.source / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        """Return the text of a file below the home."""
        return (self.path / name).read_text(encoding="utf-8")

    def run(self, *args: str, stdin: str = "", env: Mapping[str, str] | None = None) -> Done:
        """Run ``chezmoi ARGS`` in the home; ``env`` adds variables for this run."""
        place = [] if self.source == self.path / SOURCE else ["--source", str(self.source)]
        command = [programs.located("chezmoi"), *place, *args]
        return programs.run(command, env={**self.env, **(env or {})}, cwd=self.path, stdin=stdin)

    def init(self, *args: str, **env: str) -> Done:
        """Render the config template; with ``--apply`` also the files."""
        return self.run("init", *args, env=env)

    def apply(self, *args: str, **env: str) -> Done:
        """Write the files of the home."""
        return self.run("apply", *args, env=env)

    def diff(self, *args: str, **env: str) -> Done:
        """Print what ``apply`` would change."""
        return self.run("diff", "--no-pager", *args, env=env)

    def status(self, *args: str, **env: str) -> Done:
        """Print one line for each file that ``apply`` would change."""
        return self.run("status", *args, env=env)

    def managed(self, *args: str, **env: str) -> Done:
        """Print the names of the files that chezmoi looks after."""
        return self.run("managed", *args, env=env)

    def cat(self, name: str, **env: str) -> Done:
        """Print what a file below the home would become."""
        return self.run("cat", str(self.path / name), env=env)

    def execute(self, template: str, *args: str, **env: str) -> Done:
        """Print what a template's text renders to."""
        return self.run("execute-template", *args, stdin=template, env=env)

    def data(self, **env: str) -> Done:
        """Print all template data as JSON."""
        return self.run("data", "--format", "json", env=env)

    def values(self, **env: str) -> dict[str, Any]:
        """Return all template data, parsed."""
        done = self.data(**env)
        done.check_returncode()
        values: dict[str, Any] = json.loads(done.stdout)
        return values

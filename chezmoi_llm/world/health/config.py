"""Lets chezmoi read its own config file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chezmoi_llm.scaffold.config import SLOT
from chezmoi_llm.world import places
from chezmoi_llm.world.chezmoi import Chezmoi
from chezmoi_llm.world.failures import CouldNotRunError, explaining


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The config file, and what chezmoi reads in it: that is never shown, since it may hold secrets.

    ``data`` is None where nobody could read it, and ``trouble`` says why; ``path`` is empty where there
    is no file.
    """

    path: str = ""
    data: Mapping[str, Any] | None = None
    trouble: str = ""

    @property
    def hook_words(self) -> list[str]:
        """The command that runs before chezmoi reads the source folder, and its arguments."""
        found: Any = self.data
        for key in SLOT:
            found = found.get(key) if isinstance(found, Mapping) else None
        words = found if isinstance(found, Mapping) else {}
        return [str(words.get("command") or words.get("script") or ""), *map(str, words.get("args") or ())]


def read_config(folder: str, home: str) -> Config:
    """Return what chezmoi reads for a source folder; no template is rendered for it, and no hook runs."""
    caller = Chezmoi.from_environment(os.environ)
    path = caller.config_file if caller else places.config_file(home)
    chezmoi = caller or _on_path(folder, path)
    if not os.path.isfile(path):
        return Config()
    try:
        with explaining():
            return Config(path=path, data=chezmoi.dump_config() if chezmoi else None)
    except CouldNotRunError as error:
        return Config(path=path, trouble=str(error))


def _on_path(folder: str, config_file: str) -> Chezmoi | None:
    """Return the chezmoi on PATH; the folders that are left open it takes from its config file."""
    executable = shutil.which("chezmoi")
    if executable is None:
        return None
    return Chezmoi(
        executable=executable,
        config_file=config_file,
        source_dir=folder,
        working_tree="",
        cache_dir="",
        dest_dir="",
    )

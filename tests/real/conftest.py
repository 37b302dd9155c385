"""Dotfiles with the hook, for the tests of what it does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from realprograms.dotfiles import Dotfiles
from realprograms.kept import renewed


@pytest.fixture
def fresh(tmp_path: Path) -> Dotfiles:
    """Return dotfiles that nobody has applied yet."""
    return Dotfiles.make(tmp_path)


@pytest.fixture(scope="session")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Dotfiles]:
    """Return a function that returns applied dotfiles."""

    def make(folder: Path) -> Dotfiles:
        dotfiles = Dotfiles.make(folder)
        assert dotfiles.home.init("--apply").returncode == 0
        dotfiles.starts()
        return dotfiles

    return renewed(make, partial(tmp_path_factory.mktemp, "applied"))


@pytest.fixture
def dotfiles(applied: Callable[[], Dotfiles]) -> Dotfiles:
    """Return dotfiles that are applied, with nothing left to do."""
    return applied()

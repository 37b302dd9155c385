"""Dotfiles with the hook, for the tests of what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from realprograms.dotfiles import Dotfiles
from realprograms.kept import Kept


@pytest.fixture
def fresh(tmp_path: Path) -> Dotfiles:
    """Return dotfiles that nobody has applied yet."""
    return Dotfiles.make(tmp_path)


@pytest.fixture(scope="session")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Dotfiles]:
    """Return a function that returns applied dotfiles, each time as if nobody had used them."""
    made = _applied(tmp_path_factory)
    dotfiles, kept = next(made)

    def again() -> Dotfiles:
        nonlocal dotfiles, kept
        if kept.is_untouched("bin/chezmoi-llm"):
            kept.put_back()
        else:  # the hook knows its helper by the inode, and would start a copy once more
            dotfiles, kept = next(made)
        return dotfiles

    return again


def _applied(factory: pytest.TempPathFactory) -> Iterator[tuple[Dotfiles, Kept]]:
    while True:
        folder = factory.mktemp("applied")
        dotfiles = Dotfiles.make(folder)
        assert dotfiles.home.init("--apply").returncode == 0
        dotfiles.starts()
        yield dotfiles, Kept.keep(folder, factory.mktemp("kept") / "copy")


@pytest.fixture
def dotfiles(applied: Callable[[], Dotfiles]) -> Dotfiles:
    """Return dotfiles that are applied, with nothing left to do."""
    return applied()

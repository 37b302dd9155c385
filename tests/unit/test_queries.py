"""Questions to other programs, which may answer anything."""

from __future__ import annotations

import os
import sys

import pytest

from chezmoi_llm.world import queries


def says(script: str) -> str | None:
    return queries.answer(sys.executable, "-c", script, seconds=10)


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        ("print(' a b ')", "a b"),
        ("import sys; sys.stdout.buffer.write(b'/srv/d\\xe9')", os.fsdecode(b"/srv/d\xe9")),
        ("print('a'); raise SystemExit(1)", None),
    ],
    ids=["words", "the name of a folder in Latin-1", "a failure"],
)
def test_an_answer(script, answer):
    assert says(script) == answer


def test_a_program_that_is_missing_does_not_answer():
    assert queries.answer("no-such-program-at-all") is None

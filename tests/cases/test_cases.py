"""Each folder here is a test: a config template, what ``check`` says, and what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_snapshot.plugin import Snapshot

from chezmoi_llm.world.cli import group

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/.chezmoi.*.tmpl"))
EXPANDED = sorted(path.parent for path in Path(__file__).parent.glob("*/expand.json"))


def template(case: Path) -> str:
    return next(case.glob(".chezmoi.*.tmpl")).name


def run(*arguments: str) -> str:
    """Return what a command prints, standard error first, and its exit code."""
    done = CliRunner().invoke(group, arguments, standalone_mode=False, catch_exceptions=False)
    code = done.exit_code or int(done.return_value or 0)
    return f"{done.stderr}{done.stdout}" + (f"exit {code}\n" if code else "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_check(case: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    snapshot.snapshot_dir = case
    said = run("check", template(case))
    assert said.endswith("exit 1\n") == case.name.startswith("wrong")
    snapshot.assert_match(said, "check.out")


@pytest.mark.parametrize("case", EXPANDED, ids=lambda case: case.name)
def test_expand(case: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    snapshot.snapshot_dir = case
    snapshot.assert_match(run("expand", "--pretty", "--data", template(case)), "expand.json")


def test_no_secret_of_a_case_is_repeated() -> None:
    for case in CASES:
        assert "hunter2" not in (case / "check.out").read_text(encoding="utf-8"), case.name

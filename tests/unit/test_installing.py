from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from chezmoi_llm.world import installing

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
(GOTPL,) = PROJECT["project"]["optional-dependencies"]["preview"]


@pytest.mark.parametrize(
    ("mark", "command"),
    [
        pytest.param("pipx_metadata.json", "pipx inject chezmoi-llm {}", id="pipx"),
        pytest.param("uv-receipt.toml", "uv pip install --python '{prefix}' {}", id="uv"),
        pytest.param("pyvenv.cfg", "'{prefix}/bin/python' -m pip install {}", id="pip"),
    ],
)
def test_the_command_is_that_of_the_program_that_made_the_environment(tmp_path, monkeypatch, mark, command):
    prefix = tmp_path / "a b"
    prefix.mkdir()
    (prefix / mark).touch()
    monkeypatch.setattr(sys, "prefix", str(prefix))
    monkeypatch.setattr(sys, "executable", f"{prefix}/bin/python")
    said = installing.command("gotpl")
    begins, _, requirement = said.rpartition(" ")
    assert begins == command.format("", prefix=prefix).rstrip()
    assert sorted(requirement.strip("'").removeprefix("gotpl").split(",")) == sorted(
        GOTPL.removeprefix("gotpl").split(",")
    )

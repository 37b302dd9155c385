"""The wheel holds what it must, and works alone in an empty environment."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import virtualenv

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, CHECKOUT]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """Return the command of a wheel that was installed with nothing but what it asks for."""
    home = tmp_path_factory.mktemp("installed")
    # venv would take five times as long, for it installs pip and does not copy it
    virtualenv.cli_run(["--quiet", "--no-periodic-update", str(home)])
    pip = [home / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", wheel]
    subprocess.run(pip, check=True, capture_output=True)
    return home / "bin" / "chezmoi-llm"


def test_the_wheel_holds_every_shipped_file(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("schema", "dot_templates"):
        for path in (CHECKOUT / folder).rglob("*"):
            if path.is_file():
                assert f"chezmoi_llm/_shipped/{path.relative_to(CHECKOUT)}" in packed
    assert "chezmoi_llm/_shipped/docs/reference/codes.md" in packed


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    (metadata,) = tops - {"chezmoi_llm"}
    assert metadata.endswith(".dist-info")


def test_the_installed_wheel_checks_expands_and_inits(installed, tmp_path):
    source = tmp_path / "dotfiles"
    source.mkdir()
    run = subprocess.run(
        [installed, "init", "--yes", "--source", source], check=True, capture_output=True, text=True
    )
    assert "chezmoi init --apply" in run.stdout + run.stderr
    template = source / ".chezmoi.yaml.tmpl"
    assert template.is_file()

    checked = subprocess.run([installed, "check", template], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")

    explained = subprocess.run(
        [installed, "check", "--explain", "LLM101"], capture_output=True, text=True, check=True
    )
    assert explained.stdout.startswith("LLM101 unknown key\n")

    models = {"local_models": [{"name": "tiny", "model": "ollama://smollm2:135m"}]}
    expanded = subprocess.run(
        [installed, "expand", "--data", "-"],
        input=json.dumps(models),
        check=True,
        capture_output=True,
        text=True,
    )
    assert [model["name"] for model in json.loads(expanded.stdout)["local_models"]] == ["tiny"]

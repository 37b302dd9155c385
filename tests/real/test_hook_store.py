"""The hook and the model store: a new, changed or lost entry reaches the next ``chezmoi apply``."""

from __future__ import annotations

import shutil

import pytest
from realprograms.dotfiles import HOOK, Dotfiles, quiet

pytestmark = pytest.mark.real("chezmoi", "chezmoi-llm", "git")

LIST = """\
data:
  local_models: [small, big]
  llm_stack: {store: [.llm/models, "shelf dir"]}
"""

SMALL, BIG = ".llm/models/local/small.json", "shelf dir/local/big.yaml"


@pytest.fixture
def dotfiles(tmp_path):
    """Dotfiles whose models are in two stores, applied until there is nothing left to do."""
    made = Dotfiles.make(tmp_path, HOOK + LIST)
    made.home.write(
        {
            SMALL: '{"model_uri": "ollama://small"}',
            BIG: "model: ollama://big\nctx_size: 16384\n",
            ".chezmoiignore": "shelf dir\n",
        }
    )
    quiet(made.home.init("--apply"))
    assert made.home.read(".models") == "small ollama://small 8192\nbig ollama://big 16384\n"
    return rested(made)


def rested(dotfiles):
    """Apply until the helper is not started any more; once more than one edit needs is allowed."""
    for _ in range(2):
        quiet(dotfiles.home.apply())
    dotfiles.starts()
    quiet(dotfiles.home.apply())
    assert dotfiles.starts() == 0
    return dotfiles


def models(dotfiles):
    quiet(dotfiles.home.apply())
    assert dotfiles.starts() == 1
    rested(dotfiles)
    return dotfiles.home.read(".models").splitlines()


def test_an_edit_an_addition_and_a_removal_are_taken_up(dotfiles):
    dotfiles.home.write({BIG: "model: ollama://bigger\n"})
    assert models(dotfiles) == ["small ollama://small 8192", "big ollama://bigger 8192"]

    dotfiles.home.write({".llm/models/local/big.toml": 'model = "ollama://first"\n'})
    assert models(dotfiles) == ["small ollama://small 8192", "big ollama://first 8192"]

    (dotfiles.home.source / ".llm/models/local/big.toml").unlink()
    assert models(dotfiles) == ["small ollama://small 8192", "big ollama://bigger 8192"]


def test_what_is_wrong_in_an_entry_is_told_at_its_place_and_locks_nobody_out(dotfiles):
    before = dotfiles.home.read(".models")
    dotfiles.home.write({SMALL: '{"model_uri": "ollama://small", "ctx_size": "many"}'})
    told = dotfiles.home.status()
    assert told.returncode == 0
    place = f"{dotfiles.home.source}/{SMALL}:1:45"
    assert f"{place}: LLM102 'ctx_size' is 'many', but must be a whole number" in told.stderr
    assert dotfiles.home.apply().returncode == 1
    assert dotfiles.home.read(".models") == before

    (dotfiles.home.source / SMALL).unlink()
    assert "LLM209 there is no entry 'small' in the model store" in dotfiles.home.status().stderr
    shutil.rmtree(dotfiles.home.source / "shelf dir")
    assert "LLM210 'shelf dir' is no model store" in dotfiles.home.status().stderr

    dotfiles.starts()
    dotfiles.home.write({SMALL: '{"model_uri": "ollama://small"}', BIG: "model: ollama://big\n"})
    assert models(dotfiles) == ["small ollama://small 8192", "big ollama://big 8192"]


def test_a_warning_about_an_entry_is_given_once(dotfiles):
    dotfiles.home.write({BIG: "model: ollama://big\nwheels: 4\n"})
    told = dotfiles.home.apply()
    assert (told.returncode, told.stderr.splitlines()[0]) == (
        0,
        f"{dotfiles.home.source}/{BIG}:2:1: LLM101 warning: unknown key 'wheels' in this entry",
    )
    dotfiles.home.write({SMALL: '{"model_uri": "ollama://smaller"}'})
    quiet(dotfiles.home.apply())


def test_a_store_that_comes_to_be_counts_before_the_one_that_is_shipped(tmp_path):
    made = Dotfiles.make(tmp_path, f"{HOOK}data:\n  local_models: [qwen3-4b]\n")
    quiet(made.home.init("--apply"))
    rested(made)
    shipped = made.home.read(".models")
    made.home.write({".llm/models/local/qwen3-4b.json": '{"model": "ollama://mine"}'})
    assert models(made) == ["qwen3-4b ollama://mine 8192"]
    shutil.rmtree(made.home.source / ".llm")
    assert models(made) == shipped.splitlines()

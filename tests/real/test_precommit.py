"""pre-commit runs our hook from a repository, as a person's dotfiles would."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]

GOOD = "data:\n  local_models:\n    - name: tiny\n      model: ollama://smollm2:135m\n"
TYPO = GOOD + "      ctx_sise: 4096\n"


@pytest.fixture(scope="module")
def hook_repo(tmp_path_factory):
    """Return a repository with what is in the checkout now, committed or not."""
    repo = tmp_path_factory.mktemp("hook-repo")
    listed = ["git", "-C", CHECKOUT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, check=True, capture_output=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (CHECKOUT / name).is_file():
            (repo / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, repo / name)
    _commit(repo)
    return repo


def _git(repo, *words):
    who = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
    done = subprocess.run(["git", "-C", repo, *who, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _commit(repo):
    for words in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-qm", "all", "--no-verify"]):
        _git(repo, *words)


@pytest.fixture
def dotfiles(tmp_path, hook_repo):
    """Return a repository whose person has taken our hooks up, as docs/how-to says."""
    repo = tmp_path / "dotfiles"
    repo.mkdir()
    _take_up(hook_repo, repo, "chezmoi-llm-check", "chezmoi-llm-store-check")
    return repo


def _take_up(hook_repo, repo, *ids):
    hook = {"repo": str(hook_repo), "rev": _git(hook_repo, "rev-parse", "HEAD")}
    config = {"repos": [hook | {"hooks": [{"id": name} for name in ids]}]}
    (repo / ".pre-commit-config.yaml").write_text(json.dumps(config))


def _run(require, dotfiles, cache):
    command = [require("pre-commit"), "run", "--all-files"]
    env = os.environ | {"PRE_COMMIT_HOME": str(cache), "VIRTUALENV_NO_PERIODIC_UPDATE": "1"}
    return subprocess.run(command, cwd=dotfiles, env=env, capture_output=True, text=True, check=False)


@pytest.mark.real
def test_the_hooks_pass_what_is_good_stop_a_typo_and_mend_it(
    require, hook_repo, dotfiles, tmp_path_factory
):
    cache = tmp_path_factory.mktemp("pre-commit")
    (dotfiles / ".chezmoi.yaml.tmpl").write_text(GOOD)
    (dotfiles / "other.yaml").write_text("local_models: not ours\n")
    entry = dotfiles / ".llm/models/local/mine.json"
    entry.parent.mkdir(parents=True)
    entry.write_text('{"model": "ollama://mine"}')
    _commit(dotfiles)
    passed = _run(require, dotfiles, cache)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert passed.stdout.count("Passed") == 2

    (dotfiles / ".chezmoi.yaml.tmpl").write_text(TYPO)
    entry.write_text('{"modell": "ollama://mine"}')
    _commit(dotfiles)
    stopped = _run(require, dotfiles, cache)
    assert stopped.returncode == 1
    assert ".chezmoi.yaml.tmpl:5:7: LLM101 unknown key 'ctx_sise'" in stopped.stdout
    assert ".llm/models/local/mine.json: LLM104 this entry has no 'model'" in stopped.stdout

    _take_up(hook_repo, dotfiles, "chezmoi-llm-fix")
    mended = _run(require, dotfiles, cache)
    assert mended.returncode == 1
    assert "files were modified by this hook" in mended.stdout
    assert (dotfiles / ".chezmoi.yaml.tmpl").read_text() == TYPO.replace("ctx_sise", "ctx_size")
    assert _run(require, dotfiles, cache).returncode == 0

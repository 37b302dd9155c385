"""``chezmoi-llm pull``: what it asks RamaLama, Podman and systemd, all of which are stand-ins."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from realprograms import programs, standins

pytestmark = pytest.mark.real("chezmoi-llm")

DATA = {
    "local_models": [
        {"name": "there", "model": "ollama://smollm:135m"},
        {"name": "missing", "model": "hf://org/repo:Q4_K_M"},
    ],
    "llm_stack": {"services": {"litellm": {"enabled": False}, "open_webui": {"enabled": False}}},
}
KEPT = json.dumps([{"name": "ollama://library/smollm:135m", "size": 1}])
PULL = "ramalama pull hf://org/repo:Q4_K_M"


class Shell:
    """A person at a shell with recording programs on PATH."""

    def __init__(self, folder: Path, *names: str, answers: Mapping[str, standins.Answer]) -> None:
        self.log = folder / "calls.jsonl"
        self.data = folder / "data.json"
        self.data.write_text(json.dumps(DATA), encoding="utf-8")
        self.bin = folder / "bin"
        self.env = programs.environment(folder, path=programs.toolbox(self.bin))
        standins.record(self.bin, self.log, *names, answers=answers)

    def pull(self, *words: str) -> tuple[int, list[str], list[str]]:
        """Return exit code, lines and complaints."""
        helper = programs.located("chezmoi-llm")
        done = programs.run([helper, "pull", "--data", self.data, *words], env=self.env)
        return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()

    def asked(self) -> list[str]:
        return [" ".join((call.program, *call.args)) for call in standins.calls(self.log)]


@pytest.fixture
def shell(tmp_path):
    return Shell(tmp_path, "ramalama", "podman", "systemctl", answers={"list": (0, KEPT)})


SAID = [
    "there already: there (ollama://smollm:135m)",
    "to fetch: missing (hf://org/repo:Q4_K_M)",
]


def test_only_what_is_missing_is_fetched(shell):
    assert shell.pull("--yes") == (0, [*SAID, f"$ {PULL}"], [])
    assert shell.asked() == ["ramalama list --json", PULL]


def test_images_are_fetched_and_built(shell):
    code, lines, _ = shell.pull("--yes", "--images")
    image = "quay.io/ramalama/ramalama:latest"
    build = "systemctl --user start llama-swap-build.service"
    assert code == 0
    assert lines[2:4] == [
        f"to fetch: image {image}",
        "to build: image localhost/llama-swap-ramalama:latest",
    ]
    assert shell.asked()[1:] == [PULL, f"podman pull {image}", build]


def test_a_dry_run_shows_the_commands(shell):
    assert shell.pull("--dry-run") == (0, [*SAID, f"  {PULL}"], [])
    assert shell.asked() == ["ramalama list --json"]


def test_nobody_to_ask_is_no_consent(shell):
    code, lines, complaint = shell.pull()
    assert (code, lines) == (2, SAID)
    assert complaint[-1] == "Error: this uses the network, and nobody is here to be asked; add --yes"
    assert shell.asked() == ["ramalama list --json"]


def test_what_is_there_is_not_fetched_again(shell):
    assert shell.pull("there") == (0, [SAID[0], "nothing to fetch"], [])


def test_a_name_that_nobody_has_is_refused(shell):
    said = "Error: there is no enabled local model 'mising'; did you mean 'missing'?"
    assert shell.pull("mising") == (1, [], [said])


def test_one_that_fails_does_not_keep_the_others_back(tmp_path):
    answers = {"list": (0, "[]"), "pull ollama://smollm:135m": (5, "no\n")}
    shell = Shell(tmp_path, "ramalama", answers=answers)
    failed = "ramalama pull ollama://smollm:135m"
    code, _, complaint = shell.pull("--yes")
    assert (code, complaint) == (1, [f"chezmoi-llm: this failed; run it again to go on with it: {failed}"])
    assert shell.asked()[1:] == [failed, PULL]


def test_without_ramalama_here_the_one_in_the_container_is_asked(tmp_path):
    shell = Shell(tmp_path, "podman", answers={"exec llama-swap ramalama list": (0, KEPT)})
    assert shell.pull("--yes")[0] == 0
    inside = "podman exec llama-swap"
    assert shell.asked() == [f"{inside} ramalama list --json", f"{inside} {PULL}"]


def test_without_either_it_says_what_to_install(tmp_path):
    shell = Shell(tmp_path, answers={})
    said = "neither ramalama nor podman is on PATH; install one, for example with: pipx install ramalama"
    assert shell.pull() == (3, [], [f"chezmoi-llm: {said}"])


NO_LISTS = {
    "nothing": ("exit 1", "it printed no list"),
    "a complaint": ("echo 'Error: no such store' >&2", "Error: no such store"),
    "no UTF-8": (r"printf '\351'; printf '\351\n' >&2", "\ufffd"),
    "lists without end": ("head -c 99999 /dev/zero | tr '\\0' '['", "it printed no list"),
}


@pytest.mark.parametrize(("script", "why"), NO_LISTS.values(), ids=NO_LISTS)
def test_a_list_that_cannot_be_read_is_a_failure_in_ramalamas_words(tmp_path, script, why):
    shell = Shell(tmp_path, "ramalama", answers={})
    (shell.bin / "ramalama").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    assert shell.pull() == (3, [], [f"chezmoi-llm: ramalama list --json failed: {why}"])


def test_where_there_is_nothing_for_ramalama_it_need_not_be_there(tmp_path):
    shell = Shell(tmp_path, answers={})
    stack = {"services": {"llama_swap": {"placement": "host"}}}
    data = {"local_models": [{"name": "a", "model": "/m/a.gguf"}], "llm_stack": stack}
    shell.data.write_text(json.dumps(data), "utf-8")
    assert shell.pull() == (0, ["nothing to fetch"], [])

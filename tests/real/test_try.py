"""``chezmoi-llm try`` against a real llama-swap with real model servers."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from realprograms import programs, servers
from realprograms.machine import KEY_FILE, Machine, machine

pytestmark = pytest.mark.real("chezmoi", "llama-swap", "ramalama", "xllamacpp", "chezmoi-llm")

TEMPLATE = """\
data:
  published_ports: {{llama_swap: {port}}}
  llm_stack:
    accelerator: cpu
    services: {{llama_swap: {{placement: host, start_port: {start}, health_check_timeout: 15}}}}
  local_models:
    - {{name: small, model: {chat}, ctx_size: 1024, aliases: [default]}}
    - {{name: embed, model: {embedding}, pooling: mean, dimensions: {dimensions}}}
    - {{name: longer, model: {embedding}, kind: embedding, pooling: mean, dimensions: 4096}}
    - {{name: gone, model: {chat}.gone}}
  cloud_models:
    - {{name: far, model: openai/gpt-5}}
"""

SPEED = r"\d+\.\d\d s to the first byte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    machine: Machine
    port: int

    def attempt(self, *words: str, **env: str) -> tuple[int, list[str], str]:
        """Run ``chezmoi-llm try`` and return its exit code, its lines and what it complains about."""
        home = self.machine.home
        done = programs.run([home.bin / "chezmoi-llm", "try", *words], env={**home.env, **env})
        return done.returncode, done.stdout.splitlines(), done.stderr


@pytest.fixture(scope="module")
def stack(tmp_path_factory, tiny_models):
    """Apply the list on a machine, with nothing running yet."""
    port = servers.free_port()
    text = TEMPLATE.format(
        port=port,
        start=servers.free_ports(8),
        chat=tiny_models.chat,
        embedding=tiny_models.embedding,
        dimensions=tiny_models.dimensions,
    )
    with machine(tmp_path_factory.mktemp("try")) as made:
        made.write(text)
        made.take_up()
        yield Stack(machine=made, port=port)


@pytest.fixture(scope="module")
def running(stack):
    """The stack with its llama-swap."""
    key = stack.machine.written_key()
    with stack.machine.llama_swap(key, stack.port):
        yield stack


def test_where_nobody_listens_each_model_fails_with_the_place_to_look_at(stack):
    code, lines, complaint = stack.attempt("small")
    assert (code, complaint) == (1, "")
    assert lines == [
        f"small  chat           failed: nothing listens on 127.0.0.1:{stack.port}",
        "       see: chezmoi-llm doctor",
    ]


def test_models_that_work_are_told_with_their_speed(running, tiny_models):
    code, (small, embed), complaint = running.attempt("default", "embed")
    assert (code, complaint) == (0, "")
    assert re.fullmatch(rf"small  chat           {SPEED}, \d+\.\d tokens/s", small)
    assert re.fullmatch(rf"embed  embedding      {SPEED}, a vector of {tiny_models.dimensions}", embed)


def test_models_that_do_not_do_what_the_list_says_fail(running, tiny_models):
    code, lines, complaint = running.attempt("longer", "gone")
    assert (code, complaint) == (1, "")
    wrong = f"a vector of {tiny_models.dimensions}, but the list says dimensions: 4096"
    assert re.fullmatch(rf"longer  embedding      failed: {SPEED}, {wrong}", lines[0])
    assert re.fullmatch(r"gone    chat           failed: HTTP 50\d: .+", lines[2])
    assert lines[1] == lines[3] == "        see: journalctl --user -u llama-swap.service -n 50"


def test_the_key_is_used_and_never_shown(running):
    key = running.machine.home.read(KEY_FILE).strip().partition("=")[2]
    code, lines, complaint = running.attempt("small", LLAMA_SWAP_API_KEY="sk-of-somebody-else-0001")
    assert code == 1
    assert re.fullmatch(r"small  chat           failed: HTTP 401: .+", lines[0])
    assert not re.search(f"{key}|somebody-else", "\n".join([*lines, complaint]))


REFUSED = {
    "unknown": (["smal"], 1, "Error: there is no enabled model 'smal'; did you mean 'small'?\n"),
    "cloud": (["far"], 2, "Error: 'far' is a cloud model; ask it with --via litellm\n"),
}


@pytest.mark.parametrize(("words", "code", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_asked(stack, words, code, said):
    returned, lines, complaint = stack.attempt(*words)
    assert (returned, lines) == (code, [])
    assert complaint.endswith(said)

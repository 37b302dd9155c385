"""What stands below the product in a test behaves as the real thing, from llama-swap to llama.cpp."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from realprograms import llama_swap, podman, podnet, programs, servers, standins

CHAIN = pytest.mark.real("llama-swap", "ramalama", "xllamacpp")
IMAGE = "quay.io/ramalama/ramalama:latest"


def serve(slug: str, model: Path, *, network: str = "", replace: bool = True, ttl: int = 0) -> dict:
    """Return llama-swap's entry for a model that RamaLama serves, on a network or on the host."""
    embedding = ' "--runtime-args=--embedding --pooling mean"' if slug == "embed" else ""
    return {
        "cmd": (
            f"ramalama serve{f' --network {network}' if network else ''} --host 127.0.0.1 --port ${{PORT}}"
            f" --name ramalama-{slug}{' --engine-args=--replace' if replace else ''} --pull=missing"
            f" --image={IMAGE} --ctx-size 512 --ngl auto{embedding} file://{model}"
        ),
        "cmdStop": f"podman stop -t 10 ramalama-{slug}",
        "proxy": f"http://{f'ramalama-{slug}' if network else '127.0.0.1'}:${{PORT}}",
        "ttl": ttl,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A running llama-swap and the podman below its models."""

    swap: llama_swap.LlamaSwap
    podman: podman.Podman

    def until_unloaded(self) -> None:
        servers.until(lambda: self.swap.running() == {}, seconds=8, what="no model is loaded")


@contextmanager
def chain(folder: Path, **models: dict) -> Iterator[Chain]:
    """Run llama-swap on these models, with RamaLama, the stand-in podman and its network llm below."""
    path = programs.toolbox(folder / "bin", "ramalama")
    config = folder / "config.yaml"
    start = servers.free_ports(len(models))
    config.write_text(
        json.dumps({"startPort": start, "unloadTimeout": 15, "logToStdout": "both", "models": models}),
        encoding="utf-8",
    )
    with (
        podman.standing_in(path, folder / "podman", "llm") as engine,
        podnet.serving(engine.port) as proxy,
    ):
        env = programs.environment(
            folder, path=path, HTTP_PROXY=proxy, RAMALAMA_STORE=str(folder / "store")
        )
        with llama_swap.serving(config, env=env, log=folder / "llama-swap.log") as swap:
            yield Chain(swap=swap, podman=engine)


@CHAIN
@pytest.mark.parametrize("network", ["", "llm"], ids=["host", "container"])
def test_chat_and_embedding_are_answered(tmp_path, tiny_models, network):
    chat = serve("chat", tiny_models.chat, network=network)
    embed = serve("embed", tiny_models.embedding, network=network)
    with chain(tmp_path, chat=chat, embed=embed) as running:
        answer = running.swap.chat("chat")
        assert answer.status == 200, answer.body
        assert answer.json["usage"]["completion_tokens"] > 0
        assert running.podman.containers() == ["ramalama-chat"]
        vectors = running.swap.embed("embed", "hello model", "a text").json["data"]
        assert [len(vector["embedding"]) for vector in vectors] == [tiny_models.dimensions] * 2
        assert running.podman.containers() == ["ramalama-embed"]
        assert running.swap.unload().status == 200
        assert running.podman.containers() == []
    asked = [call for call in running.podman.calls() if call[0] == "run"]
    assert [call[call.index("--network") + 1] for call in asked if "--network" in call] == [
        network
    ] * 2 * bool(network)


@CHAIN
def test_an_idle_model_is_unloaded_after_its_ttl(tmp_path, tiny_models):
    with chain(tmp_path, chat=serve("chat", tiny_models.chat, ttl=1)) as running:
        assert running.swap.chat("chat").status == 200
        assert running.podman.containers() == ["ramalama-chat"]
        running.until_unloaded()
        assert running.podman.containers() == []


@CHAIN
def test_a_killed_container_starts_again(tmp_path, tiny_models):
    with chain(tmp_path, chat=serve("chat", tiny_models.chat)) as running:
        assert running.swap.chat("chat").status == 200
        running.podman.kill("ramalama-chat")
        running.until_unloaded()
        assert running.swap.chat("chat").status == 200


@CHAIN
@pytest.mark.parametrize(("replace", "status"), [(True, 200), (False, 500)], ids=["replace", "no-replace"])
def test_a_leftover_container_blocks_its_model_unless_it_is_replaced(
    tmp_path, tiny_models, replace, status
):
    with chain(tmp_path, chat=serve("chat", tiny_models.chat, replace=replace)) as running:
        assert running.swap.chat("chat").status == 200
        running.podman.cut_power("ramalama-chat")
        running.until_unloaded()
        assert running.podman.containers() == ["ramalama-chat"]
        assert running.swap.chat("chat").status == status


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A stand-in podman and a way to call it."""

    podman: podman.Podman
    program: Path
    env: dict

    def ask(self, *args, stdin=""):
        done = programs.run([self.program, *args], env=self.env, stdin=stdin)
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def engine(tmp_path):
    path = programs.toolbox(tmp_path / "bin")
    with podman.standing_in(path, tmp_path / "podman", "llm") as standin:
        env = programs.environment(tmp_path, path=path)
        yield Engine(podman=standin, program=path / "podman", env=env)


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["run"], 125, "requires at least 1 arg(s), only received 0"),
        (["run", "--bogus", "image"], 125, "unknown flag: --bogus"),
        (
            ["run", "--name", "a:b", "image"],
            125,
            'names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument: "a:b"',
        ),
        (
            ["run", "--network", "x", "image"],
            125,
            "unable to find network with name or ID x: network not found",
        ),
        (["run", "--secret", "s,type=env", "image"], 125, 'no secret with name or id "s": no such secret'),
        (["run", "--pull", "never", "image"], 125, "image: image not known"),
        (
            ["run", "-v", "/no/where:/x", "image", "llama-server"],
            125,
            "statfs /no/where: no such file or directory",
        ),
        (
            ["run", "image", "serve"],
            127,
            "crun: executable file `serve` not found in $PATH: No such file or directory",
        ),
        (["stop", "x"], 125, 'no container with name or ID "x" found: no such container'),
        (
            ["stop", "x", "&&", "podman", "rm", "x"],
            125,
            'no container with name or ID "x" found: no such container',
        ),
        (["rm", "x"], 1, 'no container with name or ID "x" found: no such container'),
        (["inspect", "x"], 125, 'no such object: "x"'),
        (
            ["secret", "create", "a/b", "-"],
            125,
            "secret name 'a/b' can not include '/', ',', '=', or null byte: invalid secret name",
        ),
        (
            ["secret", "create", "a", "-"],
            125,
            "secret data must be larger than 0 and less than 512000 bytes",
        ),
        (["launch"], 125, "unrecognized command `podman launch`"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_podman_refuses(engine, words, code, error):
    assert engine.ask(*words) == (code, "", f"Error: {error}\n")


@pytest.mark.real("xllamacpp")
@pytest.mark.parametrize(("host", "leads"), [("::", True), ("127.0.0.1", False)])
def test_a_published_port_leads_to_a_server_that_listens_everywhere(engine, tiny_models, host, leads):
    port = servers.free_port()
    mount = f"--mount=type=bind,src={tiny_models.chat},destination=/mnt/m.gguf,ro"
    serve = ["llama-server", "--host", host, "--port", "8080", "--model", "/mnt/m.gguf"]
    options = ["-d", "--rm", "--network=llm", "-p", f"127.0.0.1:{port}:8080", "--name", "x", mount]
    code, identifier, _ = engine.ask("run", *options, "image", *serve)
    assert (code, identifier) == (0, engine.podman.container("x")["Id"] + "\n")
    assert engine.podman.port("x", 8080) == (port if leads else None)
    assert engine.podman.port("x", port) is None
    assert engine.ask("ps", "--format", "{{.Names}}") == (0, "x\n", "")
    assert engine.ask("stop", "-t", "10", "x") == (0, "x\n", "")
    assert engine.ask("container", "exists", "x")[0] == 1


@pytest.mark.real("xllamacpp")
def test_a_file_that_is_not_mounted_is_not_in_the_container(engine, tiny_models):
    serve = ["llama-server", "--host", "::", "--port", "8080", "--model", str(tiny_models.chat)]
    code, _, error = engine.ask("run", "--rm", "image", *serve)
    assert code == 1
    assert error == f"llama-server: cannot open model file {engine.podman.state}/image{tiny_models.chat}\n"


@pytest.mark.real("xllamacpp")
def test_a_killed_client_leaves_its_container(engine, tiny_models):
    mount = f"{tiny_models.chat}:/m.gguf:ro"
    serve = ["llama-server", "--host", "::", "--port", "8080", "--model", "/m.gguf"]
    words = [engine.program, "run", "--rm", "--name", "x", "-v", mount, "image", *serve]
    with subprocess.Popen(words, env=engine.env, stdin=subprocess.DEVNULL) as client:
        servers.until(
            lambda: engine.podman.container("x") is not None, seconds=8, what="the container is up"
        )
        client.kill()
    assert engine.ask("ps", "--format", "{{.Names}}") == (0, "x\n", "")
    code, _, error = engine.ask(*words[1:])
    assert (code, error.partition(" is already in use")[0]) == (
        125,
        'Error: creating container storage: the container name "x"',
    )


def test_podman_keeps_the_checksum_of_a_secret(engine):
    code, identifier, error = engine.ask("secret", "create", "key", "-", stdin="canary-5f3759df")
    assert (code, error) == (0, "")
    assert engine.ask("secret", "exists", "key") == (0, "", "")
    assert engine.ask("secret", "exists", "other") == (1, "", "")
    assert engine.ask("secret", "ls", "--format", "{{.Name}}") == (0, "key\n", "")
    assert engine.ask("secret", "ls", "-q") == (0, identifier, "")
    assert engine.ask("secret", "create", "key", "-", stdin="x") == (
        125,
        "",
        "Error: key: secret name in use\n",
    )
    assert engine.podman.has_secret("key", b"canary-5f3759df")
    assert not engine.podman.has_secret("key", b"x")
    assert not engine.podman.has_secret("other")
    kept = [file.read_bytes() for file in engine.podman.state.rglob("*") if file.is_file()]
    assert not any(b"canary-5f3759df" in text for text in kept)
    assert engine.ask("secret", "rm", "key") == (0, "key\n", "")
    assert not engine.podman.has_secret("key")


def test_systemd_stand_ins_answer_and_write_down(tmp_path):
    path = programs.toolbox(tmp_path / "bin")
    log = tmp_path / "calls"
    running = {"llama-swap.service": "/x/llama-swap.container"}
    standins.record_systemd(path, log, linger=False, running=running, stop=(1, "no\n"))
    asked = {
        "systemctl --user list-units llama-swap.service": (
            0,
            "llama-swap.service loaded active running x\n",
        ),
        "systemctl --user is-active --quiet llama-swap.service": (0, ""),
        "systemctl --user is-active litellm.service": (3, ""),
        "systemctl --user show --value llama-swap.service": (0, "/x/llama-swap.container\n"),
        "systemctl --user daemon-reload": (0, ""),
        "systemctl --user stop llama-swap.service": (1, "no\n"),
        "loginctl show-user someone --property=Linger": (0, "Linger=no\n"),
    }
    env = programs.environment(tmp_path, path=path)
    for words, answer in asked.items():
        program, *args = words.split()
        done = programs.run([path / program, *args], env=env)
        assert (done.returncode, done.stdout) == answer
    assert [" ".join((call.program, *call.args)) for call in standins.calls(log)] == list(asked)
    assert standins.orders(log) == ["--user daemon-reload", "--user stop llama-swap.service"]
    assert standins.calls(log, "loginctl")[0].args == ("show-user", "someone", "--property=Linger")


@pytest.mark.real("llama-swap")
def test_the_commands_that_llama_swap_runs_are_told(tmp_path):
    config = tmp_path / "config.yaml"
    hard = 'Fast & "good" 100% $5 - 日本語 🙂'
    models = {
        "hf.co/u/Q:4": {
            "cmd": f"ramalama serve --name ramalama-q --port ${{PORT}} --x {shlex.quote(hard)} '' a\\ b",
            "cmdStop": "podman stop -t 10 ramalama-q",
            "proxy": "http://ramalama-q:${PORT}",
            "env": ["A=b c"],
        },
        "1e3": {"cmd": "llama-server --port ${PORT} -m /x", "proxy": "http://127.0.0.1:${PORT}"},
    }
    first = servers.free_ports(2)
    # a surrogate pair is one character in JSON and an error in YAML
    config.write_text(
        json.dumps({"startPort": first, "models": models}, ensure_ascii=False), encoding="utf-8"
    )
    told = llama_swap.launches(config, *models, folder=tmp_path)
    assert told == {
        "1e3": llama_swap.Launch(start=("llama-server", "--port", str(first), "-m", "/x"), stop=(), env={}),
        "hf.co/u/Q:4": llama_swap.Launch(
            start=(
                "ramalama",
                "serve",
                "--name",
                "ramalama-q",
                "--port",
                str(first + 1),
                "--x",
                hard,
                "",
                "a b",
            ),
            stop=("podman", "stop", "-t", "10", "ramalama-q"),
            env={"A": "b c"},
        ),
    }


@pytest.mark.real("llama-swap")
def test_a_config_that_llama_swap_refuses_is_told_apart(tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text('{"models": {"a": {"cmd": "x ${nobody}", "ttl": "soon"}}}', encoding="utf-8")
    env = programs.environment(tmp_path, path=programs.toolbox(tmp_path / "bin"))
    with (
        pytest.raises(servers.Refused, match="failed to load config"),
        llama_swap.serving(config, env=env, log=tmp_path / "log"),
    ):
        pass

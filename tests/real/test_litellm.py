"""LiteLLM's unit as Podman's generator and systemd understand it, and its configuration as YAML."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml
from realprograms import container, programs, quadlet, shipped
from realprograms.chezmoi import Home

SERVICE = "litellm.service"
IMAGE = "ghcr.io/berriai/litellm:main-stable"
H = "/home/someone"
CONFIG = ["--config", "/etc/litellm/config.yaml"]

HOSTILE = {
    "A": "x ${HOME} %h $5 \"q\" 'y'",
    "B": "",
    "C": "; [Service] ExecStartPre=/bin/false # é🙂 \\",
    "D": " leading and trailing ",
}
ARGS = ["--log_config", "/a b/c", "$HOME", "100%", 'a"b', "a'b", "a\\b", "#x", "${x}", "é🙂"]


def house(placement: str, **litellm: object) -> dict:
    """Return a person's data with a local and a cloud model."""
    return {
        "local_models": [{"name": "a", "model": "hf://org/a"}],
        "cloud_models": [{"name": "gpt-5", "model": "openai/gpt-5"}],
        "llm_stack": {"services": {"llama_swap": {"placement": placement}, "litellm": litellm}},
    }


def deployed(tmp_path, data: dict) -> Home:
    home = Home.make(tmp_path)
    shipped.deploy(home, data)
    return home


@pytest.mark.real("chezmoi", "quadlet")
@pytest.mark.parametrize("placement", ["container", "embedded"])
def test_in_a_container_it_listens_on_the_network_and_is_published_here(tmp_path, placement):
    home = deployed(tmp_path, house(placement))
    run = container.run_of(home, SERVICE, IMAGE)
    assert run.values("--name") == ["litellm"]
    assert run.values("--network") == ["llm"]
    assert run.values("--publish", "-p") == ["127.0.0.1:4000:4000"]
    assert run.values("--volume", "-v") == [f"{H}/.config/litellm:/etc/litellm:ro,z"]
    assert run.command() == [*CONFIG, "--port", "4000"]
    (check,) = run.values("--health-cmd")
    assert "'http://127.0.0.1:4000/health/liveliness'" in check


@pytest.mark.real("chezmoi", "quadlet")
@pytest.mark.parametrize(
    ("bind", "host", "url"),
    [
        ("127.0.0.1", "127.0.0.1", "http://127.0.0.1:4400"),
        ("0.0.0.0", "0.0.0.0", "http://127.0.0.1:4400"),  # noqa: S104  the person wrote it
        ("192.168.7.1", "192.168.7.1", "http://192.168.7.1:4400"),
        ("[::1]", "::1", "http://[::1]:4400"),
    ],
)
def test_on_the_host_it_listens_where_the_person_says(tmp_path, bind, host, url):
    home = deployed(tmp_path, house("host", bind=bind, published_port=4400))
    run = container.run_of(home, SERVICE, IMAGE)
    assert run.values("--network") == ["host"]
    assert run.values("--publish", "-p") == []
    assert run.command() == [*CONFIG, "--host", host, "--port", "4400"]
    (check,) = run.values("--health-cmd")
    assert f"'{url}/health/liveliness'" in check


@pytest.mark.real("chezmoi", "quadlet")
def test_keys_come_by_secret_and_privileges_are_few(tmp_path):
    home = deployed(tmp_path, house("container"))
    run = container.run_of(home, SERVICE, IMAGE)
    assert run.values("--secret") == [
        "litellm_master_key,type=env,target=LITELLM_MASTER_KEY",
        "llama_swap_api_key,type=env,target=LLAMA_SWAP_API_KEY",
        "openai_api_key,type=env,target=OPENAI_API_KEY",
    ]
    assert run.values("--security-opt") == ["no-new-privileges"]
    assert run.values("--cap-drop") == ["all"]
    assert not {"--privileged", "--device"} & set(run.argv)
    assert {name for name in run.env() if "KEY" in name} == set()


@pytest.mark.real("chezmoi", "quadlet")
@pytest.mark.parametrize("placement", ["container", "embedded", "host"])
def test_units_name_each_other_as_services(tmp_path, placement):
    home = deployed(tmp_path, house(placement))
    unit = container.generated(home).unit(SERVICE)["Unit"]
    on_network = [] if placement == "host" else ["llm-network.service"]
    assert [name for name in unit["Wants"] if "network-online" not in name] == ["llama-swap.service"]
    assert {"llama-swap.service", *on_network} <= set(unit["After"])
    assert [name for name in unit.get("Requires", []) if "llm-" in name] == on_network


@pytest.mark.real("chezmoi", "quadlet")
@pytest.mark.parametrize("placement", ["container", "embedded", "host"])
def test_what_a_person_adds_arrives_as_it_was_written(tmp_path, placement):
    data = house(
        placement,
        env=HOSTILE,
        args=ARGS,
        image="registry.example.org/proxy@sha256:" + "a" * 64,
        container_name="proxy",
        volumes=["%h/x y:/x y:ro", "/with/$dollar:/d"],
        requires=["basic.target"],
        secrets={"LANGFUSE_SECRET_KEY": "langfuse", "LITELLM_MASTER_KEY": "my_own"},
        timeout_start_sec=99,
        extra={
            "Unit": {"Documentation": "https://example.org"},
            "Container": {"Label": ["a=1", "b=2"], "Memory": "2g"},
            "Service": {"Nice": 5},
            "Install": {"Alias": "proxy.service"},
        },
    )
    home = deployed(tmp_path, data)
    run = container.run_of(home, SERVICE, data["llm_stack"]["services"]["litellm"]["image"])
    env = run.env()
    assert {name: env[name] for name in HOSTILE} == HOSTILE
    assert run.command()[-len(ARGS) :] == ARGS
    assert run.values("--name") == ["proxy"]
    assert {f"{H}/x y:/x y:ro", "/with/$dollar:/d"} < set(run.values("--volume", "-v"))
    assert sorted(run.values("--label")) == ["a=1", "b=2"]  # a digest is not updated
    assert run.values("--memory") == ["2g"]
    assert "langfuse,type=env,target=LANGFUSE_SECRET_KEY" in run.values("--secret")
    assert "my_own,type=env,target=LITELLM_MASTER_KEY" in run.values("--secret")
    assert not any(word.startswith("litellm_master_key") for word in run.values("--secret"))
    unit = container.generated(home).unit(SERVICE)
    assert "basic.target" in unit["Unit"]["Requires"]
    assert "basic.target" in unit["Unit"]["After"]
    assert unit["Unit"]["Documentation"] == ["https://example.org"]
    assert (unit["Service"]["Nice"], unit["Service"]["TimeoutStartSec"]) == (["5"], ["99"])
    assert unit["Install"] == {"WantedBy": ["default.target"], "Alias": ["proxy.service"]}


@pytest.mark.real("chezmoi", "quadlet", "systemd-analyze")
@pytest.mark.parametrize("placement", ["container", "embedded", "host"])
def test_systemd_has_nothing_to_complain_about(tmp_path, placement):
    home = deployed(tmp_path, house(placement, env=HOSTILE, args=ARGS))
    texts = dict(container.generated(home).texts)
    if placement == "host":
        texts["llama-swap.service"] = home.read(".config/systemd/user/llama-swap.service")
    verdict = quadlet.verify(texts, tmp_path / "verify")
    assert (verdict.returncode, verdict.stdout, verdict.stderr) == (0, "", "")


class Live(BaseHTTPRequestHandler):
    """Answers the one question that a health check asks."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health/liveliness" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def live() -> Iterator[int]:
    """Run what LiteLLM's health check asks, and yield its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Live) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.real("chezmoi", "quadlet")
def test_the_health_check_needs_python_alone_and_tells_life_from_death(tmp_path):
    with live() as port:
        home = deployed(tmp_path, house("host", published_port=port))
        (check,) = container.run_of(home, SERVICE, IMAGE).values("--health-cmd")
        bin_ = programs.toolbox(tmp_path / "image")
        (bin_ / "python3").symlink_to(programs.sys.executable)
        asked = ["sh", "-c", check]
        env = {"PATH": str(bin_)}
        assert programs.run(asked, env=env).returncode == 0
    assert programs.run(asked, env=env).returncode != 0


@pytest.mark.real("chezmoi")
def test_the_file_says_what_the_document_says(tmp_path):
    home = Home.make(tmp_path)
    data = house("container")
    data["local_models"] += [
        {"name": "1e3", "model": "ollama://x", "aliases": ["null", "yes"]},
        {"name": "org/x@y+z:8b", "model": "ollama://y", "metadata": {"note": "{{ x }} # y"}},
    ]
    data["cloud_models"][0] |= {"fallback": ["1e3", "a"], "aliases": ["0x10"]}
    llm = shipped.deploy(home, data)
    assert yaml.safe_load(home.read(".config/litellm/config.yaml")) == llm["litellm"]["config"]

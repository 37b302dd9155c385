"""The Caddyfile as the real Caddy reads it: valid, formatted, with the hosts and upstreams meant."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from realprograms import programs, shipped
from realprograms.chezmoi import Home

from chezmoi_llm.expand import judge

pytestmark = pytest.mark.real("chezmoi", "caddy")

FOLDER = ".config/caddy"
SNIPPET = f"{FOLDER}/conf.d/llm.caddy"
PLAIN_HTTP = "server is listening only on the HTTP port"
"""What Caddy remarks on a site that the person has put on port 80: it gets no certificate, as meant."""

TAILNET = {"hostname": "Box", "tailnet": "tail1234"}


def house(*, tailscale: dict | None = TAILNET, services: dict | None = None, **caddy: object) -> dict:
    own = {"llama_swap": {"placement": "host"}, "caddy": caddy, **(services or {})}
    return {"tailscale": tailscale or {}, "llm_stack": {"services": own}}


def caddy(home: Home, *args: str | Path) -> subprocess.CompletedProcess[str]:
    return programs.run([programs.located("caddy"), *args], env=home.env)


def adapted(home: Home) -> dict[tuple[str, int], str]:
    """Return every site that Caddy serves, as host and port, with its upstream.

    Caddy validates and formats nothing anew on the way.
    """
    file = home.path / FOLDER / "Caddyfile"
    valid = caddy(home, "validate", "--adapter", "caddyfile", "--config", file)
    assert valid.returncode == 0, valid.stderr
    warnings = [
        line for line in valid.stderr.splitlines() if '"level":"warn"' in line or "\tWARN\t" in line
    ]
    assert [line for line in warnings if PLAIN_HTTP not in line] == []
    for text in (file, home.path / SNIPPET):
        formatted = caddy(home, "fmt", "--diff", text)
        assert formatted.returncode == 0, formatted.stdout
    done = caddy(home, "adapt", "--adapter", "caddyfile", "--config", file)
    return dict(_sites(json.loads(done.stdout)))


def _sites(config: dict[str, Any]) -> Iterator[tuple[tuple[str, int], str]]:
    servers = config.get("apps", {}).get("http", {}).get("servers", {}).values()
    for server in servers:
        (port,) = {int(address.rpartition(":")[2]) for address in server["listen"]}
        for route in server["routes"]:
            ((proxy,),) = ([r["handle"] for r in handle["routes"]] for handle in route["handle"])
            hosts = [host for match in route["match"] for host in match["host"]]
            (upstream,) = proxy[0]["upstreams"]
            for host in hosts:
                yield (host, port), upstream["dial"]


OURS = {
    ("box.tail1234.ts.net", 443): "127.0.0.1:3000",
    ("box.tail1234.ts.net", 8443): "127.0.0.1:4000",
    ("box.tail1234.ts.net", 9443): "127.0.0.1:9292",
}


@pytest.mark.parametrize("tailnet", ["tail1234", "tail1234.ts.net", "Tail1234.TS.net"])
def test_each_app_has_a_port_on_the_name_of_the_tailnet(tmp_path, tailnet):
    home = Home.make(tmp_path)
    llm = shipped.deploy(home, house(tailscale={"hostname": "Box", "tailnet": tailnet}))
    assert adapted(home) == OURS
    assert llm["urls"]["open_webui"] == "https://box.tail1234.ts.net"
    assert llm["urls"]["llama_swap"] == "https://box.tail1234.ts.net:9443"


def test_the_apps_have_names_of_their_own(tmp_path):
    home = Home.make(tmp_path)
    names = {"open_webui": "AI", "litellm": "api", "llama_swap": "models"}
    shipped.deploy(home, house(tailscale=None, mode="subdomains", domain="home.example.org", names=names))
    assert adapted(home) == {
        ("ai.home.example.org", 443): "127.0.0.1:3000",
        ("api.home.example.org", 443): "127.0.0.1:4000",
        ("models.home.example.org", 443): "127.0.0.1:9292",
    }


def test_ports_and_binds_are_those_that_were_written(tmp_path):
    home = Home.make(tmp_path)
    services = {
        "litellm": {"published_port": 4400, "bind": "0.0.0.0"},  # noqa: S104  the person wrote it
        "open_webui": {"bind": "[::1]"},
        "llama_swap": {"placement": "host", "bind": "127.0.0.5"},
    }
    ports = {"open_webui": 10443, "litellm": 443}
    shipped.deploy(home, house(services=services, ports=ports))
    assert adapted(home) == {
        ("box.tail1234.ts.net", 10443): "[::1]:3000",
        ("box.tail1234.ts.net", 443): "127.0.0.1:4400",
        ("box.tail1234.ts.net", 9443): "127.0.0.5:9292",
    }


def test_a_site_may_be_called_like_a_directive(tmp_path):
    home = Home.make(tmp_path)
    names = ("import", "log", "tls", "route", "localhost", "http", "log.example", "import:8081")
    sites = {name: f"127.0.0.1:{9000 + number}" for number, name in enumerate(names)}
    shipped.deploy(home, house(tailscale=None, sites=sites, enabled=True))
    assert adapted(home) == {
        (name.partition(":")[0], int(name.partition(":")[2] or 443)): upstream
        for name, upstream in sites.items()
    }


def test_what_is_off_has_no_site(tmp_path):
    home = Home.make(tmp_path)
    off = {"litellm": {"enabled": False}, "open_webui": {"enabled": False}}
    shipped.deploy(home, house(services=off))
    assert adapted(home) == {("box.tail1234.ts.net", 9443): "127.0.0.1:9292"}
    shipped.deploy(home, house(services={**off, "llama_swap": {"enabled": False}}))
    assert adapted(home) == {}


def test_other_apps_of_the_person_are_served_beside_ours(tmp_path):
    home = Home.make(tmp_path)
    sites = {
        "Notes.example.org": "127.0.0.1:8090",
        "box.tail1234.ts.net:10443": "media:8096",
        "xn--bcher-kva.example": "127.0.0.1:1",
    }
    shipped.deploy(home, house(sites=sites))
    assert adapted(home) == OURS | {
        ("notes.example.org", 443): "127.0.0.1:8090",
        ("box.tail1234.ts.net", 10443): "media:8096",
        ("xn--bcher-kva.example", 443): "127.0.0.1:1",
    }


def test_a_site_on_port_80_is_served_without_a_certificate(tmp_path):
    home = Home.make(tmp_path)
    shipped.deploy(home, house(sites={"plain.example:80": "127.0.0.1:1", "0:80": "127.0.0.1:2"}))
    assert adapted(home) == OURS | {("plain.example", 80): "127.0.0.1:1", ("0", 80): "127.0.0.1:2"}


def test_the_files_go_with_caddy(tmp_path):
    home = Home.make(tmp_path)
    shipped.deploy(home, house())
    shipped.deploy(home, house(enabled=False))
    assert [path for path in (home.path / FOLDER).rglob("*") if path.is_file()] == []


HOSTILE_SITES = (
    "a b.example", "a.example, evil.example", "{$X:evil}", "*.example", "*", "a.example #x", "(s)", "a_b",
    "a.example.", "a..example", "-a.example", "a-.example", "x" * 64 + ".example", "é.example",
    "http://a.example", "a.example/path", "a.example:0", "a.example:65536", "a.example:", ":443", "",
    "a.example {\n}\nb.example", "a.example\r",
    ".".join(["a" * 60] * 5),
)  # fmt: skip
HOSTILE_UPSTREAMS = (
    "{$X:203.0.113.9:80}",
    "a:99999",
    "a:-1",
    "a",
    "a b:1",
    "http://a:1",
    "a:1 b:2",
    "a:1\n}",
    "",
)


@pytest.mark.parametrize("site", HOSTILE_SITES)
def test_a_site_that_caddy_would_misread_is_refused(site):
    findings = judge({"data": house(sites={site: "127.0.0.1:1"})}).findings
    assert {finding.path[-2:] for finding in findings if finding.severity == 0} == {("sites", site)}


@pytest.mark.parametrize("upstream", HOSTILE_UPSTREAMS)
def test_an_upstream_that_caddy_would_misread_is_refused(upstream):
    findings = judge({"data": house(sites={"a.example": upstream})}).findings
    assert [finding.path[-1] for finding in findings if finding.severity == 0] == ["a.example"]


HOSTILE_NAMES = (
    "a b",
    "a, evil",
    "{$X:evil}",
    "*",
    "a #x",
    "(s)",
    "a_b",
    "a\nb",
    "-a",
    "a.",
    "x" * 64,
    "é",
    "a:1",
)
NAMED = {
    "hostname": lambda name: {"tailscale": {"hostname": name, "tailnet": "t"}},
    "tailnet": lambda name: {"tailscale": {"hostname": "box", "tailnet": name}},
    "domain": lambda name: house(mode="subdomains", domain=name),
    "names": lambda name: house(mode="subdomains", domain="x.org", names={"litellm": name}),
}


@pytest.mark.parametrize("name", HOSTILE_NAMES)
@pytest.mark.parametrize("field", NAMED)
def test_a_name_that_caddy_would_misread_is_refused(field, name):
    findings = judge({"data": NAMED[field](name)}).findings
    assert any(field in finding.path for finding in findings if finding.severity == 0)


@pytest.fixture(scope="module")
def reused() -> Iterator[Home]:
    """Return a home in which chezmoi can render again and again."""
    with tempfile.TemporaryDirectory() as folder:
        yield Home.make(Path(folder))


LABEL = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,20}[A-Za-z0-9])?", fullmatch=True)
SITE = st.builds(
    lambda labels, port: ".".join(labels) + port,
    st.lists(LABEL, min_size=1, max_size=3),
    st.one_of(st.just(""), st.integers(1, 65535).map(lambda port: f":{port}")),
)


@settings(max_examples=12)
@given(sites=st.dictionaries(SITE, st.integers(1, 65535), min_size=10, max_size=40))
def test_every_site_that_the_checks_let_pass_is_served(reused, sites):
    def data(kept: dict[str, int]) -> dict:
        return house(sites={site: f"127.0.0.1:{port}" for site, port in kept.items()})

    findings = judge({"data": data(sites)}).findings
    refused = {finding.path[-1] for finding in findings if finding.severity == 0}
    assert refused <= set(sites)
    kept = {site: port for site, port in sites.items() if site not in refused}
    shipped.deploy(reused, data(kept))
    served = {
        (host, port): upstream for (host, port), upstream in adapted(reused).items() if "ts.net" not in host
    }
    wanted = {site.lower().partition(":")[::2]: port for site, port in kept.items()}
    assert served == {
        (host, int(port or 443)): f"127.0.0.1:{upstream}" for (host, port), upstream in wanted.items()
    }

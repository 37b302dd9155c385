from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import judge
from chezmoi_llm.review.findings import review

TAILNET = {"hostname": "box", "tailnet": "tail1234"}
CHAT = {"name": "chat", "model": "hf://org/chat"}
EMBED = {"name": "embed", "model": "hf://org/embed"}


def found(data: dict[str, Any], *codes: str) -> list[tuple[str, str, str]]:
    """Return code, message and hint of each finding with one of the codes."""
    findings = judge({"data": data}).findings
    return [(one.code, one.message, one.hint) for one in findings if one.code in codes]


def services(**written: Any) -> dict[str, Any]:
    return {"local_models": [CHAT], "llm_stack": {"services": written}}


@pytest.mark.parametrize(
    ("word", "service", "placement", "is_lost"),
    [
        ("", "litellm", "host", True),
        (";", "open_webui", "container", True),
        (";", "llama_swap", "embedded", True),
        (";", "llama_swap", "host", False),
        (" ;", "litellm", "container", False),
    ],
)
def test_an_argument_that_a_quadlet_cannot_carry(word, service, placement, is_lost):
    written = {"llama_swap": {"placement": placement}}
    written[service] = {**written.get(service, {}), "args": ["--a", word]}
    expected = [("LLM321", f"Podman cannot hand on the argument {word!r}", "leave it out")]
    assert found(services(**written), "LLM321") == (expected if is_lost else [])


def test_an_argument_that_only_rendering_tells_is_not_judged():
    text = 'data: {llm_stack: {services: {litellm: {args: ["{{ .x }}", "--y"]}}}}'
    assert "LLM321" not in {one.code for one in review(text.encode(), ".chezmoi.yaml.tmpl")}


@pytest.mark.parametrize(
    ("model", "hint"),
    [
        ("opnai/x", "did you mean 'openai'?"),
        ("zzz/x", "look it up: https://docs.litellm.ai/docs/providers"),
    ],
)
def test_a_provider_that_litellm_does_not_know(model, hint):
    provider = model.partition("/")[0]
    data = {"cloud_models": [{"name": "far", "model": model}]}
    assert found(data, "LLM322") == [("LLM322", f"LiteLLM knows no provider {provider!r}", hint)]


def test_a_provider_other_than_the_one_that_is_asked():
    data = {"cloud_models": [{"name": "far", "provider": "google", "model": "gemini/x"}]}
    message = "'provider' is 'google', but LiteLLM asks 'gemini', with which the model begins"
    assert found(data, "LLM322") == [("LLM322", message, "write provider: gemini, or leave it out")]
    data["cloud_models"][0]["provider"] = "gemini"
    assert found(data, "LLM322") == []


@pytest.mark.parametrize("model", ["openai/x", "nano-gpt/x", "text-completion-openai/x", "publicai/x"])
def test_a_provider_that_it_knows(model):
    assert found({"cloud_models": [{"name": "far", "model": model}]}, "LLM322") == []


OFF = {"enabled": False}


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        (
            {"llama_swap": OFF},
            "llama-swap is off, so nothing serves 2 local models",
            "switch it on, or take the local models out of the list",
        ),
        (
            {"litellm": OFF},
            "LiteLLM is off, so nothing serves 1 cloud model",
            "switch it on, or take the cloud models out of the list",
        ),
    ],
    ids=["local", "cloud"],
)
def test_models_that_nobody_serves(written, message, hint):
    data = services(**written)
    data["local_models"] = [CHAT, EMBED]
    data["cloud_models"] = [{"name": "far", "model": "openai/x"}]
    assert found(data, "LLM325") == [("LLM325", message, hint)]
    data["llm_stack"]["enabled"] = False
    assert found(data, "LLM325") == []


def test_a_server_that_is_off_without_models_is_fine():
    assert found({"llm_stack": {"services": {"llama_swap": OFF, "litellm": OFF}}}, "LLM325") == []


SUBDOMAINS = (
    "LLM323",
    "mode subdomains needs a domain",
    (
        "write domain: home.example.org, or mode: ports and "
        "data: tailscale: {hostname: box, tailnet: tail1234.ts.net}"
    ),
)
NAMELESS = (
    "LLM323",
    "Caddy has no name to serve",
    (
        "write data: tailscale: {hostname: box, tailnet: tail1234.ts.net}, "
        "or caddy: {mode: subdomains, domain: home.example.org}"
    ),
)


@pytest.mark.parametrize(
    ("caddy", "expected"),
    [
        ({"mode": "subdomains"}, [SUBDOMAINS]),
        ({"mode": "subdomains", "domain": "x.org"}, []),
        ({"mode": "subdomains", "enabled": False}, []),
        ({"enabled": True}, [NAMELESS]),
        ({"enabled": True, "sites": {"x.org": "127.0.0.1:1"}}, []),
        ({}, []),
    ],
)
def test_caddy_needs_a_name(caddy, expected):
    assert found(services(caddy=caddy), "LLM323") == expected


def caddy_of(**caddy: Any) -> dict[str, Any]:
    return services(caddy=caddy) | {"tailscale": TAILNET}


SITES = [
    pytest.param(
        {"sites": {"Box.tail1234.ts.net": "a:1"}},
        "'Box.tail1234.ts.net' is the address of open_webui already",
        id="an app",
    ),
    pytest.param(
        {"sites": {"x.org": "a:1", "X.org:443": "a:2"}},
        "'X.org:443' is the site 'x.org' already",
        id="two sites",
    ),
    pytest.param(
        {"mode": "subdomains", "domain": "x.org", "names": {"litellm": "AI"}},
        "'ai.x.org' is the address of open_webui already",
        id="two names",
    ),
]


@pytest.mark.parametrize(("caddy", "message"), SITES)
def test_a_site_that_is_there_twice(caddy, message):
    assert found(caddy_of(**caddy), "LLM324") == [("LLM324", message, "choose another name or port")]


PORTS = [
    pytest.param({"ports": {"litellm": 443}}, "Caddy's port for litellm is 443", id="two apps"),
    pytest.param({"ports": {"litellm": 3000}}, "Caddy's port for litellm is 3000", id="a published port"),
    pytest.param({"sites": {"x.org:4000": "a:1"}}, "the port of 'x.org:4000' is 4000", id="a site"),
]


@pytest.mark.parametrize(("caddy", "message"), PORTS)
def test_a_port_that_is_taken(caddy, message):
    (clash,) = found(caddy_of(**caddy), "LLM307", "LLM324")
    assert clash[1].partition(",")[0] == message


def test_in_mode_subdomains_all_apps_share_the_port_of_https():
    data = services(caddy={"mode": "subdomains", "domain": "x.org"})
    assert found(data, "LLM307") == []
    data["published_ports"] = {"open_webui": 443}
    assert [message for _, message, _ in found(data, "LLM307")] == [
        "the published port of open_webui is 443, which is Caddy's port already"
    ]


@pytest.mark.parametrize("site", ["x.org", "x.org:8443", "y.org:9443"])
def test_sites_of_several_names_share_a_port(site):
    assert found(caddy_of(sites={site: "127.0.0.1:3000"}), "LLM307", "LLM324") == []


def test_a_caddy_that_is_off_takes_no_port():
    data = caddy_of(enabled=False, ports={"litellm": 3000}, sites={"x.org:4000": "a:1", "x.org": "a:1"})
    assert found(data, "LLM307", "LLM323", "LLM324") == []

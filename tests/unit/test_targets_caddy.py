from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm import choices, expand
from chezmoi_llm.resolve import resolve
from chezmoi_llm.targets import caddy

TAILNET = {"hostname": "Box", "tailnet": "tail1234"}
OURS = [
    {"address": "box.tail1234.ts.net", "upstream": "127.0.0.1:3000"},
    {"address": "box.tail1234.ts.net:8443", "upstream": "127.0.0.1:4000"},
    {"address": "box.tail1234.ts.net:9443", "upstream": "127.0.0.1:9292"},
]


def sites(tailscale: dict[str, str] | None = None, **services: Any) -> list[dict[str, str]]:
    data = {"tailscale": tailscale or {}, "llm_stack": {"services": services}}
    written = expand.judge({"data": data}).spec
    told: list[dict[str, str]] = caddy.emit(resolve(written, choices.choose(written)))["sites"]
    return told


def test_each_app_has_a_port_on_the_name_of_the_tailnet():
    assert sites(TAILNET) == OURS


def test_without_a_name_there_is_no_site():
    assert sites() == []


def test_each_app_has_a_name_in_a_domain():
    assert [
        site["address"] for site in sites(caddy={"mode": "subdomains", "domain": "Home.Example.org"})
    ] == [
        "ai.home.example.org",
        "litellm.home.example.org",
        "llama-swap.home.example.org",
    ]


@pytest.mark.parametrize(("key", "index"), [("open_webui", 0), ("litellm", 1), ("llama_swap", 2)])
def test_an_app_that_is_off_has_no_site(key, index):
    assert sites(TAILNET, **{key: {"enabled": False}}) == OURS[:index] + OURS[index + 1 :]


def test_other_sites_come_after_ours():
    own = {"Notes.example.org": "127.0.0.1:8090", "Import": "127.0.0.1:1", "log:8443": "127.0.0.1:2"}
    assert sites(TAILNET, caddy={"sites": own}) == [
        *OURS,
        {"address": "notes.example.org", "upstream": "127.0.0.1:8090"},
        {"address": "import:443", "upstream": "127.0.0.1:1"},
        {"address": "log:8443", "upstream": "127.0.0.1:2"},
    ]


def test_a_site_leads_where_the_app_listens():
    changed = sites(TAILNET, open_webui={"bind": "192.168.7.1", "published_port": 3300})
    assert changed[0]["upstream"] == "192.168.7.1:3300"

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm import expand


def document(data: dict[str, Any]) -> dict[str, Any]:
    expanded = expand.expand({"data": data}).document
    assert expanded is not None
    return expanded


@pytest.mark.parametrize(
    ("data", "url"),
    [
        ({}, "http://127.0.0.1:9292/ui/"),
        ({"published_ports": {"llama_swap": 9300}}, "http://127.0.0.1:9300/ui/"),
        ({"tailscale": {"hostname": "box", "tailnet": "t"}}, "https://box.t.ts.net:9443/ui/"),
    ],
    ids=["here", "another port", "https"],
)
def test_the_page_is_llama_swaps_own(data, url):
    assert document(data)["desktop"] == {"url": url, "browser": ""}


@pytest.mark.parametrize(
    ("services", "is_there"),
    [
        ({}, True),
        ({"desktop": {"enabled": False}}, False),
        ({"llama_swap": {"enabled": False}}, False),
    ],
    ids=["both", "off", "no page"],
)
def test_the_entry_is_there_with_its_page(services, is_there):
    assert document({"llm_stack": {"services": services}})["files"]["desktop_entry"] is is_there

from __future__ import annotations

import pytest

from chezmoi_llm import choices, expand, resolve
from chezmoi_llm.resolve import units


def additions(key: str, placement: str = "container", **settings: object) -> dict:
    services = {"llama_swap": {"placement": placement}}
    services[key] = services.get(key, {}) | settings
    data = {"local_models": [{"name": "a", "model": "hf://org/a"}], "llm_stack": {"services": services}}
    written = expand.judge({"data": data}).spec
    return units.additions(resolve.resolve(written, choices.choose(written)), key)


def test_a_unit_that_nothing_is_added_to():
    assert additions("llama_swap") == {
        "auto_update": "local",
        "own_url": "http://127.0.0.1:8080",
        "publish_port": "127.0.0.1:9292:8080",
        "environment": [],
        "volumes": [],
        "secrets": ["llama_swap_api_key,type=env,target=LLAMA_SWAP_API_KEY"],
        "requires": [],
        "args": "",
        "timeout_start_sec": 1800,
        "extra": {"Unit": [], "Container": [], "Service": [], "Install": []},
    }


def test_on_the_network_of_the_host_a_program_answers_where_the_machine_reaches_it():
    assert additions("litellm", "host", published_port=4001, bind="[::1]")["own_url"] == "http://[::1]:4001"


def test_what_is_added_comes_quoted_and_in_the_order_that_it_was_written_in():
    added = additions(
        "litellm",
        env=["B=x y", "A=%h $X"],
        volumes=["%h/a:/a:ro", "/$b:/b"],
        secrets={"Z": "a_secret", "A": "z_secret"},
        requires=["b.service", "a.mount"],
        args=["--x", "a b", "$1"],
        timeout_start_sec=60,
        published_port=4001,
        bind="[::1]",
        image="example.org/litellm@sha256:" + "0" * 64,
        extra={"Service": {"Nice": 5, "ExecReload": ["a", "b"]}, "Container": {"ReadOnly": True}},
    )
    assert added == {
        "auto_update": "",
        "own_url": "http://127.0.0.1:4000",
        "publish_port": "[::1]:4001:4000",
        "environment": ['"B=x y"', '"A=%%h $$X"'],
        "volumes": ["%h/a:/a:ro", "/$$b:/b"],
        "secrets": [
            "z_secret,type=env,target=A",
            "litellm_master_key,type=env,target=LITELLM_MASTER_KEY",
            "llama_swap_api_key,type=env,target=LLAMA_SWAP_API_KEY",
            "a_secret,type=env,target=Z",
        ],
        "requires": ["b.service", "a.mount"],
        "args": ' --x "a b" "$$1"',
        "timeout_start_sec": 60,
        "extra": {
            "Unit": [],
            "Container": ["ReadOnly=true"],
            "Service": ["Nice=5", "ExecReload=a", "ExecReload=b"],
            "Install": [],
        },
    }


@pytest.mark.parametrize(
    ("key", "placement", "written"),
    [
        ("llama_swap", "container", '"A=$$X"'),
        ("llama_swap", "embedded", '"A=$$X"'),
        ("llama_swap", "host", '"A=$X"'),
        ("litellm", "host", '"A=$$X"'),
    ],
)
def test_only_the_service_of_placement_host_keeps_a_dollar(key, placement, written):
    assert additions(key, placement, env={"A": "$X"})["environment"] == [written]

"""The table of models: every column, narrow terminals, disabled models, data for programs."""

from __future__ import annotations

import json

import click
import pytest

from chezmoi_llm.choices import choose
from chezmoi_llm.expand import judge
from chezmoi_llm.resolve import resolve
from chezmoi_llm.views import listing
from chezmoi_llm.world import cli
from chezmoi_llm.world.commands import list_

MODELS = {
    "local_models": [
        {"name": "qwen3", "model": "ollama://qwen3:8b", "ctx_size": 32768, "ram_required_gb": 6.5},
        {"name": "off", "model": "ollama://off", "enabled": False, "ttl": 0, "ctx_size": 0},
        {"name": "bge", "model": "hf://a/bge-m3", "kind": "embedding", "ctx_size": 0},
        {"name": "own", "command": ["my-server", "--port", "${PORT}"], "stop_command": ["stop"]},
    ],
    "cloud_models": [
        {"name": "gpt", "model": "openai/gpt", "context_window": 400000},
        {"name": "claude", "model": "anthropic/claude", "enabled": False},
    ],
}


def house_of(**stack):
    spec = judge({"data": {**MODELS, "llm_stack": stack}}).spec
    return spec, resolve(spec, choose(spec))


def lines(width=0, *, with_disabled=False, **stack):
    rows = listing.rows(*house_of(**stack), with_disabled=with_disabled)
    return [line for line, _ in listing.table(rows, width)]


def test_all_columns():
    assert lines() == [
        "NAME   MODEL              KIND       CONTEXT  TTL    ROLES       GROUP     MEMORY  RUNS IN",
        "qwen3  ollama://qwen3:8b  chat       32768    900 s  chat*                 6.5 GB  ramalama-qwen3",
        "bge    hf://a/bge-m3      embedding  its own  stays  embedding*  resident          ramalama-bge",
        "own    my-server          chat       its own  900 s  chat                          llama-swap",
        "gpt    openai/gpt         cloud      400000                                        openai",
    ]


def test_a_cloud_model_shows_the_roles_that_it_was_chosen_for():
    rows = listing.rows(*house_of(task_model="gpt"))
    assert [row.roles for row in rows if row.name == "gpt"] == [("task",)]


@pytest.mark.parametrize(
    ("api_base", "place"),
    [("", "openai"), ("http://box:9292/v1", "box:9292"), ("https://api.example.org", "api.example.org")],
)
def test_a_cloud_model_is_at_its_provider_or_its_server(api_base, place):
    spec = judge(
        {"data": {"cloud_models": [{"name": "a", "model": "openai/a", "api_base": api_base}]}}
    ).spec
    assert [row.runs_in for row in listing.rows(spec, resolve(spec, choose(spec)))] == [place]


def test_disabled_models_stand_where_the_list_has_them():
    rows = listing.rows(*house_of(), with_disabled=True)
    assert [(row.name, row.enabled) for row in rows] == [
        *(("qwen3", True), ("off", False), ("bge", True), ("own", True)),
        *(("gpt", True), ("claude", False)),
    ]
    table = listing.table(rows)
    assert [line for line, is_enabled in table if not is_enabled] == [
        "off     ollama://off       chat       its own  stays                                disabled",
        "claude  anthropic/claude   cloud                                                    disabled",
    ]


@pytest.mark.parametrize(
    ("width", "header"),
    [
        (200, "NAME   MODEL              KIND       CONTEXT  TTL    ROLES       GROUP     MEMORY  RUNS IN"),
        (95, "NAME   MODEL              KIND       CONTEXT  TTL    ROLES       GROUP     RUNS IN"),
        (72, "NAME   KIND       CONTEXT  TTL    ROLES       RUNS IN"),
        (55, "NAME   KIND       CONTEXT  TTL    RUNS IN"),
        (30, "NAME   RUNS IN"),
        (1, "NAME   RUNS IN"),
    ],
)
def test_columns_go_where_the_terminal_is_narrow(width, header):
    shown = lines(width)
    assert shown[0] == header
    assert max(map(len, shown)) <= max(width, 23)


def test_where_models_run():
    def places(**services):
        return [row.runs_in for row in listing.rows(*house_of(services=services))]

    assert places(llama_swap={"placement": "host"}) == [
        *("ramalama-qwen3", "ramalama-bge", "host", "openai"),
    ]
    assert places(ramalama={"units": True})[:2] == ["ramalama-qwen3.service", "ramalama-bge.service"]


STEPS = {
    "llama-swap": (
        {},
        [
            *("systemctl --user status llama-swap", "journalctl --user -u llama-swap -f"),
            "curl http://127.0.0.1:9292/health",
        ],
    ),
    "units": (
        {"ramalama": {"units": True}, "llama_swap": {"enabled": False}},
        ["systemctl --user status 'ramalama-*'", "journalctl --user -u ramalama-qwen3 -f"],
    ),
    "nothing": ({"llama_swap": {"enabled": False}}, []),
}


@pytest.mark.parametrize(("services", "steps"), STEPS.values(), ids=STEPS)
def test_what_to_type_next(services, steps):
    _, house = house_of(services=services)
    assert list(listing.next_steps(house)) == steps


@pytest.fixture
def run(tmp_path, capsys):
    file = tmp_path / "list.json"

    def run(data, *options):
        file.write_text(json.dumps(data), encoding="utf-8")
        cli.group.main(["list", "--data", str(file), *options], standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_a_cloud_model_has_the_roles_that_it_is_chosen_for():
    assert lines(chat_model="gpt")[-1].split()[-2:] == ["chat*", "openai"]


def test_marks_are_explained(run):
    assert f"\n\n  {listing.LEGEND}\n\n" in run(MODELS)


def test_json_has_values(run):
    rows = {row["name"]: row for row in json.loads(run(MODELS, "--json", "--all"))}
    assert rows["qwen3"] == {
        "name": "qwen3",
        "model": "ollama://qwen3:8b",
        "kind": "chat",
        "context": 32768,
        "ttl": 900,
        "roles": ["chat"],
        "chosen": ["chat"],
        "group": "",
        "memory": 6.5,
        "runs_in": "ramalama-qwen3",
        "enabled": True,
    }
    assert (rows["off"]["enabled"], rows["off"]["runs_in"]) == (False, "")
    assert json.loads(run(MODELS, "--json"))[-1]["name"] == "gpt"


def test_disabled_models_are_grey_on_a_terminal(run, monkeypatch):
    monkeypatch.setattr(list_, "is_coloured", lambda _: True)
    monkeypatch.setattr(click.utils, "should_strip_ansi", lambda *_: False)
    grey = [line for line in run(MODELS, "--all").split("\n") if "\x1b[2m" in line]
    assert [click.unstyle(line).split()[0] for line in grey] == ["off", "claude"]


def test_the_width_of_the_terminal_counts(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "55")
    assert run(MODELS).split("\n")[0] == "NAME   KIND       CONTEXT  TTL    RUNS IN"


def test_an_empty_list_says_what_to_do(run):
    assert run({}) == "no models; to add one: chezmoi-llm add qwen3-8b ollama://qwen3:8b\n"


def test_a_stack_that_is_off_says_so(run):
    said = run({**MODELS, "llm_stack": {"enabled": False}})
    assert said.startswith("llm_stack is switched off (enabled: false): nothing of this runs\n\nNAME")

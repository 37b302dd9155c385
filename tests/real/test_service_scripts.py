"""The scripts that start, restart and stop LiteLLM and Open WebUI, run by the real chezmoi."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from realprograms import podman, programs, shipped, standins
from realprograms.chezmoi import Home
from realprograms.scripts import UNITS, Person, house, machine

pytestmark = pytest.mark.real("chezmoi")

PLACEMENTS = ("container", "host", "embedded")


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    with machine(tmp_path) as made:
        yield made


def start(name: str) -> list[str]:
    return [f"--user restart --no-block {name}.service"]


def stop(name: str) -> list[str]:
    return [f"--user stop {name}.service"]


SERVICES = ("litellm", "open_webui")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_on_off_and_on_again(person, placement, service):
    name = UNITS[service]
    person.apply(house(placement=placement))
    assert person.asked(name) == start(name)
    person.systemd(f"{name}.service")
    person.forget()
    person.apply(house(placement=placement, **{service: {"enabled": False}}))
    assert person.asked(name) == stop(name)
    assert person.asked("daemon-reload")
    person.systemd()
    person.forget()
    person.apply(house(placement=placement))
    assert person.asked(name) == start(name)


@pytest.mark.parametrize("state", ["activating", "reloading", "deactivating"])
def test_what_is_about_to_start_is_stopped_too(person, state):
    person.apply(house())
    person.systemd(**{"is-active litellm.service": (3, f"{state}\n")})
    person.forget()
    person.apply(house(litellm={"enabled": False}))
    assert person.asked("litellm") == stop("litellm")


def test_of_what_has_failed_nothing_is_left(person):
    person.apply(house())
    person.systemd(**{"is-active litellm.service": (3, "failed\n")})
    person.forget()
    person.apply(house(litellm={"enabled": False}))
    assert person.asked("litellm") == ["--user reset-failed litellm.service"]


def test_what_never_ran_is_not_stopped(person):
    off = {"enabled": False}
    lines = person.apply(house(litellm=off, open_webui=off, caddy=off))
    assert [line for line in lines if line.startswith("reload-")] == []
    assert person.asked(" litellm") + person.asked(" open-webui") + person.asked("caddy") == []


def add_cloud(data: dict) -> None:
    data["cloud_models"] = [{"name": "gpt-5", "model": "openai/gpt-5", "api_key_env": "LITELLM_MASTER_KEY"}]


CHANGES = [
    pytest.param(lambda _: None, set(), id="nothing"),
    pytest.param(
        lambda d: d["llm_stack"]["services"].update(desktop={"browser": "x"}), set(), id="desktop"
    ),
    pytest.param(add_cloud, {"litellm"}, id="a cloud model"),
    pytest.param(
        lambda d: d["llm_stack"]["services"].update(open_webui={"env": {"A": "1"}}),
        {"open-webui"},
        id="its env",
    ),
    pytest.param(
        lambda d: d["llm_stack"]["services"].update(litellm={"args": ["--x"]}), {"litellm"}, id="its unit"
    ),
    pytest.param(
        lambda d: d["local_models"].append({"name": "b", "model": "hf://org/b"}),
        {"litellm", "llama-swap"},
        id="a second chat model",
    ),
    pytest.param(
        lambda d: d["local_models"].append({"name": "embed", "model": "hf://org/embed"}),
        {"litellm", "llama-swap", "open-webui"},
        id="an embedding model",
    ),
]


@pytest.mark.parametrize(("change", "restarted"), CHANGES)
def test_each_service_is_restarted_for_its_own_files_alone(person, change, restarted):
    data = house()
    person.apply(data)
    person.forget()
    change(data)
    person.apply(data)
    assert {name for name in UNITS.values() if person.asked(f" {name}.service")} == restarted
    assert person.asked("caddy") == []


def test_a_change_of_a_template_restarts_its_service(person):
    person.apply(house())
    person.forget()
    template = person.home.source / "dot_config/open-webui/env.tmpl"
    template.write_text(template.read_text("utf-8") + "# mine\n", "utf-8")
    person.home.apply()
    assert [name for name in UNITS.values() if person.asked(f" {name}.service")] == ["open-webui"]


def test_a_network_of_another_name_is_made_before_its_containers_start(person):
    data = house()
    person.apply(data)
    assert person.asked("llm-network") == []
    person.forget()
    data["llm_stack"]["network"] = {"name": "ai"}
    person.apply(data)
    orders = person.asked()
    network = orders.index("--user restart --no-block llm-network.service")
    assert network < orders.index(*start("litellm")) < orders.index(*start("open-webui"))


MISSING = [
    "reload-litellm: litellm is held back until there is a key; then start it:",
    "reload-litellm:   systemd-ask-password -n openai_api_key: | podman secret create openai_api_key -",
    "reload-litellm:   systemctl --user restart litellm.service",
]


def test_a_key_that_is_missing_holds_back_litellm_alone(person):
    lines = person.apply(house(cloud=True))
    assert [line for line in lines if line.startswith("reload-litellm")] == MISSING
    assert person.asked("litellm") == []
    assert person.asked("open-webui") == start("open-webui")


def test_a_key_that_comes_to_be_missing_stops_nothing(person):
    person.apply(house())
    person.systemd("litellm.service")
    person.forget()
    assert [
        line for line in person.apply(house(cloud=True)) if line.startswith("reload-litellm")
    ] == MISSING
    assert person.asked("litellm") == []


def test_the_command_that_is_printed_makes_the_key(person):
    lines = person.apply(house(cloud=True))
    (command,) = (
        line.partition(": ")[2].strip()
        for line in lines
        if line.startswith("reload-litellm:   systemd-ask")
    )
    standins.record(
        person.home.bin, person.log, "systemd-ask-password", answers={"openai_api_key:": (0, "x")}
    )
    assert programs.run(["sh", "-c", command], env=person.home.env).returncode == 0
    assert person.podman.has_secret("openai_api_key", b"x")


def test_without_podman_nothing_is_started_until_there_is_one(tmp_path):
    with machine(tmp_path, has_podman=False) as person:
        lines = person.apply(house())
        assert "reload-litellm: no podman: litellm is started when there is one" in lines
        assert "reload-open-webui: no podman: open-webui is started when there is one" in lines
        assert person.asked() == []
        with podman.standing_in(person.home.bin, tmp_path / "podman", "llm"):
            person.apply(house())
            assert person.asked("litellm") + person.asked("open-webui") == [
                *start("litellm"),
                *start("open-webui"),
            ]


@pytest.mark.parametrize("has_systemctl", [True, False], ids=["no manager", "no systemd"])
def test_without_a_systemd_to_talk_to_the_commands_are_said(person, has_systemctl):
    standins.record(person.home.bin, person.log, "systemctl", answers={"daemon-reload": (1, "")})
    if not has_systemctl:
        (person.home.bin / "systemctl").unlink()
    lines = person.apply(house())
    for name in ("litellm", "open-webui"):
        at = lines.index(f"reload-{name}: no systemd of yours to talk to; when there is one:")
        assert lines[at + 1 : at + 3] == [
            f"reload-{name}:   systemctl --user daemon-reload",
            f"reload-{name}:   systemctl --user restart {name}.service",
        ]
    off = {"enabled": False}
    quiet = house(litellm=off, open_webui=off, caddy=off)
    quiet["llm_stack"]["enabled"] = False
    assert person.apply(quiet) == []


def test_a_start_that_fails_is_told_and_does_not_stop_chezmoi(person):
    person.systemd(restart=(1, ""))
    lines = person.apply(house())
    for name in ("litellm", "open-webui"):
        assert f"reload-{name}: could not start {name}: journalctl --user -u {name}.service" in lines


SCRIPTS = (
    "run_once_before_30-llm-install-ramalama.sh",
    "run_onchange_after_51-reload-litellm.sh",
    "run_onchange_after_52-reload-open-webui.sh",
    "run_onchange_after_53-reload-caddy.sh",
)


@pytest.mark.real("shellcheck")
@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize("on", [True, False], ids=["on", "off"])
def test_shellcheck_has_nothing_to_say(tmp_path, placement, on):
    home = Home.make(tmp_path)
    data = house(placement=placement, cloud=True, ramalama={"install": True})
    data["llm_stack"]["enabled"] = on
    shipped.put(home, data)
    for name in SCRIPTS:
        template = (home.source / f".chezmoiscripts/{name}.tmpl").read_text("utf-8")
        rendered = home.execute(template)
        assert (rendered.returncode, rendered.stderr) == (0, "")
        text = rendered.stdout
        assert bool(text) is (on or "install" not in name), name
        if text:
            shellcheck = [programs.located("shellcheck"), "--shell=sh", "--severity=style", "-"]
            checked = programs.run(shellcheck, env=home.env, stdin=text)
            assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")

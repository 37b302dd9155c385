"""The scripts that start, restart and stop LiteLLM and Open WebUI, run by the real chezmoi."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from realprograms import podman, programs, shipped, standins
from realprograms.chezmoi import Home
from realprograms.scripts import (
    UNITS,
    RecordedMachine,
    recorded_machine,
    rendered,
    said,
    shellcheck,
    written,
)

pytestmark = pytest.mark.real("chezmoi")

PLACEMENTS = ("container", "host", "embedded")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[RecordedMachine]:
    with recorded_machine(tmp_path) as made:
        yield made


def start(name: str) -> list[str]:
    return [f"--user restart --no-block {name}.service"]


def stop(name: str) -> list[str]:
    return [f"--user stop {name}.service", f"--user reset-failed {name}.service"]


SERVICES = ("litellm", "open_webui")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_on_off_and_on_again(machine, placement, service):
    name = UNITS[service]
    machine.apply(written(placement=placement))
    assert machine.asked(name) == start(name)
    machine.systemd(f"{name}.service")
    machine.forget()
    machine.apply(written(placement=placement, **{service: {"enabled": False}}))
    assert machine.asked(name) == stop(name)
    assert machine.asked("daemon-reload")
    machine.systemd()
    machine.forget()
    machine.apply(written(placement=placement))
    assert machine.asked(name) == start(name)


def test_what_goes_is_stopped_while_its_unit_is_still_there(machine):
    machine.apply(written())
    machine.systemd("litellm.service")
    unit = machine.home.path / ".config/containers/systemd/llm/litellm.container"
    script = machine.home.bin / "systemctl"
    seen = f"#!/bin/sh\ncase $* in *stop*) ls {unit} >>{machine.home.path}/seen 2>&1 ;; esac\n"
    script.write_text(seen + script.read_text("utf-8").removeprefix("#!/bin/sh\n"), "utf-8")
    machine.apply(written(litellm={"enabled": False}))
    assert machine.home.read("seen") == f"{unit}\n"
    assert not unit.exists()


def test_every_state_in_which_something_may_be_running_is_looked_for(machine):
    machine.apply(written())
    (asked,) = (c.args for c in standins.calls(machine.log, "systemctl") if "list-units" in c.args)
    assert asked[-4:] == (
        "litellm.service",
        "llama-swap.service",
        "open-webui.service",
        "ramalama-*.service",
    )
    assert "--state=active,activating,reloading,deactivating,failed" in asked


@pytest.mark.parametrize("what", ["somewhere else", "without our mark"])
def test_a_service_of_the_persons_own_is_not_stopped(machine, what):
    theirs = machine.home.path / ".config/containers/systemd"
    theirs = theirs / ("litellm.container" if what == "somewhere else" else "llm/litellm.container")
    theirs.parent.mkdir(parents=True)
    theirs.write_text("[Container]\nImage=x\n", "utf-8")
    machine.systemd()
    standins.record_systemd(machine.home.bin, machine.log, running={"litellm.service": str(theirs)})
    shipped.put(machine.home, written(litellm={"enabled": False}), "litellm.container.tmpl")
    said(machine.home.apply())
    assert machine.asked("litellm") == []


def test_what_never_ran_is_not_stopped(machine):
    off = {"enabled": False}
    lines = machine.apply(written(litellm=off, open_webui=off, caddy=off))
    assert [line for line in lines if line.startswith("reload-")] == []
    assert machine.asked(" litellm") + machine.asked(" open-webui") + machine.asked("caddy") == []


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
def test_each_service_is_restarted_for_its_own_files_alone(machine, change, restarted):
    data = written()
    machine.apply(data)
    machine.forget()
    change(data)
    machine.apply(data)
    assert {name for name in UNITS.values() if machine.asked(f" {name}.service")} == restarted
    assert machine.asked("caddy") == []


def test_a_change_of_a_template_restarts_its_service(machine):
    machine.apply(written())
    machine.forget()
    template = machine.home.source / "dot_config/open-webui/env.tmpl"
    template.write_text(template.read_text("utf-8") + "# mine\n", "utf-8")
    machine.home.apply()
    assert [name for name in UNITS.values() if machine.asked(f" {name}.service")] == ["open-webui"]


NETWORK = "--user restart --no-block llm-network.service"


def test_a_network_of_another_name_is_made_before_its_containers_start(machine):
    data = written()
    machine.apply(data)
    assert machine.asked("llm-network") == []
    machine.systemd("llm-network.service")
    machine.forget()
    data["llm_stack"]["network"] = {"name": "ai"}
    machine.apply(data)
    orders = machine.asked()
    starts = [orders.index(order) for order in orders if "restart" in order and order != NETWORK]
    assert orders.index(NETWORK) < min(starts)
    assert len(starts) == len(UNITS)


def test_a_network_that_is_still_to_be_made_is_left_to_its_unit(machine):
    data = written()
    data["llm_stack"]["network"] = {"name": "ai"}
    machine.apply(data)
    assert machine.asked("llm-network") == []


HELD_BACK = "reload-litellm: held back for want of a key"
MISSING = [
    f"{HELD_BACK}: openai_api_key; make it (see chezmoi-llm secrets), then run:",
    "reload-litellm:   systemctl --user restart litellm.service",
]


def test_a_key_that_is_missing_holds_back_litellm_alone(machine):
    lines = machine.apply(written(cloud=True))
    assert [line for line in lines if line.startswith("reload-litellm")] == MISSING
    assert machine.asked("litellm") == []
    assert machine.asked("open-webui") == start("open-webui")


def test_a_key_that_comes_to_be_missing_stops_nothing(machine):
    machine.apply(written())
    machine.systemd("litellm.service")
    machine.forget()
    assert [
        line for line in machine.apply(written(cloud=True)) if line.startswith("reload-litellm")
    ] == MISSING
    assert machine.asked("litellm") == []


def test_the_command_that_is_printed_makes_the_key(machine):
    lines = machine.apply(written(cloud=True))
    (command,) = (
        line.partition(": ")[2].strip() for line in lines if line.startswith("llm-secrets:   systemd-ask")
    )
    standins.record(
        machine.home.bin, machine.log, "systemd-ask-password", answers={"OPENAI_API_KEY:": (0, "x")}
    )
    assert programs.run(["sh", "-c", command], env=machine.home.env).returncode == 0
    assert machine.podman.has_secret("openai_api_key", b"x")


def test_without_podman_nothing_is_started_until_there_is_one(tmp_path):
    with recorded_machine(tmp_path, has_podman=False) as machine:
        lines = machine.apply(written())
        assert "reload-litellm: no podman; it is started when there is one" in lines
        assert "reload-open-webui: no podman; it is started when there is one" in lines
        assert machine.asked("start") == []
        with podman.standing_in(machine.home.bin, tmp_path / "podman", "llm"):
            machine.apply(written())
            assert machine.asked("litellm") + machine.asked("open-webui") == [
                *start("litellm"),
                *start("open-webui"),
            ]


@pytest.mark.parametrize("has_systemctl", [True, False], ids=["no manager", "no systemd"])
def test_without_a_systemd_to_talk_to_the_commands_are_said(machine, has_systemctl):
    nobody = (1, "")
    machine.systemd(**dict.fromkeys(("daemon-reload", "list-units", "disable", "show"), nobody))
    if not has_systemctl:
        (machine.home.bin / "systemctl").unlink()
    lines = machine.apply(written())
    for name in ("litellm", "open-webui"):
        at = lines.index(f"reload-{name}: no systemd of yours to talk to; when there is one:")
        assert lines[at + 1 : at + 3] == [
            f"reload-{name}:   systemctl --user daemon-reload",
            f"reload-{name}:   systemctl --user restart {name}.service",
        ]
    off = {"enabled": False}
    quiet = written(litellm=off, open_webui=off, caddy=off)
    quiet["llm_stack"]["enabled"] = False
    assert machine.apply(quiet) == []


def test_a_start_that_fails_is_told_and_does_not_stop_chezmoi(machine):
    machine.systemd(restart=(1, ""))
    lines = machine.apply(written())
    for name in ("litellm", "open-webui"):
        assert f"reload-{name}: could not start it; why: systemctl --user status {name}.service" in lines


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
    data = written(placement=placement, cloud=True, ramalama={"install": True})
    data["llm_stack"]["enabled"] = on
    shipped.put(home, data)
    texts = {name: text for name, text in rendered(home, *SCRIPTS).items() if text}
    assert set(SCRIPTS) - set(texts) == (set() if on else {SCRIPTS[0]})
    assert shellcheck(texts, tmp_path / "scripts") == ""

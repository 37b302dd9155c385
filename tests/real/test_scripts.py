"""The two scripts, run by the real chezmoi against programs that write down how they are called."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from realprograms import podman, programs, scripts, shipped, standins
from realprograms.chezmoi import Done, Home
from realprograms.scripts import RecordedMachine, recorded_machine

pytestmark = pytest.mark.real("chezmoi")

PLACEMENTS = ("container", "host", "embedded")
SERVICE = "llama-swap.service"
KEY = "llama_swap_api_key"
ENV_FILE = ".config/llm/llama-swap.env"
SCRIPTS = (
    "run_onchange_before_40-llm-secrets.sh",
    "run_onchange_before_45-llm-stop.sh",
    "run_onchange_after_50-reload-llama-swap.sh",
    "run_once_after_59-llm-linger.sh",
)

OTHERS = (
    "*ramalama*.sh.tmpl",
    "*models.sh.tmpl",
    "*litellm*",
    "*open-webui*",
    "*caddy*",
    "Caddyfile*",
    "*.desktop*",
)
"""The files of other programs, which have scripts of their own."""


def stack(placement: str, *models: str, cloud: bool = False, on: bool = True, **swap: object) -> dict:
    """Return a person's data with llama-swap alone; ``cloud`` adds the other programs and a provider."""
    others = {} if cloud else {"litellm": {"enabled": False}, "open_webui": {"enabled": False}}
    return {
        "local_models": [{"name": name, "model": f"hf://org/{name}"} for name in models],
        "cloud_models": [{"name": "gpt-5", "model": "openai/gpt-5"}] if cloud else [],
        "llm_stack": {
            "enabled": on,
            "services": {"llama_swap": {"placement": placement, **swap}, **others},
        },
    }


class Person(RecordedMachine):
    """A machine whose chezmoi deploys llama-swap and no script of another program."""

    def apply(self, data: dict, **env: str) -> Done:
        shipped.put(self.home, data, *OTHERS)
        done = self.home.apply(**env)
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
        return done

    def asked(self, program: str = "systemctl") -> list[str]:
        """Return the calls since the last time, as lines; questions to systemd are left out."""
        said = super().asked() if program == "systemctl" else self.calls(program)
        self.forget()
        return said


@contextmanager
def machine(folder: Path, *, has_podman: bool = True) -> Iterator[Person]:
    with recorded_machine(folder, has_podman=has_podman, keys=()) as made:
        yield Person(home=made.home, log=made.log, podman=made.podman)


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    with machine(tmp_path) as made:
        yield made


STARTS = {
    "container": [
        "--user daemon-reload",
        "--user --quiet enable --now podman.socket",
        f"--user restart --no-block llama-swap-build.service {SERVICE}",
    ],
    "host": [
        "--user daemon-reload",
        f"--user --quiet reenable {SERVICE}",
        f"--user restart --no-block {SERVICE}",
    ],
    "embedded": ["--user daemon-reload", f"--user restart --no-block {SERVICE}"],
}
STOP = [f"--user stop {SERVICE}", f"--user reset-failed {SERVICE}"]
DISABLE = {"host": [f"--user --quiet disable {SERVICE}"], "container": [], "embedded": []}
RELOAD = ["--user daemon-reload"]


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_on_off_and_on_again(person, placement):
    person.apply(stack(placement, "a"))
    assert person.asked() == STARTS[placement]
    person.systemd(SERVICE)
    person.apply(stack(placement, "a", on=False))
    assert person.asked() == [*STOP, *DISABLE[placement], *RELOAD]
    person.systemd()
    person.apply(stack(placement, "a"))
    assert person.asked() == STARTS[placement]
    person.apply(stack(placement, "a", on=False))
    assert person.asked() == [*DISABLE[placement], *RELOAD]


def test_only_a_change_of_its_files_restarts_llama_swap(person):
    data = stack("container", "a")
    person.apply(data)
    person.asked()
    person.apply(data)
    assert person.asked() == []
    data["llm_stack"]["services"]["desktop"] = {"browser": "firefox"}
    person.apply(data)
    assert person.asked() == []
    person.apply(stack("container", "a", "b"))
    assert person.asked() == STARTS["container"]
    template = person.home.source / "dot_config/llama-swap/config.yaml.tmpl"
    template.write_text(template.read_text("utf-8") + "# mine\n", "utf-8")
    person.home.apply()
    assert person.asked() == STARTS["container"]


def test_a_change_of_the_unit_alone_restarts_llama_swap(person):
    person.apply(stack("container", "a"))
    person.asked()
    person.apply(stack("container", "a", env={"A": "1"}))
    assert person.asked() == STARTS["container"]


@pytest.mark.parametrize(("before", "after"), [("container", "host"), ("host", "embedded")])
def test_a_service_of_another_kind_takes_the_place_of_the_one_before(person, before, after):
    person.apply(stack(before, "a"))
    person.asked()
    person.systemd(SERVICE)
    person.apply(stack(after, "a"))
    assert person.asked() == [*STOP, *DISABLE[before], *STARTS[after]]


def test_a_container_that_stays_one_is_only_started_again(person):
    person.apply(stack("container", "a"))
    person.asked()
    person.systemd(SERVICE)
    person.apply(stack("embedded", "a"))
    assert person.asked() == STARTS["embedded"]


def test_a_placement_that_changes_takes_the_units_of_the_other_away(person):
    person.apply(stack("container", "a"))
    person.apply(stack("host", "a"))
    units = {file.name for file in (person.home.path / ".config").rglob("llama-swap.*") if file.is_file()}
    assert units == {SERVICE, "llama-swap.env"}


@pytest.mark.parametrize("placement", ["container", "embedded"])
def test_without_podman_nothing_is_started_until_there_is_one(tmp_path, placement):
    with machine(tmp_path, has_podman=False) as person:
        done = person.apply(stack(placement, "a"))
        assert "reload-llama-swap: no podman; it is started when there is one\n" in done.stderr
        assert f"llm-secrets: no podman: the secret {KEY} is made when there is one\n" in done.stderr
        assert person.asked() == []
        with podman.standing_in(person.home.bin, tmp_path / "podman"):
            person.apply(stack(placement, "a"))
            assert person.asked() == STARTS[placement]
            assert person.podman.has_secret(KEY)


def test_placement_host_needs_no_podman(tmp_path):
    with machine(tmp_path, has_podman=False) as person:
        person.apply(stack("host", "a"))
        assert person.asked() == STARTS["host"]
        assert re.fullmatch(r"LLAMA_SWAP_API_KEY=sk-[0-9a-f]{64}\n", person.home.read(ENV_FILE))


def test_on_the_host_a_program_elsewhere_is_told_with_its_link(person):
    elsewhere = person.home.bin / "llama-swap"
    elsewhere.unlink(missing_ok=True)
    elsewhere.write_text("#!/bin/sh\n", "utf-8")
    elsewhere.chmod(0o755)
    place = person.home.path / ".local/bin/llama-swap"
    assert not place.exists()
    said = person.apply(stack("host", "a")).stderr
    assert (
        f"reload-llama-swap:   mkdir -p ~/.local/bin && ln -s '{elsewhere}' ~/.local/bin/ && "
        f"systemctl --user restart llama-swap.service\n"
    ) in said
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(elsewhere)
    assert "it cannot start" not in person.apply(stack("host", "a", "b")).stderr


NO_MANAGER = {
    "container": [
        "daemon-reload",
        "enable --now podman.socket",
        f"restart llama-swap-build.service {SERVICE}",
    ],
    "host": ["daemon-reload", f"reenable {SERVICE}", f"restart {SERVICE}"],
    "embedded": ["daemon-reload", f"restart {SERVICE}"],
}


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_without_a_user_manager_the_script_says_what_to_run(person, placement):
    nobody = (1, "")
    person.systemd(**dict.fromkeys(("daemon-reload", "list-units", "disable", "show"), nobody))
    done = person.apply(stack(placement, "a"))
    said = [line.removeprefix("reload-llama-swap: ") for line in done.stderr.splitlines()]
    at = said.index("no systemd of yours to talk to; when there is one:")
    assert said[at + 1 :] == [f"  systemctl --user {words}" for words in NO_MANAGER[placement]]
    assert person.asked() == ["--user daemon-reload"]
    assert person.apply(stack(placement, "a", on=False)).stderr == ""


def test_without_systemd_at_all_nothing_fails(tmp_path):
    with machine(tmp_path) as person:
        for name in ("systemctl", "loginctl"):
            (person.home.bin / name).unlink()
        assert "no systemd of yours to talk to" in person.apply(stack("container", "a")).stderr
        assert person.apply(stack("container", "a", on=False)).stderr == ""


def test_a_failed_restart_is_told_and_does_not_stop_chezmoi(person):
    person.systemd(restart=(1, ""), enable=(1, ""))
    said = person.apply(stack("container", "a")).stderr
    services = f"llama-swap-build.service {SERVICE}"
    assert "reload-llama-swap: failed: systemctl --user enable --now podman.socket\n" in said
    assert f"reload-llama-swap: could not start it; why: systemctl --user status {services}\n" in said


@pytest.mark.parametrize("placement", ["container", "embedded"])
def test_llama_swap_is_held_back_until_it_has_its_keys(person, placement):
    said = person.apply(stack(placement, "a", secrets={"HF_TOKEN": "hf_token"})).stderr
    *_, start = STARTS[placement]
    assert said.endswith(
        "reload-llama-swap: held back for want of a key: hf_token; "
        "make it (see chezmoi-llm secrets), then run:\n"
        f"reload-llama-swap:   systemctl {start.replace('--no-block ', '')}\n"
    )
    assert person.asked() == STARTS[placement][:-1]


def test_lingering_is_advised_once(person):
    advice = "llm-linger: to keep the models running while you are not logged in: loginctl enable-linger\n"
    person.systemd(linger=False)
    assert person.apply(stack("container", "a", on=False)).stderr == ""
    assert advice in person.apply(stack("container", "a")).stderr
    for data in (stack("host", "a", "b"), stack("container", "a", on=False), stack("container", "a")):
        assert advice not in person.apply(data).stderr


def test_who_lingers_is_not_advised(person):
    assert "linger" not in person.apply(stack("container", "a")).stderr
    assert person.asked("loginctl")[0].startswith("show-user ")


def test_models_that_are_not_downloaded_are_named_with_their_command(person):
    listed = [
        {"name": "hf://org/here"},
        {"name": "ollama://library/qwen3:8b"},
        {"name": "hf://org/here-too"},
    ]
    answers = {"list": (0, json.dumps(listed) + "\n")}
    standins.record(person.home.bin, person.log, "ramalama", answers=answers)
    data = stack("container", "here", "her", models_dir="/srv")
    data["local_models"] += [
        {"name": "qwen", "model": "ollama://qwen3:8b"},
        {"name": "other", "model": "ollama://qwen3:$x&y"},
        {"name": "file", "model": "/srv/x.gguf"},
        {"name": "mine", "model": "hf://org/mine", "runner": "command", "command": ["x", "${PORT}"]},
    ]
    said = person.apply(data).stderr.splitlines()
    assert [line for line in said if "downloaded" in line] == [
        "reload-llama-swap: her is not downloaded yet: ramalama pull 'hf://org/her'",
        "reload-llama-swap: other is not downloaded yet: ramalama pull 'ollama://qwen3:$x&y'",
    ]
    assert person.asked("ramalama") == ["list --json"]


def test_the_list_is_asked_of_the_store_that_the_models_are_in(person):
    standins.record(person.home.bin, person.log, "ramalama", answers={"/srv/$x": (1, "")})
    data = stack("container", "a")
    data["llm_stack"]["services"]["ramalama"] = {"store": "/srv/$x"}
    assert "downloaded" not in person.apply(data).stderr
    assert person.asked("ramalama") == ["--store /srv/$x list --json"]


OURS = ("litellm_master_key", KEY, "webui_secret_key")


@pytest.mark.parametrize("placement", ["container", "host"])
def test_our_keys_are_made_once(person, placement):
    def stored() -> list[str]:
        return [(person.podman.state / f"secrets/{name}.json").read_text("utf-8") for name in OURS]

    said = person.apply(stack(placement, "a", cloud=True)).stderr
    assert all(f"made the Podman secret {name}\n" in said for name in OURS)
    made = stored()
    assert len({json.loads(entry)["sha256"] for entry in made}) == 3
    assert "made the" not in person.apply(stack(placement, "a", cloud=True, secrets={"T": "t"})).stderr
    assert stored() == made


def test_only_keys_that_somebody_reads_are_made(person):
    person.apply(stack("container", "a"))
    assert [person.podman.has_secret(name) for name in OURS] == [False, True, False]


def test_on_the_host_the_file_and_the_secret_are_one_key(person):
    person.apply(stack("host", "a"))
    file = person.home.path / ENV_FILE
    name, _, key = file.read_text("utf-8").removesuffix("\n").partition("=")
    assert name == "LLAMA_SWAP_API_KEY"
    assert person.podman.has_secret(KEY, key.encode())
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)


def test_the_key_of_the_host_moves_to_podman_and_its_file_goes(person):
    person.apply(stack("host", "a"))
    key = person.home.read(ENV_FILE).removesuffix("\n").partition("=")[2]
    said = person.apply(stack("container", "a")).stderr
    assert person.podman.has_secret(KEY, key.encode())
    assert not (person.home.path / ENV_FILE).parent.exists()
    assert (KEY in said, key in said) == (False, False)


def test_a_key_of_the_host_waits_in_its_file_until_there_is_podman(tmp_path):
    with machine(tmp_path, has_podman=False) as person:
        person.apply(stack("host", "a"))
        before = person.home.read(ENV_FILE)
        person.apply(stack("embedded", "a"))
        assert person.home.read(ENV_FILE) == before
        with podman.standing_in(person.home.bin, tmp_path / "podman"):
            person.apply(stack("embedded", "a"))
            assert person.podman.has_secret(KEY, before.removesuffix("\n").partition("=")[2].encode())
            assert not (person.home.path / ENV_FILE).exists()


def test_what_a_person_has_written_beside_the_key_stays(person):
    person.apply(stack("host", "a"))
    file = person.home.path / ENV_FILE
    file.write_text(file.read_text("utf-8") + "HF_TOKEN=x\n", "utf-8")
    said = person.apply(stack("container", "a")).stderr
    assert (file.read_text("utf-8"), stat.S_IMODE(file.stat().st_mode)) == ("HF_TOKEN=x\n", 0o600)
    left = f"llm-secrets: took LLAMA_SWAP_API_KEY out of {file}; nobody reads what is left there\n"
    assert left in said


def test_on_the_host_a_key_in_the_file_stays_and_becomes_the_secret(person):
    file = person.home.path / ENV_FILE
    file.parent.mkdir(parents=True)
    file.write_text("OTHER=1\nLLAMA_SWAP_API_KEY=sk-mine\n", encoding="utf-8")
    said = person.apply(stack("host", "a")).stderr
    assert file.read_text("utf-8") == "OTHER=1\nLLAMA_SWAP_API_KEY=sk-mine\n"
    assert person.podman.has_secret(KEY, b"sk-mine")
    assert ENV_FILE not in said


def test_on_the_host_a_file_whose_last_line_has_no_end_gets_the_key_on_a_line_of_its_own(person):
    file = person.home.path / ENV_FILE
    file.parent.mkdir(parents=True)
    file.write_text("HF_TOKEN=x", encoding="utf-8")
    person.apply(stack("host", "a"))
    assert re.fullmatch(r"HF_TOKEN=x\nLLAMA_SWAP_API_KEY=sk-[0-9a-f]{64}\n", file.read_text("utf-8"))


def test_on_the_host_a_key_in_quotes_becomes_the_secret_without_them(person):
    file = person.home.path / ENV_FILE
    file.parent.mkdir(parents=True)
    file.write_text('LLAMA_SWAP_API_KEY="sk-mine"\r\n', encoding="utf-8", newline="")
    person.apply(stack("host", "a"))
    assert person.podman.has_secret(KEY, b"sk-mine")


def test_on_the_host_the_key_of_an_earlier_placement_is_taken_over(person):
    answers = {"secret inspect": (0, "sk-earlier\n")}
    standins.record(person.home.bin, person.log, "podman", answers=answers)
    said = person.apply(stack("host", "a")).stderr
    assert person.home.read(ENV_FILE) == "LLAMA_SWAP_API_KEY=sk-earlier\n"
    assert "sk-earlier" not in said
    assert not any("create" in call for call in person.asked("podman"))


def test_on_the_host_a_key_of_somebody_else_belongs_into_the_file(person):
    data = stack("host", "a", secrets={"HF_TOKEN": "hf_token"})
    path = person.home.path / ENV_FILE
    missing = f"llm-secrets: HF_TOKEN is missing; add the line HF_TOKEN=... to {path}\n"
    assert missing in person.apply(data).stderr
    path.write_text(path.read_text("utf-8") + "HF_TOKEN=x\n", "utf-8")
    said = person.apply(stack("host", "a", cloud=True, secrets={"HF_TOKEN": "hf_token"})).stderr
    assert "OPENAI_API_KEY is missing" in said
    assert "HF_TOKEN" not in said


def test_keys_of_providers_are_listed_with_the_command_that_makes_them(person):
    said = person.apply(stack("container", "a", cloud=True)).stderr
    command = "systemd-ask-password -n OPENAI_API_KEY: | podman secret create openai_api_key -"
    assert (
        f"llm-secrets: OPENAI_API_KEY is missing; make its Podman secret with:\nllm-secrets:   {command}"
        in said
    )
    assert not person.podman.has_secret("openai_api_key")
    standins.record(
        person.home.bin, person.log, "systemd-ask-password", answers={"OPENAI_API_KEY:": (0, "x")}
    )
    done = programs.run(["sh", "-c", command], env=person.home.env)
    assert done.returncode == 0, done.stderr
    assert person.podman.has_secret("openai_api_key", b"x")
    said = person.apply(stack("container", "a", "b", cloud=True, secrets={"HF_TOKEN": "hf_token"})).stderr
    assert "OPENAI_API_KEY" not in said
    assert "HF_TOKEN is missing" in said


def test_a_podman_that_cannot_keep_secrets_does_not_stop_chezmoi(person):
    answers = {"secret exists": (125, ""), "secret create": (125, "")}
    standins.record(person.home.bin, person.log, "podman", answers=answers)
    said = person.apply(stack("container", "a")).stderr
    assert f"llm-secrets: Podman could not make the secret {KEY}\n" in said


def everything_written(person: Person, done: Done) -> str:
    """Return all that a key could have leaked into: output, arguments, files but the one of the keys."""
    words = [
        word
        for log in (person.log, person.podman.state / "calls")
        for c in standins.calls(log)
        for word in c.args
    ]
    kept = person.home.path / ENV_FILE
    own = {kept, person.log, person.podman.state / "calls"}
    # what is linked to is a program of the machine
    files = (
        file for file in person.home.path.parent.rglob("*") if file.is_file() and not file.is_symlink()
    )
    texts = [file.read_bytes().decode(errors="replace") for file in files if file not in own]
    return "\n".join([done.stdout, done.stderr, *words, *texts])


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_no_key_leaves_its_way(person, placement, canaries):
    digits = "5eed" * 16
    (person.home.bin / "od").unlink()
    (person.home.bin / "od").write_text(f"#!/bin/sh\nprintf ' {digits}\\n'\n", encoding="utf-8")
    (person.home.bin / "od").chmod(0o755)
    done = person.apply(stack(placement, "a", cloud=True), **canaries)
    assert all(person.podman.has_secret(name, f"sk-{digits}".encode()) for name in OURS)
    (person.home.bin / "od").unlink()
    written = everything_written(person, done)
    assert digits not in written
    assert [value for value in canaries.values() if value in written] == []
    assert (
        (digits in person.home.read(ENV_FILE))
        if placement == "host"
        else not (person.home.path / ENV_FILE).exists()
    )


@pytest.mark.real("shellcheck")
@pytest.mark.parametrize(
    ("placement", "cloud", "on"),
    [
        ("container", True, True),
        ("container", False, True),
        ("host", True, True),
        ("host", False, True),
        ("embedded", False, True),
        ("container", False, False),
        ("host", False, False),
    ],
)
def test_shellcheck_finds_nothing(tmp_path, placement, cloud, on):
    home = Home.make(tmp_path)
    shipped.put(home, stack(placement, "a", cloud=cloud, on=on, secrets={"T": "t"} if cloud else {}))
    texts = {name: text for name, text in scripts.rendered(home, *SCRIPTS).items() if text}
    assert set(SCRIPTS) - set(texts) == (set() if on else {"run_once_after_59-llm-linger.sh"})
    assert scripts.shellcheck(texts, tmp_path / "scripts") == ""


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_calls_chezmoi_itself(tmp_path, name):
    home = Home.make(tmp_path)
    shipped.put(home, stack("host", "a", cloud=True))
    rendered = home.execute((home.source / f".chezmoiscripts/{name}.tmpl").read_text("utf-8")).stdout
    code = [line for line in rendered.splitlines() if not line.startswith("#")]
    assert code
    assert not [line for line in code if re.search(r"\bchezmoi\b(?!-llm)", line)]


def test_a_file_that_was_not_chosen_is_not_asked_for(person):
    shipped.put(
        person.home, stack("container", "a"), *OTHERS, "llama-swap.service.tmpl", "llm.network.tmpl"
    )
    assert person.home.apply().returncode == 0
    assert person.asked() == STARTS["container"]

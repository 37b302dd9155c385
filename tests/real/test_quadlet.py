"""The rendered units as Podman's generator and systemd understand them: arguments, keys, order."""

from __future__ import annotations

import itertools
import re
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from realprograms import quadlet, shipped
from realprograms.chezmoi import Home

from chezmoi_llm import formats
from chezmoi_llm.checks import extras, networks

UNITS = ".config/containers/systemd"
SERVICE = "llama-swap.service"
KEY = "LLAMA_SWAP_API_KEY"

HOSTILE = {
    "A": "x \"y\" 'z' $HOME ${HOME} $$ %h %n %z 100% \\ \\n \\",
    "B": "",
    "C": "; [Service] ExecStartPre=/bin/false # é🙂",
    "D": " leading and trailing ",
    "_1": "a=b,c",
}
ARGS = (
    "--config-dir",
    "/a b/c",
    "$HOME",
    "100%",
    'a"b',
    "a'b",
    "a\\b",
    "a;b",
    "#x",
    "${x}",
    "`id`",
    "é🙂",
)


def stack(placement: str, **more: object) -> dict:
    """Return a person's data with everything written that reaches a unit."""
    llama_swap = {
        "placement": placement,
        "models_dir": "/srv/100%/$models",
        "env": HOSTILE,
        "args": list(ARGS),
        "volumes": ["%h/x y:/x y:ro", "/with/$dollar:/d"],
        "requires": ["basic.target"],
        "secrets": {"HF_TOKEN": "hf_token"},
        "extra": {
            "Unit": {"Documentation": "https://example.org"},
            "Container": {"Label": ["a=1", "b=2"]},
            "Service": {"Nice": 5},
            "Install": {"Alias": "swap.service"},
        },
        **more,
    }
    if placement == "host":
        del llama_swap["extra"]["Container"], llama_swap["volumes"]
    return {
        "local_models": [{"name": "a", "model": "hf://org/a"}],
        "llm_stack": {"services": {"llama_swap": llama_swap}},
    }


def plain(placement: str, **services: dict) -> dict:
    """Return a person's data with llama-swap alone."""
    others = {"litellm": {"enabled": False}, "open_webui": {"enabled": False}}
    return {
        "local_models": [{"name": "a", "model": "hf://org/a"}],
        "llm_stack": {"services": {"llama_swap": {"placement": placement}, **others, **services}},
    }


def generated(home: Home) -> quadlet.Generated:
    """Run the generator on the deployed units; it must find nothing to complain about."""
    done = quadlet.generate(home.path / UNITS)
    assert (done.returncode, done.stderr) == (0, "")
    return done


def values(argv: list[str], option: str) -> list[str]:
    """Return the values of an option of ``podman run``, given after it or with ``=``."""
    after = [value for name, value in itertools.pairwise(argv) if name == option]
    return after + [word.partition("=")[2] for word in argv if word.startswith(f"{option}=")]


def after(argv: list[str], image: str) -> list[str]:
    """Return what the container runs: everything after its image."""
    return argv[argv.index(image) + 1 :]


LISTEN = ["-config", "/etc/llama-swap/config/config.yaml", "-listen", "0.0.0.0:8080"]
H, T = "/home/someone", "/run/user/1000"


@pytest.mark.real("chezmoi", "quadlet")
def test_placement_container_starts_models_through_the_socket(tmp_path):
    home = Home.make(tmp_path)
    shipped.deploy(home, plain("container"))
    done = generated(home)
    assert set(done.texts) == {SERVICE, "llama-swap-build.service", "llm-network.service"}
    argv = done.exec_start(SERVICE)
    assert values(argv, "--volume") + values(argv, "-v") == [
        f"{H}/.config/llama-swap:/etc/llama-swap/config:ro",
        f"{T}/podman/podman.sock:/run/podman/podman.sock",
        f"{H}/.local/share/ramalama:{H}/.local/share/ramalama",
        f"{H}/.config/ramalama:/root/.config/ramalama:ro",
    ]
    assert sorted(values(argv, "--env")) == [
        "CONTAINER_HOST=unix:///run/podman/podman.sock",
        f"RAMALAMA_STORE={H}/.local/share/ramalama",
    ]
    assert sorted(values(argv, "--security-opt")) == ["label=disable", "no-new-privileges"]
    assert values(argv, "--cap-drop") == ["all"]
    assert values(argv, "--publish") == ["127.0.0.1:9292:8080"]
    assert values(argv, "--network") == ["llm"]
    assert values(argv, "--name") == ["llama-swap"]
    assert values(argv, "--entrypoint") == ["llama-swap"]
    assert values(argv, "--secret") == [f"{KEY.lower()},type=env,target={KEY}"]
    assert after(argv, "localhost/llama-swap-ramalama:latest") == LISTEN
    unit = done.unit(SERVICE)
    assert {"llm-network.service", "llama-swap-build.service"} <= set(unit["Unit"]["Requires"])
    assert {"podman.socket"} <= set(unit["Unit"]["Wants"]) & set(unit["Unit"]["After"])
    assert unit["Service"]["ExecStartPre"] == ["mkdir -p %h/.local/share/ramalama"]


@pytest.mark.real("chezmoi", "quadlet")
def test_placement_embedded_has_the_servers_inside_and_no_socket(tmp_path):
    home = Home.make(tmp_path)
    shipped.deploy(home, plain("embedded"))
    done = generated(home)
    assert set(done.texts) == {SERVICE, "llama-swap-volume.service", "llm-network.service"}
    argv = done.exec_start(SERVICE)
    assert values(argv, "--volume") + values(argv, "-v") == [
        f"{H}/.config/llama-swap:/etc/llama-swap/config:ro,z",
        "llama-swap-models:/var/cache/llama-swap",
    ]
    assert values(argv, "--env") == ["LLAMA_CACHE=/var/cache/llama-swap"]
    assert values(argv, "--security-opt") == ["no-new-privileges"]
    assert values(argv, "--group-add") == ["keep-groups"]
    assert values(argv, "--entrypoint") == ["/usr/local/bin/llama-swap"]
    assert after(argv, "ghcr.io/mostlygeek/llama-swap:unified-vulkan") == LISTEN
    assert "podman.sock" not in done.texts[SERVICE]
    assert "ExecStartPre" not in done.unit(SERVICE)["Service"]


@pytest.mark.real("chezmoi", "systemd-analyze")
def test_placement_host_is_a_service_of_systemd_alone(tmp_path):
    home = Home.make(tmp_path)
    shipped.deploy(home, plain("host"))
    assert not [file for file in (home.path / UNITS).rglob("*") if file.is_file()]
    text = home.read(f".config/systemd/user/{SERVICE}")
    service = quadlet.parse(text)["Service"]
    assert quadlet.argv(service["ExecStart"][0]) == [
        f"{H}/.local/bin/llama-swap",
        "-config",
        f"{H}/.config/llama-swap/config.yaml",
        "-listen",
        "127.0.0.1:9292",
    ]
    assert service["EnvironmentFile"] == ["%h/.config/llm/llama-swap.env"]
    (path,) = service["Environment"]
    assert quadlet.expand(path).startswith(f"PATH={H}/.local/bin:")
    verdict = quadlet.verify({SERVICE: text}, tmp_path / "verify")
    assert (verdict.returncode, verdict.stdout, verdict.stderr) == (0, "", "")


@pytest.mark.real("chezmoi", "quadlet")
@pytest.mark.parametrize("placement", ["container", "embedded"])
def test_what_a_person_adds_arrives_as_it_was_written(tmp_path, placement):
    home = Home.make(tmp_path)
    document = shipped.deploy(home, stack(placement))
    done = generated(home)
    argv = done.exec_start(SERVICE)
    assert after(argv, document["services"]["llama_swap"]["image"]) == [*LISTEN, *ARGS]
    given = {name: value for name, _, value in (word.partition("=") for word in values(argv, "--env"))}
    assert {name: given[name] for name in HOSTILE} == HOSTILE
    volumes = values(argv, "--volume") + values(argv, "-v")
    assert {
        f"{H}/x y:/x y:ro",
        "/with/$dollar:/d",
        "/srv/100%/$models:/srv/100%/$models:ro",
    } < set(volumes)
    assert sorted(values(argv, "--secret")) == [
        "hf_token,type=env,target=HF_TOKEN",
        f"{KEY.lower()},type=env,target={KEY}",
    ]
    assert {"a=1", "b=2"} < set(values(argv, "--label"))
    unit = done.unit(SERVICE)
    assert "basic.target" in unit["Unit"]["Requires"]
    assert "basic.target" in unit["Unit"]["After"]
    assert unit["Unit"]["Documentation"] == ["https://example.org"]
    assert unit["Service"]["Nice"] == ["5"]
    assert unit["Install"] == {"WantedBy": ["default.target"], "Alias": ["swap.service"]}
    assert set(unit) <= {"Unit", "Service", "Install", "X-Container"}


def assignments(service: dict[str, list[str]]) -> dict[str, str]:
    """Return the variables of a service as systemd reads them: split, then specifiers."""
    words = [word for line in service["Environment"] for word in quadlet.split(line)]
    return {name: value for name, _, value in (quadlet.expand(word).partition("=") for word in words)}


@pytest.mark.real("chezmoi", "systemd-analyze")
def test_what_a_person_adds_to_the_service_arrives_as_it_was_written(tmp_path):
    home = Home.make(tmp_path)
    data = stack("host", args=[*ARGS, "", ";", "&&"])
    data["llm_stack"]["services"]["ramalama"] = {"store": "/srv/100%/$store"}
    shipped.deploy(home, data)
    text = home.read(f".config/systemd/user/{SERVICE}")
    unit = quadlet.parse(text)
    assert quadlet.argv(unit["Service"]["ExecStart"][0])[5:] == [*ARGS, "", ";", "&&"]
    given = assignments(unit["Service"])
    assert {name: given[name] for name in HOSTILE} == HOSTILE
    assert given["RAMALAMA_STORE"] == "/srv/100%/$store"
    assert unit["Service"]["Nice"] == ["5"]
    assert unit["Unit"]["Requires"] == unit["Unit"]["After"] == ["basic.target"]
    verdict = quadlet.verify({SERVICE: text}, tmp_path / "verify")
    assert (verdict.returncode, verdict.stdout, verdict.stderr) == (0, "", "")


@pytest.mark.real("chezmoi", "quadlet", "systemd-analyze")
@pytest.mark.parametrize("make", [plain, stack], ids=["plain", "everything"])
@pytest.mark.parametrize("placement", ["container", "embedded"])
def test_systemd_has_nothing_to_complain_about(tmp_path, placement, make):
    home = Home.make(tmp_path)
    shipped.deploy(home, make(placement))
    verdict = quadlet.verify(generated(home).texts, tmp_path / "verify")
    assert (verdict.returncode, verdict.stdout, verdict.stderr) == (0, "", "")


@pytest.mark.real("chezmoi", "quadlet")
def test_the_store_and_the_devices_follow_the_settings(tmp_path):
    home = Home.make(tmp_path)
    data = plain("container", ramalama={"store": "/srv/100%/$blobs"})
    data["llm_stack"]["accelerator"] = "cuda"
    shipped.deploy(home, data)
    done = generated(home)
    argv = done.exec_start(SERVICE)
    store = "/srv/100%/$blobs"
    assert f"{store}:{store}" in values(argv, "--volume") + values(argv, "-v")
    assert f"RAMALAMA_STORE={store}" in values(argv, "--env")
    (line,) = done.unit(SERVICE)["Service"]["ExecStartPre"]
    assert quadlet.argv(line) == ["mkdir", "-p", store]
    assert values(argv, "--device") == ["nvidia.com/gpu=all"]
    assert '"name": "all"' in home.read(f"{UNITS}/llm/Containerfile")


@pytest.mark.real("chezmoi", "quadlet")
def test_without_ramalama_conf_its_folder_is_not_mounted(tmp_path):
    home = Home.make(tmp_path)
    shipped.deploy(home, plain("container", ramalama={"enabled": False}))
    assert not list((home.path / ".config/ramalama").iterdir())
    assert ".config/ramalama" not in generated(home).texts[SERVICE]


@pytest.mark.real("chezmoi", "quadlet")
def test_an_image_of_the_persons_own_is_not_built(tmp_path):
    home = Home.make(tmp_path)
    data = plain("container")
    data["llm_stack"]["services"]["llama_swap"]["image"] = "registry.example.org/swap:1"
    shipped.deploy(home, data)
    done = generated(home)
    assert set(done.texts) == {SERVICE, "llm-network.service"}
    assert after(done.exec_start(SERVICE), "registry.example.org/swap:1") == LISTEN
    assert not (home.path / UNITS / "llm/Containerfile").exists()


@pytest.mark.real("chezmoi", "quadlet")
def test_the_build_finds_its_containerfile_beside_itself(tmp_path):
    home = Home.make(tmp_path)
    shipped.deploy(home, plain("container"))
    done = generated(home)
    build = done.unit("llama-swap-build.service")["Service"]
    argv = done.exec_start("llama-swap-build.service")
    assert values(argv, "--tag") == ["localhost/llama-swap-ramalama:latest"]
    folder = build["WorkingDirectory"][0]
    assert (Path(folder) / values(argv, "--file")[0]).samefile(home.path / UNITS / "llm/Containerfile")


@pytest.mark.real("chezmoi", "quadlet")
def test_the_network_has_the_name_that_the_models_join(tmp_path):
    home = Home.make(tmp_path)
    data = plain("container")
    data["llm_stack"]["network"] = {"name": "ai", "subnet": "10.89.7.0/24", "gateway": "10.89.7.1"}
    document = shipped.deploy(home, data)
    done = generated(home)
    argv = done.exec_start("llm-network.service")
    assert argv[-1] == "ai"
    assert (values(argv, "--subnet"), values(argv, "--gateway")) == (["10.89.7.0/24"], ["10.89.7.1"])
    assert values(done.exec_start(SERVICE), "--network") == ["ai"]
    assert values(document["local_models"][0]["cmd_argv"], "--network") == ["ai"]


@pytest.mark.real("chezmoi")
def test_what_is_switched_off_leaves_no_file(tmp_path):
    home = Home.make(tmp_path)
    shipped.deploy(home, plain("container"))
    assert (home.path / UNITS / "llm/llama-swap.container").exists()
    data = plain("container")
    data["llm_stack"]["enabled"] = False
    shipped.deploy(home, data)
    left = [file for file in (home.path / ".config").rglob("*") if file.is_file()]
    assert [file for file in left if "chezmoi" not in file.parts] == []


WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"),
    max_size=12,
)
HARD = st.text(st.sampled_from("ab \"'\\$`{}#;&|%=,-:[]nx0"), max_size=8)
"""Mostly characters that systemd or quadlet reads in a way of its own."""


@pytest.mark.real("quadlet")
@settings(max_examples=25)
@given(words=st.lists(st.one_of(HARD, WORDS), min_size=50, max_size=200))
def test_any_words_survive_quadlet_and_systemd(tmp_path_factory, words):
    folder = tmp_path_factory.mktemp("units")
    # quadlet drops an empty argument with all that follow, and hands on a lone ; without quotes
    args = [word for word in words if word not in ("", ";")]
    lines = [f"Environment={formats.systemd_word(f'V{n}={word}')}" for n, word in enumerate(words)]
    text = "\n".join(
        [
            "[Container]",
            "Image=example.org/x",
            *lines,
            f"Exec={' '.join(map(formats.systemd_word, args))}",
            "",
        ]
    )
    (folder / "x.container").write_text(text, encoding="utf-8", newline="")
    done = quadlet.generate(folder)
    assert (done.returncode, done.stderr) == (0, "")
    argv = done.exec_start("x.service")
    assert after(argv, "example.org/x") == args
    assert sorted(values(argv, "--env")) == sorted(f"V{n}={word}" for n, word in enumerate(words))


@settings(max_examples=200)
@given(words=st.lists(st.one_of(HARD, WORDS), max_size=20))
def test_any_words_survive_systemd(words):
    line = " ".join(map(formats.systemd_word, ["/bin/x", *words]))
    assert quadlet.argv(line) == ["/bin/x", *words]
    service = {"Environment": [formats.systemd_assignment(f"V{n}={word}") for n, word in enumerate(words)]}
    assert assignments(service) == {f"V{n}": word for n, word in enumerate(words)}


# --- what the checks say of units -----------------------------------------------------------------


def refused(folder: Path, **files: str) -> dict[str, str]:
    """Return why Podman refuses each of the units, by its name with ``_`` for the dot."""
    units = folder / "units"
    units.mkdir()
    for name, text in files.items():
        (units / name.replace("_", ".")).write_text(text, encoding="utf-8")
    said = quadlet.generate(units).stderr
    found = re.findall(r'converting "([^"]+)": (.*)', said)
    return {name.replace(".", "_"): why for name, why in found}


def unit(*lines: str) -> str:
    return "\n".join(("[Container]", "Image=ghcr.io/a/b:1", *lines, ""))


@pytest.mark.real("quadlet")
def test_podman_knows_the_keys_of_a_container_and_no_other(tmp_path):
    units = {f"{key}_container": unit(f"{key}=1") for key in (*extras.CONTAINER_KEYS, "Bogus")}
    said = refused(tmp_path, **units)
    assert {name for name, why in said.items() if "unsupported key" in why} == {"Bogus_container"}


@pytest.mark.real("quadlet")
def test_podman_refuses_what_the_checks_refuse(tmp_path):
    said = refused(
        tmp_path,
        gateway_network="[Network]\nGateway=10.0.0.1\n",
        both_network="[Network]\nSubnet=10.0.0.0/24\nGateway=10.0.0.1\n",
        image_container="[Container]\nImage=ghcr.io/a/b.image\n",
        build_container="[Container]\nImage=ghcr.io/a/b:1.build\n",
        tagged_container="[Container]\nImage=ghcr.io/a/b.image:1\n",
        type_container=unit("[Service]", "Type=simple"),
        rootfs_container=unit("Rootfs=/x"),
        port_container=unit("ExposeHostPort=a"),
    )
    assert said == {
        "gateway_network": "cannot set gateway or range without subnet",
        "image_container": "requested Quadlet image ghcr.io/a/b.image was not found",
        "build_container": "requested Quadlet image ghcr.io/a/b:1.build was not found",
        "type_container": "invalid service Type 'simple'",
        "rootfs_container": "the Image And Rootfs keys conflict can not be specified together",
        "port_container": "invalid port format 'a'",
    }


@pytest.mark.real("quadlet", "systemd-analyze")
def test_systemd_refuses_what_the_checks_refuse(tmp_path):
    letters = string.ascii_letters + string.digits
    units = {f"p{ord(letter)}": unit(f"Tmpfs=/x:%{letter}") for letter in letters}
    slices = ("a--b", "-a", "a-", "a-b", "-", "a.b")
    units |= {f"s{number}": unit("[Service]", f"Slice={name}.slice") for number, name in enumerate(slices)}
    targets = sorted(networks.SYSTEM_TARGETS)
    units |= {f"t{number}": unit("[Unit]", f"Requires={name}") for number, name in enumerate(targets)}
    folder = tmp_path / "units"
    folder.mkdir()
    for name, text in units.items():
        (folder / f"{name}.container").write_text(text, encoding="utf-8")
    said = quadlet.verify(quadlet.generate(folder).texts, tmp_path / "services").stderr
    unresolved = set(re.findall(r"Failed to resolve unit specifiers in \S*%(\w)", said))
    newer = {"D"}
    assert set(letters) - unresolved | newer == set(letters) & extras.SPECIFIERS
    failing = set(re.findall(r"Failed to create (\w+)\.service/start", said))
    assert failing == {"s0", "s1", "s2", *(f"t{number}" for number in range(len(targets)))}

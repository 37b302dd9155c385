"""What every shipped template promises, whatever the data: its head, its keys, its rights."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import pytest

from chezmoi_llm import resources
from chezmoi_llm.resolve import units
from chezmoi_llm.targets import FILES

ROOT = Path(resources.root("dot_templates"))
TEXTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in sorted(ROOT.rglob("*.tmpl"))
    if path.name != ".chezmoi.yaml.tmpl"
}
SCRIPTS = [name for name in TEXTS if name.startswith(".chezmoiscripts/")]
BEFORE = [name for name in SCRIPTS if "_before_" in name]
DEPLOYED = [name for name in TEXTS if name not in SCRIPTS]
UNITS = [name for name in DEPLOYED if re.search(r"\.(container|network|volume|build|service)\.tmpl$", name)]
QUADLETS = [name for name in UNITS if "/containers/" in name]
CONTAINERS = [name for name in UNITS if name.endswith(".container.tmpl")]

OUTPUT_MODE = '{{ $_ := set . "llm" (output "chezmoi-llm" "expand" | fromJson) }}'
HEAD = [
    f'{{{{- if not (hasKey . "llm") }}}}{OUTPUT_MODE}{{{{ end -}}}}',
    "{{- with .llm.error }}{{ fail . }}{{ end -}}",
]
LINUX = '(eq .chezmoi.os "linux")'


def each(names: Collection[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", names)


def line(name: str, number: int) -> str:
    return TEXTS[name].split("\n")[number - 1]


def path_of(name: str) -> str:
    """Return where chezmoi puts a template's file, below the home."""
    return re.sub(r"(^|/)dot_", r"\1.", name.removesuffix(".tmpl"))


@each([name for name in TEXTS if name not in BEFORE])
def test_the_first_lines_find_the_document_and_stop_on_an_error(name):
    assert [line(name, 1), line(name, 2)] == HEAD


@each(BEFORE)
def test_a_script_that_runs_before_all_files_leaves_it_to_them_to_stop(name):
    assert line(name, 1) == HEAD[0]
    assert line(name, 2).startswith("{{- if and (not .llm.error) ")


@each(DEPLOYED)
def test_a_file_is_inside_the_one_guard_that_is_its_own(name):
    (guard,) = re.findall(r"\.llm\.files\.(\w+)", line(name, 3))
    assert FILES[guard].path == path_of(name)
    assert TEXTS[name].endswith("\n{{ end -}}\n")


@each(UNITS)
def test_a_unit_is_written_on_linux_alone(name):
    assert LINUX in line(name, 3)


@each([name for name in SCRIPTS if "run_onchange_" in name])
def test_a_script_that_follows_changes_is_always_there(name):
    guard = line(name, 2 if name in BEFORE else 3)
    assert guard in ('{{- if eq .chezmoi.os "linux" -}}', f"{{{{- if and (not .llm.error) {LINUX} -}}}}")
    assert TEXTS[name].endswith("\n{{ end -}}\n")


def test_every_file_of_the_document_has_its_template():
    assert {path_of(name) for name in DEPLOYED} == {file.path for file in FILES.values()}


@each(TEXTS)
def test_it_says_once_which_template_and_version_it_is(name):
    marks = re.findall(r"^(?:#|<!--) chezmoi-llm: \S+ \d+(?: -->)?$", TEXTS[name], re.MULTILINE)
    assert len(marks) == 1


ADDITIVE = {
    "Unit": {"Wants", "After", "Requires", "Documentation"},
    "Container": {"Volume", "Environment", "Secret", "AddDevice", "GroupAdd", "DropCapability"},
    "Service": {"Environment", "ExecStartPre"},
    "Install": {"WantedBy"},
}
"""Keys that may stand several times and add up, so that ``extra`` takes nothing away from ours."""

OF_PODMAN_5_2 = {
    "Container": {
        *("Image", "ContainerName", "AutoUpdate", "Network", "PublishPort", "Entrypoint", "Exec"),
        *("StopTimeout", "Volume", "Environment", "EnvironmentFile", "SecurityLabelDisable", "HealthCmd"),
        *("HealthInterval", "HealthStartPeriod", "Secret", "AddDevice", "GroupAdd", "NoNewPrivileges"),
        "DropCapability",
    },
    "Build": {"ImageTag", "File", "SetWorkingDirectory"},
    "Network": {"NetworkName", "Subnet", "Gateway"},
    "Volume": {"VolumeName"},
}
"""Keys of Podman 5.2's podman-systemd.unit(5). GroupAdd is of 5.1, .build of 5.2, all others older."""


def keys(name: str) -> set[tuple[str, str]]:
    """Return every section and key that a template can write."""
    section, found = "", set()
    for text in TEXTS[name].split("\n"):
        header, key = re.fullmatch(r"\[(\w+)\]", text), re.match(r"([A-Z]\w+)=", text)
        if header:
            section = header[1]
        elif key:
            found.add((section, key[1]))
    return found


HARDENING = {"DropCapability", "NoNewPrivileges", "SecurityLabelDisable"}
"""Keys of [Container] that ``extra`` may touch all the same: what comes last in the unit wins."""


@each(UNITS)
def test_extra_cannot_change_a_key_of_ours(name):
    known = {section: ADDITIVE[section] | set(managed) for section, managed in units.MANAGED.items()}
    known["Container"] |= HARDENING
    assert [(s, key) for s, key in keys(name) if s in known and key not in known[s]] == []


@each(QUADLETS)
def test_no_key_is_newer_than_the_podman_that_is_asked_for(name):
    sections = {section for section, _ in keys(name)}
    assert sections & set(OF_PODMAN_5_2)
    assert [(s, key) for s, key in keys(name) if s in OF_PODMAN_5_2 and key not in OF_PODMAN_5_2[s]] == []


FORBIDDEN = {
    "all-rights": r"(?i)--privileged|^privileged",
    "arguments-past-the-keys": r"PodmanArgs|GlobalArgs",
    "a-label-for-itself": r":(?:[a-z]+,)*Z(?:,|$|\s)",
    "a-reload-that-restarts-every-model": r"-watch-config",
    "more-capabilities": r"AddCapability|CAP_|--cap-add",
    "every-interface-of-the-machine": r"PublishPort=(?!\{\{)|--host 0\.0\.0\.0",
    "a-log-that-shows-variables": r"(?i)loglevel: debug",
    "a-start-that-waits-for-health": r"Notify=healthy",
    "a-name-that-newer-versions-translate": r"^(?:Wants|Requires|After)=\S+\.(?:container|network|volume)$",
}


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN)
def test_no_template_has(pattern):
    assert [name for name, text in TEXTS.items() if re.search(pattern, text, re.MULTILINE)] == []


def test_only_the_container_with_the_socket_goes_without_a_label():
    name = "dot_config/containers/systemd/llm/llama-swap.container.tmpl"
    assert [n for n, text in TEXTS.items() if re.search(r"SecurityLabelDisable|label=disable", text)] == [
        name
    ]
    with_socket, without = (part for part in TEXTS[name].split("{{- else }}") if "\nVolume=" in part)
    for part, has_socket in ((with_socket, True), (without, False)):
        assert ("SecurityLabelDisable=true" in part) is has_socket
        assert ("podman.sock" in part) is has_socket


@each(CONTAINERS)
def test_a_container_gives_up_the_rights_that_it_does_not_need(name):
    assert {("Container", "NoNewPrivileges"), ("Container", "DropCapability")} <= keys(name)

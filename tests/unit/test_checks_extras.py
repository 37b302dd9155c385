from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import judge


def said(**fields: Any) -> list[tuple[str, str, str]]:
    """Return code, message and hint of what is said of LiteLLM's settings."""
    findings = judge({"data": {"llm_stack": {"services": {"litellm": fields}}}}).findings
    return [(one.code, one.message, one.hint) for one in findings if one.code != "LLM405"]


def container(**keys: Any) -> list[tuple[str, str, str]]:
    return said(extra={"Container": keys})


@pytest.mark.parametrize(
    ("section", "key", "hint"),
    [
        ("Container", "Image", "use image"),
        ("Container", "Rootfs", "use image"),
        ("Container", "ServiceName", "remove it"),
        ("Service", "Type", "remove it"),
        ("Unit", "Requires", "use requires"),
    ],
)
def test_a_key_that_the_unit_has(section, key, hint):
    found = said(extra={section: {key: "x"}})
    assert found == [("LLM309", f"'{key}' in [{section}] is set by chezmoi-llm already", hint)]


@pytest.mark.parametrize(
    ("key", "hint"), [("Memry", "did you mean 'Memory'?"), ("Zzz", "remove it"), ("memory", None)]
)
def test_a_key_that_podman_does_not_know(key, hint):
    message = f"Podman knows no key '{key}' in [Container], and refuses the unit"
    assert container(**{key: "1g"}) == [("LLM327", message, hint or "did you mean 'Memory'?")]


def test_systemd_passes_over_keys_that_it_does_not_know():
    assert said(extra={"Service": {"Bogus": "1"}, "Unit": {"X-Mine": "1"}}) == []


@pytest.mark.parametrize("text", ["/x:%z", "50%s%x", "%9"])
def test_a_specifier_that_systemd_does_not_know(text):
    letter = text.rpartition("%")[2]
    message = f"systemd cannot replace '%{letter}', and refuses the unit"
    assert container(Tmpfs=text) == [("LLM327", message, "write %% for a percent sign")]
    assert said(volumes=[f"/a{text.replace(':', '')}:/b"]) == [
        ("LLM327", message, "write %% for a percent sign")
    ]


@pytest.mark.parametrize("text", ["%h/x", "%%z", "50%", "100 % of it", "%t/%u"])
def test_specifiers_that_systemd_knows(text):
    assert container(Tmpfs=text) == []


FORMS = [
    ("Container", "ExposeHostPort", "a", "a port such as 8080 or 8080/udp"),
    ("Container", "RemapUsers", "x", "manual, auto or keep-id"),
    ("Service", "WorkingDirectory", "x", "an absolute path"),
]


@pytest.mark.parametrize(("section", "key", "value", "wanted"), FORMS)
def test_a_value_that_a_unit_is_refused_for(section, key, value, wanted):
    message = f"'{key}' is '{value}', for which the unit is refused"
    assert said(extra={section: {key: value}}) == [("LLM327", message, f"write {wanted}")]


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("Container", "ExposeHostPort", 8080),
        ("Container", "ExposeHostPort", "8080-8090/tcp"),
        ("Service", "WorkingDirectory", "%h"),
        ("Service", "WorkingDirectory", "-/srv"),
    ],
)
def test_a_value_that_it_is_not_refused_for(section, key, value):
    assert said(extra={section: {key: value}}) == []


@pytest.mark.parametrize(
    ("key", "value", "lost"), [("Label", "a=\\q", "\\q"), ("Timezone", ";", ";"), ("Label", "a ; b", ";")]
)
def test_a_text_that_podman_loses(key, value, lost):
    message = f"Podman cannot hand on {lost!r} in '{key}'"
    assert container(**{key: value}) == [("LLM321", message, "leave it out")]


def test_a_backslash_that_podman_keeps():
    assert container(Label="a=\\x41\\n", LogOpt="tag=\\q") == []


OPENING = [
    ("AddCapability", "SYS_NICE"),
    ("DropCapability", ""),
    ("NoNewPrivileges", False),
    ("ReadOnly", False),
    ("SecurityLabelDisable", True),
    ("SeccompProfile", "unconfined"),
    ("UserNS", "host"),
    ("EnvironmentHost", "yes"),
]


@pytest.mark.parametrize(("key", "value"), OPENING)
def test_a_key_that_gives_the_container_more_rights_is_a_warning(key, value):
    written = str(value).lower() if isinstance(value, bool) else value
    message = f"{key}={written} gives the container more rights"
    assert container(**{key: value}) == [("LLM407", message, "remove it, unless that is what you mean")]


def test_a_key_that_takes_rights_away():
    assert container(NoNewPrivileges=True, DropCapability="all", ReadOnly=True, UserNS="keep-id") == []


PODMAN = [
    ("--privileged", "LLM407", "PodmanArgs=--privileged gives the container more rights"),
    ("--cap-add=ALL --init", "LLM407", "PodmanArgs=--cap-add=ALL gives the container more rights"),
    ("--pid host", "LLM407", "PodmanArgs=--pid gives the container more rights"),
    ("evil/image", "LLM326", "Podman would read 'evil/image' as the image"),
    ("--label 'x", "LLM326", 'a quote is not closed in "--label \'x"'),
]


@pytest.mark.parametrize(("line", "code", "message"), PODMAN)
def test_podman_args_are_flags_of_podman(line, code, message):
    ((found_code, found_message, _),) = container(PodmanArgs=line)
    assert (found_code, found_message) == (code, message)


def test_podman_args_that_are_fine():
    assert container(PodmanArgs=["--memory 2g", "--shm-size=1g -v /a:/b"]) == []


MOUNTS = {
    "ours": (["/srv/x:/etc/litellm:ro"], "'/etc/litellm' in the container is taken by chezmoi-llm already"),
    "ours, with a slash": (
        ["/srv/x:/etc/litellm/"],
        "'/etc/litellm' in the container is taken by chezmoi-llm already",
    ),
    "twice": (["/srv/x:/data", "y:/data/"], "'/data' in the container is taken by another volume already"),
}


@pytest.mark.parametrize(("volumes", "message"), MOUNTS.values(), ids=MOUNTS)
def test_two_volumes_at_one_place(volumes, message):
    assert said(volumes=volumes) == [("LLM309", message, "choose another folder, or remove the volume")]


def test_volumes_beside_each_other():
    assert said(volumes=["/srv/x:/etc/litellm/more", "y:/data"]) == []

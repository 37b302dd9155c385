"""``extra`` and ``volumes``: lines of a unit that the person writes, as Podman and systemd read them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from chezmoi_llm.checks.argv import PODMAN, does_open, open_quote, opening, read, stray
from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.records import record
from chezmoi_llm.resolve import units
from chezmoi_llm.showing.words import did_you_mean, shown
from chezmoi_llm.spec import Spec

CONTAINER_KEYS = frozenset(
    (
        *("AddCapability", "AddDevice", "AddHost", "Annotation", "AppArmor", "AutoUpdate", "CgroupsMode"),
        *("ContainerName", "ContainersConfModule", "DNS", "DNSOption", "DNSSearch", "DropCapability"),
        *("Entrypoint", "Environment", "EnvironmentFile", "EnvironmentHost", "Exec", "ExposeHostPort"),
        *("GIDMap", "GlobalArgs", "Group", "GroupAdd", "HealthCmd", "HealthInterval"),
        *("HealthLogDestination", "HealthMaxLogCount", "HealthMaxLogSize", "HealthOnFailure"),
        *("HealthRetries", "HealthStartPeriod", "HealthStartupCmd", "HealthStartupInterval"),
        *("HealthStartupRetries", "HealthStartupSuccess", "HealthStartupTimeout", "HealthTimeout"),
        *("HostName", "HttpProxy", "IP", "IP6", "Image", "Label", "LogDriver", "LogOpt", "Mask"),
        *("Memory", "Mount", "Network", "NetworkAlias", "NoNewPrivileges", "Notify", "PidsLimit", "Pod"),
        *("PodmanArgs", "PublishPort", "Pull", "ReadOnly", "ReadOnlyTmpfs", "ReloadCmd", "ReloadSignal"),
        *("RemapGid", "RemapUid", "RemapUidSize", "RemapUsers", "Retry", "RetryDelay", "Rootfs"),
        *("RunInit", "SeccompProfile", "Secret", "SecurityLabelDisable", "SecurityLabelFileType"),
        *("SecurityLabelLevel", "SecurityLabelNested", "SecurityLabelType", "ServiceName", "ShmSize"),
        *("StartWithPod", "StopSignal", "StopTimeout", "SubGIDMap", "SubUIDMap", "Sysctl", "Timezone"),
        *("Tmpfs", "UIDMap", "Ulimit", "Unmask", "User", "UserNS", "VolatileTmp", "Volume", "WorkingDir"),
    )
)
"""Keys of [Container]; Podman refuses a unit with any other. Source: podman 6, pkg/systemd/quadlet."""

_OPENING: Mapping[str, str] = {
    "AddCapability": ".+",
    "DropCapability": "",
    "EnvironmentHost": "true|yes|on|1",
    "NoNewPrivileges": "false|no|off|0",
    "ReadOnly": "false|no|off|0",
    "SeccompProfile": "unconfined",
    "SecurityLabelDisable": "true|yes|on|1",
    "SecurityLabelNested": "true|yes|on|1",
    "Unmask": ".+",
    "UserNS": "host",
}
"""Keys of [Container] with the values by which it loses a protection."""

_FORMS: Mapping[str, tuple[str, str]] = {
    "ExposeHostPort": (r"[0-9]+(-[0-9]+)?(/(tcp|udp|sctp))?", "a port such as 8080 or 8080/udp"),
    "RemapUsers": ("manual|auto|keep-id", "manual, auto or keep-id"),
    "WorkingDirectory": (r"-?(/|~|%[A-Za-z]/?).*", "an absolute path"),
}
"""Keys whose value Podman or systemd refuses the unit for in any other form."""

_ESCAPED = frozenset({"Annotation", "Label", "ReloadCmd"})
_ESCAPE = re.compile(r"\\(?![abfnrtvs\\\"'xuU0-7]).?")
"""A backslash for which Podman drops the whole line, without failing; other keys may have it."""

_SPECIFIER = re.compile(r"%([A-Za-z0-9%])")
SPECIFIERS = frozenset("abcdfghijlmnopqrstuvwyABCDEGHIJLMNPRSTUVWY%")
"""What systemd replaces behind a ``%``; another letter or digit makes the unit invalid."""


@record
class Line:
    """A line of ``extra``: ``path`` is that of its key."""

    service: str
    section: str
    key: str
    value: str
    path: Path


def _lines(spec: Spec) -> Iterator[Line]:
    for service, unit in spec.stack.services.units.items():
        for section, entries in unit.extra:
            for key, values in entries:
                for value in values or ("",):
                    path = (*unit.path("extra"), section, key)
                    yield Line(service=service, section=section, key=key, value=value, path=path)


def managed_keys(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``extra`` adds keys to a unit and changes none of ours (LLM309)."""
    for line in _lines(spec):
        instead = units.MANAGED[line.section].get(line.key)
        if instead is not None:
            yield Finding(
                code="LLM309",
                path=line.path,
                at_key=True,
                message=f"{line.key!r} in [{line.section}] is set by chezmoi-llm already",
                hint=f"use {instead}" if instead else "remove it",
            )


_MOUNTED: Mapping[str, frozenset[str]] = {
    "llama_swap": frozenset(
        {
            *("/etc/llama-swap/config", "/run/podman/podman.sock", "/var/cache/llama-swap"),
            "/root/.config/ramalama",
        }
    ),
    "litellm": frozenset({"/etc/litellm"}),
}
"""Folders in each container that have a volume of ours. Open WebUI's own gives way."""


def mounts(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Podman starts no container with two volumes at one place (LLM309)."""
    for service, unit in spec.stack.services.units.items():
        taken = dict.fromkeys(_MOUNTED.get(service, ()), "chezmoi-llm")
        if service == "llama_swap":
            taken[spec.stack.services.llama_swap.models_dir.rstrip("/")] = "models_dir"
        for index, volume in enumerate(unit.volumes):
            there = units.destination(volume) if volume else ""
            if there and there in taken:
                yield Finding(
                    code="LLM309",
                    path=(*unit.path("volumes"), index),
                    message=f"{shown(there)} in the container is taken by {taken[there]} already",
                    hint="choose another folder, or remove the volume",
                )
            taken.setdefault(there, "another volume")


def unknown_keys(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """Podman refuses a unit with a key in [Container] that it does not know (LLM327)."""
    for line in _lines(spec):
        if line.section == "Container" and line.key not in CONTAINER_KEYS:
            yield Finding(
                code="LLM327",
                path=line.path,
                at_key=True,
                message=f"Podman knows no key {shown(line.key)} in [Container], and refuses the unit",
                hint=did_you_mean(line.key, sorted(CONTAINER_KEYS)) or "remove it",
            )


def values(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A value for which Podman or systemd refuses the unit, or loses a part of it (LLM321, LLM327)."""
    for line in _lines(spec):
        form, wanted = _FORMS.get(line.key, (".*", ""))
        if not re.fullmatch(form, line.value):
            message = f"{line.key!r} is {shown(line.value)}, for which the unit is refused"
            yield Finding(code="LLM327", path=line.path, message=message, hint=f"write {wanted}")
        for lost in _lost(line):
            message = f"Podman cannot hand on {shown(lost)} in {line.key!r}"
            yield Finding(code="LLM321", path=line.path, message=message, hint="leave it out")


def _lost(line: Line) -> Iterator[str]:
    if line.section == "Container" and ";" in line.value.split():
        yield ";"
    if line.key in _ESCAPED:
        yield from _ESCAPE.findall(line.value)


def specifiers(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A ``%`` that systemd cannot replace, for which it refuses the unit (LLM327)."""
    texts = [(line.path, line.value) for line in _lines(spec)]
    for unit in spec.stack.services.units.values():
        texts += [((*unit.path("volumes"), index), volume) for index, volume in enumerate(unit.volumes)]
    for path, text in texts:
        for letter in _SPECIFIER.findall(text):
            if letter not in SPECIFIERS:
                yield Finding(
                    code="LLM327",
                    path=path,
                    message=f"systemd cannot replace '%{letter}', and refuses the unit",
                    hint="write %% for a percent sign",
                )


def openings(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A key by which a container loses a protection (LLM407)."""
    for line in _lines(spec):
        values = _OPENING.get(line.key) if line.section == "Container" else None
        if values is not None and re.fullmatch(values, line.value, re.IGNORECASE):
            yield opening(line.path, f"{line.key}={line.value}")


def podman_args(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """``PodmanArgs`` holds flags of ``podman run``, which come before the image (LLM326, LLM407)."""
    for line in _lines(spec):
        if (line.section, line.key) == ("Container", "PodmanArgs"):
            yield from _of_podman(line)


def _of_podman(line: Line) -> Iterator[Finding]:
    try:
        words = shlex.split(line.value)
    except ValueError:
        yield open_quote(line.path, line.value)
        return
    for given in read(words, PODMAN):
        if not given.flag:
            yield stray(line.path, given.word, PODMAN)
        elif does_open(given):
            yield opening(line.path, f"PodmanArgs={given.word}")


RULES = (managed_keys, mounts, unknown_keys, values, specifiers, openings, podman_args)

from __future__ import annotations

from typing import Any

import pytest

from chezmoi_llm.expand import judge


def said(*words: str, accelerator: str = "vulkan", **fields: Any) -> list[tuple[str, str, str]]:
    """Return code, message and hint of what is said of ``runner_args``."""
    model = {"name": "a", "model": "ollama://a", "runner_args": list(words), **fields}
    data = {"local_models": [model], "llm_stack": {"accelerator": accelerator}}
    findings = judge({"data": data}).findings
    return [(one.code, one.message, one.hint) for one in findings if one.code != "LLM405"]


def taken(word: str, field: str = "") -> tuple[str, str, str]:
    hint = f"use the field '{field}'" if field else "remove it"
    return "LLM304", f"'{word}' is set by chezmoi-llm already", hint


def opens(flag: str) -> tuple[str, str, str]:
    message = f"{flag} gives the container more rights"
    return "LLM407", message, "remove it, unless that is what you mean"


def misread(message: str, hint: str = "remove it") -> tuple[str, str, str]:
    return "LLM326", message, hint


TAKEN = [
    ("--name=x", "--name", ""),
    ("--nam=x", "--nam", ""),
    ("--net=host", "--net", ""),
    ("--priv", "--priv", ""),
    ("--pull=never", "--pull", ""),
    ("--port=1", "--port", "port"),
    ("-p1", "-p1", "port"),
    ("-dp1", "-dp1", "port"),
    ("-d", "-d", ""),
    ("-ngl", "-ngl", ""),
    ("--runtime=vllm", "--runtime", "args"),
    ("--image=x", "--image", "services.ramalama.image"),
    ("--device=none", "--device", "force_cpu"),
    ("--engine-args=--privileged", "--privileged", ""),
    ("--engine-args=--net host", "--net", ""),
    ("--engine=-itp 8:8", "-itp", "port"),
    ("--engine-args=-v /a:/b --rm", "--rm", ""),
]


@pytest.mark.parametrize(("word", "shown", "field"), TAKEN)
def test_a_flag_that_the_command_has_already(word, shown, field):
    assert said(word) == [taken(shown, field)]


@pytest.mark.parametrize("more", [{"force_cpu": True}, {"accelerator": "cpu"}], ids=["model", "machine"])
def test_a_device_for_a_model_that_is_to_have_none(more):
    assert said("--device", "/dev/dri", **more) == [taken("--device", "force_cpu")]


MISREAD = [
    (["hf://a/b"], misread("RamaLama would read 'hf://a/b' as another model")),
    (["--seed", "1", "2"], misread("RamaLama would read '2' as another model")),
    (["--keep-groups", "x"], misread("RamaLama would read 'x' as another model")),
    (["--"], misread("RamaLama would read '--' as another model")),
    (["--seed"], misread("'--seed' has no value", "write --seed=VALUE as one argument")),
    (["--see"], misread("'--see' has no value", "write --seed=VALUE as one argument")),
    (
        ["--logfile", "--keep-groups"],
        misread("'--logfile' has no value", "write --logfile=VALUE as one argument"),
    ),
    (["--engine-args=a b"], misread("Podman would read 'a' as the image")),
    (["--engine-args=--init x"], misread("Podman would read 'x' as the image")),
    (["--engine-args=-m"], misread("'-m' has no value", "write -m=VALUE as one argument")),
    (["--engine-args=-e 'X"], misread('a quote is not closed in "-e \'X"', "close it")),
]


@pytest.mark.parametrize(("words", "first"), MISREAD, ids=lambda value: " ".join(value)[:30])
def test_a_word_that_would_be_read_as_something_else(words, first):
    assert said(*words)[0] == first


OPENING = [
    (["--device", "/dev/x"], "--device"),
    (["--engine-args=--cap-add=SYS_ADMIN"], "--cap-add"),
    (["--engine-args=--security-opt seccomp=unconfined"], "--security-opt"),
    (["--engine-args", "-v=/a:/b --pid=host"], "--pid"),
]


@pytest.mark.parametrize(("words", "flag"), OPENING, ids=lambda value: value if "-" in value else None)
def test_a_flag_that_gives_more_rights_is_a_warning(words, flag):
    assert said(*words) == [opens(flag)]


FREE = [
    ["--seed", "-1", "--max-tokens", "2048", "--keep-groups"],
    ["--model-draft=hf://a/b", "--thinking", "false"],
    ["--oci-runtime", "crun"],
    ["--engine-args=-v /srv/lora:/lora:ro --shm-size=1g --userns keep-id"],
    ["--engine-args", "--memory 8g --init"],
    ["--newer-flag"],
    ["--newer-flag", "value"],
]


@pytest.mark.parametrize("words", FREE, ids=" ".join)
def test_flags_that_are_free(words):
    assert said(*words) == []

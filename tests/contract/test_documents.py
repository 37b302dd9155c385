"""What is emitted is what the schema of the expanded document promises, and the same everywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from contract.inputs import EXPANDED, configs, validator
from hypothesis import given, settings

from chezmoi_llm.choices import choose
from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.expand import document, error_document, expand, parts
from chezmoi_llm.formats import json_chunks, json_text
from chezmoi_llm.resolve import resolve
from chezmoi_llm.spec import build

DOCUMENT = validator(EXPANDED)

HOUSE: dict[str, Any] = {
    "data": {
        "local_models": [
            {"name": "qwen3:8b", "model": "ollama://qwen3:8b", "env": {"B": "2", "A": "1"}, "group": "big"},
            {
                "name": "1e3",
                "model": "hf://owner/Größe-GGUF",
                "description": 'Fast & "good" 100% $5 日本語 🙂',
            },
            {"name": "embed", "model": "hf://owner/nomic-embed-text", "metadata": {"z": 1.5, "a": True}},
            {
                "name": "forgotten",
                "model": "ollama://forgotten:1b",
                "enabled": False,
                "group": "forgotten-group",
            },
        ],
        "cloud_models": [
            {"name": "gpt-5", "model": "openai/gpt-5", "fallback": ["qwen3:8b"], "aliases": ["best"]},
            {"name": "forgotten-cloud", "model": "groq/forgotten", "enabled": False},
        ],
        "llm_stack": {"task_model": "1e3", "groups": {"big": {"members": ["1e3"]}}},
        "tailscale": {"hostname": "box", "tailnet": "tail1234"},
    }
}


def expanded(data: dict[str, Any]) -> dict[str, Any]:
    expansion = expand(data)
    assert [one for one in expansion.findings if one.severity is Severity.ERROR] == []
    assert expansion.document is not None
    return expansion.document


def complaints(emitted: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in DOCUMENT.iter_errors(emitted)]


@settings(max_examples=100)
@given(configs())
def test_every_document_passes_the_schema(data: dict[str, Any]) -> None:
    emitted = expanded(data)
    assert complaints(emitted) == []
    assert json.loads(json_text(emitted)) == emitted


def test_an_empty_list_makes_a_complete_document() -> None:
    emitted = expanded({})
    assert complaints(emitted) == []
    assert emitted["local_models"] == emitted["cloud_models"] == []


def test_the_document_of_an_error_is_complete_and_keeps_every_file() -> None:
    emitted = error_document("line 3: unknown key 'nmae'")
    assert complaints(emitted) == []
    assert list(emitted) == list(expanded(HOUSE))
    assert emitted["error"] == "line 3: unknown key 'nmae'"
    assert set(emitted["files"].values()) == {True}
    assert emitted["files"].keys() == expanded(HOUSE)["files"].keys()


def test_the_text_is_one_line_of_json_in_any_size_of_pieces() -> None:
    emitted = expanded(HOUSE)
    text = json_text(emitted)
    assert text == json.dumps(emitted, ensure_ascii=False) + "\n"
    assert "日本語 🙂" in text
    assert "".join(json_chunks(iter(emitted.items()))) == text


def test_a_disabled_model_is_nowhere() -> None:
    assert "forgotten" not in json_text(expanded(HOUSE))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("placement", ["container", "host", "embedded"])
def test_no_home_and_no_machine_is_in_the_document(placement: str) -> None:
    model = {"name": "a", "model": "hf://owner/a"}
    services = {"llama_swap": {"placement": placement}}
    emitted = expanded({"data": {"local_models": [model], "llm_stack": {"services": services}}})
    machine = {os.path.expanduser("~"), os.uname().nodename, os.getcwd(), "$HOME", "/home/", "/root"}
    assert [text for text in _texts(emitted) if any(word in text for word in machine)] == []


PROGRAM = """
import json, sys
from chezmoi_llm.expand import expand
from chezmoi_llm.formats import json_text
data = json.loads(sys.stdin.buffer.read())
sys.stdout.buffer.write(json_text(expand(data).document).encode())
"""

WORLDS = {
    "hash seed 0": {"PYTHONHASHSEED": "0"},
    "hash seed 1": {"PYTHONHASHSEED": "1"},
    "C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8"},
    "far east": {"TZ": "Pacific/Kiritimati"},
    "no home": {"HOME": "/nonexistent"},
    "wide umask": {"UMASK": "0"},
    "narrow umask": {"UMASK": "0o777"},
}


@pytest.mark.parametrize("name", WORLDS)
def test_the_bytes_are_the_same_everywhere(name: str) -> None:
    world = {"PATH": os.defpath, **WORLDS[name]}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(HOUSE).encode(),
        env=world,
        capture_output=True,
        umask=int(world.get("UMASK", "-1"), 0),
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == json_text(expanded(HOUSE)).encode()


def _ordered(value: Any) -> Any:
    """Return a value in which the order of keys counts in a comparison."""
    if isinstance(value, dict):
        return [(key, _ordered(item)) for key, item in value.items()]
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def test_order_is_the_order_of_the_list() -> None:
    emitted = expanded(HOUSE)
    assert [model["name"] for model in emitted["local_models"]] == ["qwen3:8b", "1e3", "embed"]
    assert list(emitted["model"]) == ["qwen3:8b", "1e3", "embed"]
    assert emitted["groups"]["big"]["members"] == ["1e3", "qwen3:8b"]
    assert [secret["name"] for secret in emitted["secrets"]] == sorted(
        secret["name"] for secret in emitted["secrets"]
    )


def test_the_parts_are_the_document() -> None:
    written = build(HOUSE)
    house = resolve(written, choose(written))
    assert _ordered(dict(parts(house))) == _ordered(document(house))


def test_a_fingerprint_changes_with_what_its_target_is_told_and_only_then() -> None:
    before = expanded(HOUSE)
    assert expanded(HOUSE)["fingerprints"] == before["fingerprints"]
    stack = HOUSE["data"]["llm_stack"] | {"services": {"desktop": {"browser": "firefox"}}}
    after = expanded({"data": HOUSE["data"] | {"llm_stack": stack}})
    changed = {key for key, value in after["fingerprints"].items() if value != before["fingerprints"][key]}
    assert changed == {"desktop"}

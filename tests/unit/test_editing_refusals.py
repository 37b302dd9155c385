"""Edits that are not made: the reason, its line, what to do by hand, and not one byte changed."""

from __future__ import annotations

import shlex

import pytest
from data.marked_texts import refusals

from chezmoi_llm.world import cli

REFUSALS = list(refusals())

LIST = """\
data:
  local_models:
    - name: a
      model: ollama://a
    - name: b
      model: ollama://b
      aliases: [big]
"""
WRONG = {
    "a byte order mark": (b"\xef\xbb\xbfdata: {}\n", "add a ollama://a", "LLM002"),
    "not utf-8": (LIST.encode() + b"  x: \xff\n", "remove a", "LLM002"),
    "not yaml": (b"data: [\n", "add a ollama://a", "LLM001"),
    "a uri of no kind": (LIST, "add c foo", "LLM103 'model' is 'foo'"),
    "a provider that is a scheme as well": (LIST, "add c ollama/qwen3", "LLM103 'model' is 'ollama/qwen3'"),
    "a value of another type": (
        LIST,
        "set a ttl=soon",
        "LLM102 'ttl' is 'soon', but must be a whole number",
    ),
    "an unknown field": (LIST, "set a tt1=5", "LLM101 unknown key 'tt1'"),
    "a name that is an alias": (LIST, "add big ollama://big", "LLM204"),
    "a name like another": (LIST, "add A ollama://big", "LLM202"),
    "a name that is none": (LIST, "add 'x y' ollama://x", "LLM103 'name' is 'x y'"),
    "no entry of the store": (LIST, "add no-such-entry", "LLM209"),
    "a secret": (LIST, "set a env.HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyz", "LLM4"),
    "a model that is named": (LIST + "  llm_stack: {task_model: a}\n", "disable a", "LLM212"),
    "a model of another kind": (LIST + "      kind: chat\n", "use embedding b", "LLM214"),
    "half of a pair": (LIST, "set a description=\udc80", "half of a surrogate pair"),
}


@pytest.fixture
def run(tmp_path, capsys):
    def run(text, command, kind="yaml"):
        file = tmp_path / f".chezmoi.{kind}.tmpl"
        data = text if isinstance(text, bytes) else text.encode()
        file.write_bytes(data)
        code = cli.group.main([*shlex.split(command), "--file", str(file)], standalone_mode=False)
        assert (code, file.read_bytes()) == (1, data)
        out, err = capsys.readouterr()
        assert out == ""
        return err.replace(str(file), "FILE")

    return run


@pytest.mark.parametrize("one", REFUSALS, ids=[one.title for one in REFUSALS])
def test_refused(run, one):
    assert run(one.text, one.command, one.kind) == one.said


@pytest.mark.parametrize(("text", "command", "said"), WRONG.values(), ids=WRONG)
def test_what_would_be_wrong(run, text, command, said):
    err = run(text, command)
    assert said in err
    assert "; nothing was changed\n" in err
    assert "abcdefghijkl" not in err


def test_what_was_wrong_before_is_no_reason(tmp_path, capsys):
    file = tmp_path / ".chezmoi.yaml.tmpl"
    file.write_text(LIST + "      tt1: 5\n", encoding="utf-8")
    assert cli.group.main(["disable", "a", "--file", str(file)], standalone_mode=False) == 0
    assert "+      enabled: false" in capsys.readouterr().out

"""Arguments that only a shell would understand."""

from __future__ import annotations

import pytest

from chezmoi_llm.expand import judge


def said(**model: object) -> list[str]:
    findings = judge({"data": {"local_models": [{"name": "a", "model": "hf://org/a"} | model]}}).findings
    return [f"{one.message} ({one.hint})" for one in findings if one.code == "LLM312"]


AS_ARGUMENT = "is passed on as an argument (write one program and its arguments)"
AS_IT_STANDS = "is passed on as it stands (write what it would print)"
AS_IT_IS = "stays as it is (write out what it stands for)"
MISREAD = {
    **dict.fromkeys(
        ("&&", "||", "|", ";", "&", ">", ">>", "<", "2>&1", ">out", "2>/dev/null"), AS_ARGUMENT
    ),
    **dict.fromkeys(("$(date)", "`id`", "--f=$(id -u)"), AS_IT_STANDS),
    **dict.fromkeys(("~", "~/x", "--f=~/x", "$HOME", "$HOME/x", "${HOME}/x"), AS_IT_IS),
    "--temp 0.7": "is one argument (write two: --temp, '0.7')",
    "-c  512": "is one argument (write two: -c, '512')",
}


@pytest.mark.parametrize(("word", "what"), MISREAD.items(), ids=MISREAD)
def test_what_a_shell_would_read_otherwise(word, what):
    assert said(args=["--verbose", word]) == [f"no shell reads 'args': {word!r} {what}"]


PLAIN = (
    "--temp", "0.7", "--f=a b", "a|b", "<|im_start|>", "you are a `fool`, for $5", "x ~ y", "$5", ">>> ",
    "--stop", "\\d+", "a;b", "${PORT}x", "$", "", "-", "-- a", "{{ x }}", "a && b",
)  # fmt: skip


@pytest.mark.parametrize("word", PLAIN)
def test_what_is_meant_as_it_stands(word):
    assert said(args=[word]) == []


def test_a_shell_reads_its_script_and_nothing_else():
    command = ["/bin/sh", "-ec", "exec serve --port ${PORT} > $(mktemp) && true", "${PORT}", "&&"]
    assert said(runner="command", command=command) == [f"no shell reads 'command': '&&' {AS_ARGUMENT}"]


def test_a_whole_line_is_no_program():
    what = "is the name of one program (write each argument as an item of its own)"
    command = ["serve --port ${PORT}"]
    assert said(runner="command", command=command) == [f"no shell reads 'command': {command[0]!r} {what}"]

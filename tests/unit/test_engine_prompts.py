"""Questions of a config template that nobody is there to answer."""

from __future__ import annotations

import pytest

from chezmoi_llm.engine.prompts import answers

ASK = answers()

NOBODY = {
    "text": ("promptString", ["Name?"], "Name?"),
    "text with a default": ("promptString", ["Name?", "me"], "me"),
    "number": ("promptInt", ["How many?"], 0),
    "number with a default": ("promptInt", ["How many?", 7], 7),
    "yes or no": ("promptBool", ["Really?"], False),
    "yes or no with a default": ("promptBool", ["Really?", True], True),
    "choice": ("promptChoice", ["Which?", ["a", "b"]], "Which?"),
    "choice with a default": ("promptChoice", ["Which?", ["a", "b"], "b"], "b"),
    "choices": ("promptMultichoice", ["Which?", ["a", "b"]], ["Which?"]),
    "choices with a default": ("promptMultichoice", ["Which?", ["a", "b"], ["b"]], ["b"]),
}

KNOWN = {"name": "me", "n": 3, "yes": True, "list": ["a"], "in": {"side": "x"}}

ONCE = {
    "known": ("promptStringOnce", [KNOWN, "name", "Name?", "you"], "me"),
    "known further down": ("promptStringOnce", [KNOWN, "in.side", "Name?"], "x"),
    "known by a list": ("promptStringOnce", [KNOWN, ["in", "side"], "Name?"], "x"),
    "unknown": ("promptStringOnce", [KNOWN, "no.such", "Name?", "you"], "you"),
    "below a text": ("promptStringOnce", [KNOWN, "name.x", "Name?", "you"], "you"),
    "a number where a text is asked for": ("promptStringOnce", [KNOWN, "n", "Name?", "you"], "you"),
    "a text where a number is asked for": ("promptIntOnce", [KNOWN, "name", "How many?", 7], 7),
    "a known number": ("promptIntOnce", [KNOWN, "n", "How many?", 7], 3),
    "a truth is no number": ("promptIntOnce", [KNOWN, "yes", "How many?", 7], 7),
    "a known truth": ("promptBoolOnce", [KNOWN, "yes", "Really?"], True),
    "a known choice": ("promptChoiceOnce", [KNOWN, "name", "Which?", ["a", "b"], "b"], "me"),
    "known choices": ("promptMultichoiceOnce", [KNOWN, "list", "Which?", ["a", "b"]], ["a"]),
    "unknown choices": ("promptMultichoiceOnce", [KNOWN, "n", "Which?", ["a", "b"], ["b"]], ["b"]),
}


@pytest.mark.parametrize(("function", "words", "answer"), NOBODY.values(), ids=NOBODY)
def test_a_question_answers_itself(function, words, answer):
    assert ASK[function](*words) == answer


@pytest.mark.parametrize(("function", "words", "answer"), ONCE.values(), ids=ONCE)
def test_what_was_answered_before_is_not_asked_again(function, words, answer):
    assert ASK[function](*words) == answer


def test_there_is_no_terminal():
    assert ASK["stdinIsATTY"]() is False
    assert ASK["writeToStdout"]("hello") == ""


def test_a_template_that_ends_chezmoi_is_an_error():
    with pytest.raises(RuntimeError, match=r"^the template ends chezmoi with exit code 3$"):
        ASK["exit"](3)

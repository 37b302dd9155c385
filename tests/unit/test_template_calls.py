from __future__ import annotations

import pytest

from chezmoi_llm.chezmoi.template_calls import (
    Question,
    answers,
    depends_on_terminal,
    includes,
    is_answered,
    is_yes_or_no,
    questions,
)


def asks(kind, text, path=None):
    return Question(kind=kind, text=text, path=path)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param('{{ promptBool "Work?" }}', [asks("Bool", "Work?")], id="plain"),
        pytest.param('{{ promptInt "GiB" 8 | quote }}', [asks("Int", "GiB")], id="with a default"),
        pytest.param(
            '{{ promptStringOnce . "a.b" "Name" }}', [asks("String", "Name", ("a", "b"))], id="once"
        ),
        pytest.param(
            '{{ promptStringOnce $ (list "a" "b.c)") `N"m` }}',
            [asks("String", 'N"m', ("a", "b.c)"))],
            id="a path as a list, a raw string",
        ),
        pytest.param(
            '{{ promptStringOnce .me.too "a" "A" }}', [asks("String", "A", ("me", "too", "a"))], id="below"
        ),
        pytest.param('{{ promptStringOnce $d "a" "A" }}', [asks("String", "A")], id="in a variable"),
        pytest.param('{{ promptStringOnce . $key "A" }}', [asks("String", "A")], id="at a computed path"),
        pytest.param('{{ promptStringOnce . "a" }}', [asks("String", None, ("a",))], id="too short"),
        pytest.param(
            '{{ if (promptChoice "Which" (list "a")) }}', [asks("Choice", "Which")], id="brackets"
        ),
        pytest.param('{{- $t := "x" }}{{ promptString $t }}', [asks("String", None)], id="computed"),
        pytest.param('{{ "x" | promptString }}', [asks("String", None)], id="piped"),
        pytest.param('{{ promptString (printf "x") }}', [asks("String", None)], id="called"),
        pytest.param(r'{{ promptString "\x41" }}', [asks("String", None)], id="spelling of Go alone"),
        pytest.param("prompt: system_prompt # promptBool is not called\n", [], id="only in the text"),
        pytest.param('{{/* promptString "x" */}}{{- /* promptInt */ -}}', [], id="only in a comment"),
        pytest.param(
            '# chezmoi:template:left-delimiter="[["\n[[ promptString "x" }}',
            [asks("String", "x")],
            id="delimiter",
        ),
        pytest.param(
            f"{{{{ promptChoice (list {'one ' * 3}{chr(34)}two{chr(34)} }}}}",
            [asks("Choice", None)],
            id="a bracket that nobody closes",
        ),
        pytest.param(
            "{{ promptString (list " + '"a" ' * 5000 + "}}",
            [asks("String", None)],
            id="many texts behind a bracket that nobody closes",
        ),
        pytest.param("{{ " * 300_000, [], id="many actions that nobody closes"),
        pytest.param('{{ promptBool "A" }}{{ promptBool "A" }}', [asks("Bool", "A")], id="each once"),
    ],
)
def test_questions_of_a_template(template, expected):
    assert questions(template) == tuple(expected)


@pytest.mark.parametrize(
    ("question", "kind", "expected"),
    [
        pytest.param(asks("String", "A", ("a",)), "yaml", True, id="kept"),
        pytest.param(asks("Bool", "A", ("b", "c")), "yaml", True, id="kept further down, as false"),
        pytest.param(asks("String", "A", ("a", "b")), "yaml", False, id="below a text"),
        pytest.param(asks("String", "A", ("x",)), "yaml", False, id="not kept"),
        pytest.param(asks("String", "A"), "yaml", False, id="asked every time"),
        pytest.param(asks("Int", "A", ("n",)), "toml", True, id="a number in TOML"),
        pytest.param(asks("Int", "A", ("n",)), "yaml", False, id="a number in YAML"),
    ],
)
def test_whether_a_question_was_answered(question, kind, expected):
    assert is_answered(question, {"a": "x", "b": {"c": False}, "n": 3}, kind) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [(asks("Bool", "A"), True), (asks("Bool", None), False), (asks("String", "A"), False)],
    ids=["yes or no", "with a computed text", "a text"],
)
def test_whether_two_answers_are_all(question, expected):
    assert is_yes_or_no(question) is expected


@pytest.mark.parametrize(
    ("template", "expected"), [("{{ if stdinIsATTY }}", True), ("stdinIsATTY {{ .x }}", False)]
)
def test_whether_a_template_looks_for_a_person(template, expected):
    assert depends_on_terminal(template) is expected


def test_every_question_gets_two_answers_but_a_choice_only_a_wrong_one():
    asked = questions(
        '{{ promptBool "B" }}{{ promptInt "I" }}{{ promptString "S, too" }}'
        '{{ promptChoice "C" }}{{ promptMultichoice "M" }}'
    )
    assert answers(asked, 0) == ("--promptBool=B=false", "--promptInt=I=1", "--promptString=S, too=one")
    assert answers(asked, 1) == (
        "--promptBool=B=true",
        "--promptInt=I=7919",
        "--promptString=S, too=another",
        "--promptChoice=C=neither",
        "--promptMultichoice=M=neither",
    )


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(asks("String", None), id="computed"),
        pytest.param(asks("String", "a=b"), id="equals sign"),
        pytest.param(asks("String", '"a"'), id="quotes at the ends"),
        pytest.param(asks("String", ""), id="empty"),
        pytest.param(asks("Int", "a, b"), id="comma before a number"),
    ],
)
def test_a_question_that_no_option_can_answer(question):
    assert answers((question,), 0) == answers((question,), 1) == ()


def test_files_that_a_template_includes():
    template = '{{ include "a" }}{{ includeTemplate "b" . }}{{ include $x }} include "c" {{ include "a" }}'
    assert includes(template) == (("include", "a"), ("includeTemplate", "b"))

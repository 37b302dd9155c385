from __future__ import annotations

import pytest

from chezmoi_llm.truth import (
    Pair,
    Question,
    Verdict,
    answers,
    choose,
    includes,
    may_be_stale,
    needs_render,
    questions,
    varies,
)

OLD = Pair(template="t1", config="c1")
NEW_TEMPLATE = Pair(template="t2", config="c1")
NEW_CONFIG = Pair(template="t1", config="c2")
BOTH_NEW = Pair(template="t2", config="c2")
NO_TEMPLATE = Pair(template="", config="c1")


@pytest.mark.parametrize(
    ("pair", "known", "is_fresh", "expected"),
    [
        pytest.param(OLD, OLD, False, False, id="found to agree before"),
        pytest.param(NEW_TEMPLATE, OLD, False, True, id="template edited"),
        pytest.param(NEW_CONFIG, OLD, False, True, id="config file edited"),
        pytest.param(OLD, None, False, True, id="nothing known"),
        pytest.param(NEW_TEMPLATE, OLD, True, False, id="chezmoi has just rendered it"),
        pytest.param(NO_TEMPLATE, None, False, False, id="no template"),
    ],
)
def test_a_template_is_rendered_unless_the_config_file_is_known_to_say_the_same(
    pair, known, is_fresh, expected
):
    assert needs_render(pair, known, is_fresh=is_fresh) is expected


@pytest.mark.parametrize(
    ("pair", "known", "expected"),
    [
        pytest.param(NEW_TEMPLATE, OLD, True, id="template edited"),
        pytest.param(OLD, None, True, id="nothing known"),
        pytest.param(NEW_CONFIG, OLD, False, id="config file edited, template as it was"),
        pytest.param(BOTH_NEW, OLD, False, id="chezmoi init made the one from the other"),
    ],
)
def test_a_template_that_cannot_be_seen_may_say_more(pair, known, expected):
    assert may_be_stale(pair, known) is expected


def config(**data):
    return {"data": data}


A, B = [{"name": "a"}], [{"name": "b"}]


AS_A, AS_B = config(local_models=A), config(local_models=B)


@pytest.mark.parametrize(
    ("old", "renders", "verdict"),
    [
        pytest.param(AS_A, (AS_A,), Verdict(data=AS_A, is_settled=True), id="both agree"),
        pytest.param(AS_A, (AS_B,), Verdict(data=AS_B, is_settled=False), id="template wins"),
        pytest.param(
            AS_A, (config(),), Verdict(data=config(), is_settled=False), id="a key of ours is gone"
        ),
        pytest.param(
            config(urls={"a": 1}),
            (config(urls={"a": 2}, mail="x"),),
            Verdict(data=config(urls={"a": 2}, mail="x"), is_settled=False, unseen=("urls", "mail")),
            id="a shared key and another differ",
        ),
        pytest.param(
            config(mail="x"),
            (config(),),
            Verdict(data=config(), is_settled=True, unseen=("mail",)),
            id="another key is gone",
        ),
        pytest.param(
            config(mail="me@home", local_models=A),
            (config(mail="one", local_models=B), config(mail="another", local_models=B)),
            Verdict(data=config(mail="one", local_models=B), is_settled=False),
            id="answers change other keys alone",
        ),
        pytest.param(
            AS_A,
            (AS_A, AS_B),
            Verdict(data=AS_A, is_settled=False, is_blind=True),
            id="answers change our keys",
        ),
        pytest.param(
            AS_A, (), Verdict(data=AS_A, is_settled=False, is_blind=True), id="it cannot be rendered"
        ),
        pytest.param(
            {"data": None}, ({"data": None},), Verdict(data={"data": None}, is_settled=True), id="no data"
        ),
        pytest.param(
            config(),
            ({"data": {}, "models": None},),
            Verdict(data={"data": {}, "models": None}, is_settled=False),
            id="a key beside data counts",
        ),
    ],
)
def test_which_data_is_believed(old, renders, verdict):
    assert choose(old, renders) == verdict


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param('{{ promptBool "Work?" }}', [("Bool", "Work?")], id="plain"),
        pytest.param('{{ promptInt "GiB" 8 | quote }}', [("Int", "GiB")], id="with a default"),
        pytest.param('{{ promptStringOnce . "a.b" "Name" }}', [("String", "Name")], id="once"),
        pytest.param(
            '{{ promptStringOnce $d (list "a" "b)") `N"m` }}', [("String", 'N"m')], id="raw string"
        ),
        pytest.param('{{ if (promptChoice "Which" (list "a")) }}', [("Choice", "Which")], id="in brackets"),
        pytest.param('{{- $t := "x" }}{{ promptString $t }}', [("String", None)], id="computed"),
        pytest.param('{{ "x" | promptString }}', [("String", None)], id="piped"),
        pytest.param('{{ promptString (printf "x") }}', [("String", None)], id="called"),
        pytest.param("prompt: system_prompt # promptBool is not called\n", [], id="only in the text"),
        pytest.param('{{/* promptString "x" */}}{{- /* promptInt */ -}}', [], id="only in a comment"),
        pytest.param(
            '# chezmoi:template:left-delimiter="[["\n[[ promptString "x" }}',
            [("String", "x")],
            id="delimiter",
        ),
        pytest.param('{{ promptBool "A" }}{{ promptBool "A" }}', [("Bool", "A")], id="each once"),
    ],
)
def test_questions_of_a_template(template, expected):
    assert questions(template) == tuple(Question(kind=kind, text=text) for kind, text in expected)


@pytest.mark.parametrize(
    ("template", "expected"),
    [('{{ promptBool "x" }}', True), ("{{ stdinIsATTY }}", True), ("stdinIsATTY {{ .x }}", False)],
)
def test_what_a_person_may_change(template, expected):
    assert varies(template) is expected


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
        pytest.param(Question(kind="String", text=None), id="computed"),
        pytest.param(Question(kind="String", text="a=b"), id="equals sign"),
        pytest.param(Question(kind="String", text='"a"'), id="quotes at the ends"),
        pytest.param(Question(kind="String", text=""), id="empty"),
        pytest.param(Question(kind="Int", text="a, b"), id="comma before a number"),
    ],
)
def test_a_question_that_no_option_can_answer(question):
    assert answers((question,), 0) is None


def test_files_that_a_template_includes():
    template = '{{ include "a.yaml" }}{{ includeTemplate "b" . }}{{ include $x }} include "c" {{ include "a.yaml" }}'
    assert includes(template) == (("include", "a.yaml"), ("includeTemplate", "b"))

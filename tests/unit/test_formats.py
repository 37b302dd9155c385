from __future__ import annotations

import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezmoi_llm import formats

LINE = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff")
)
"""What the schema lets through as one line of text."""


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({}, "{}\n"),
        ({"a": 1, "b": "é🙂", "c": True}, '{"a": 1, "b": "é🙂", "c": true}\n'),
        ({"a": [], "b": {}}, '{"a": [], "b": {}}\n'),
        (
            {"a": [{"x": 1}, {"y": [2]}], "b": {"c": {"d": ""}}},
            '{"a": [{"x": 1}, {"y": [2]}], "b": {"c": {"d": ""}}}\n',
        ),
        ({'"': "\\\n"}, '{"\\"": "\\\\\\n"}\n'),
    ],
    ids=["nothing", "scalars", "empty", "nested", "escapes"],
)
def test_json_is_one_line_in_the_order_of_the_document(document, text):
    assert formats.json_text(document) == text
    assert json.loads(text) == document


def test_json_of_a_list_comes_item_by_item():
    chunks = list(formats.json_chunks([("a", [1, 2])]))
    assert chunks == ["{", '"a": ', "[", "1", ", 2", "]", "}\n"]


def test_json_has_no_words_for_numbers_that_json_lacks():
    with pytest.raises(ValueError, match="not JSON compliant"):
        formats.json_text({"a": float("nan")})


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        ((), ""),
        (("a", "--b=c", "d/e:f"), "a --b=c d/e:f"),
        (("a b", "", "c;d", "$x"), "'a b' '' 'c;d' '$x'"),
        (("it's",), '"it\'s"'),
        (('it\'s "x"',), "'it'\"'\"'s \"x\"'"),
        (("${PORT}", "http://x:${PORT}/a b"), "${PORT} http://x:${PORT}'/a b'"),
        (("${x}", "${env.HOME}", "$${PORT}"), "'$''{x}' '$''{env.HOME}' '$'${PORT}"),
    ],
    ids=["nothing", "plain", "special", "apostrophe", "both-quotes", "port", "literal-braces"],
)
def test_a_line_of_llama_swap(argv, line):
    assert formats.llama_swap_line(argv) == line


def test_a_placeholder_of_the_callers_own_stays():
    assert formats.llama_swap_line(("kill", "${PID}", "${PORT}"), ("PID",)) == "kill ${PID} '$''{PORT}'"


@given(st.lists(LINE))
def test_a_line_of_llama_swap_splits_as_a_shell_would(argv):
    line = formats.llama_swap_line(argv, placeholders=())
    assert shlex.split(line) == argv
    assert "${" not in line


@pytest.mark.parametrize(
    ("text", "written"),
    [("plain", "plain"), ("100% %n", "100%% %%n"), ("C:\\", "C:\\ "), ("a\\b", "a\\b")],
    ids=["plain", "specifiers", "final-backslash", "backslash"],
)
def test_a_text_of_a_unit(text, written):
    assert formats.systemd_text(text) == written


@pytest.mark.parametrize(
    ("word", "in_a_command", "as_a_variable"),
    [
        ("A=b", "A=b", "A=b"),
        ("", '""', '""'),
        ("A=x y", '"A=x y"', '"A=x y"'),
        ("A=%h", '"A=%%h"', '"A=%%h"'),
        ("A=$X ${Y} $$", '"A=$$X $${Y} $$$$"', '"A=$X ${Y} $$"'),
        ('A="\\"', '"A=\\"\\\\\\""', '"A=\\"\\\\\\""'),
        ("A=é;#'", '"A=é;#\'"', '"A=é;#\'"'),
    ],
    ids=["plain", "empty", "space", "specifier", "dollar", "quotes", "others"],
)
def test_words_of_a_unit(word, in_a_command, as_a_variable):
    assert formats.systemd_word(word) == in_a_command
    assert formats.systemd_assignment(word) == as_a_variable


def test_a_volume_keeps_specifiers_and_no_variables():
    assert formats.quadlet_volume("%h/a b:/$HOME:ro") == "%h/a b:/$$HOME:ro"


def test_values_for_ramalama():
    assert formats.ramalama_string("/srv/100%/$x") == '"/srv/100%/$x"'
    assert formats.shortnames_value("hf://a/b%20c") == '"hf://a/b%%20c"'

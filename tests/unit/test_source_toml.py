"""TOML: values, places, actions, and what cannot be read."""

import pytest

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Pos
from chezmoi_llm.document import UNKNOWN

MORE = {UNKNOWN: UNKNOWN}


def reading(text):
    return source.parse(text.encode(), ".chezmoi.toml.tmpl")


def said(text):
    return [f"{one.line}:{one.col}+{one.width} {one.code} {one.message}" for one in reading(text).findings]


VALUES = {
    "empty": ("# nothing\n", {}),
    "scalars": (
        "a = 1\nb = 0x10\nc = 1_000\nd = 1e6\ne = true\nf = -0.5\ng = inf\n",
        {"a": 1, "b": 16, "c": 1000, "d": 1e6, "e": True, "f": -0.5, "g": float("inf")},
    ),
    "texts": (
        "a = \"x\\t\\u00e9\"\nb = 'c:\\d'\nc = \"\"\"\nx\ny\"\"\"\nd = '''z'''\n",
        {"a": "x\té", "b": "c:\\d", "c": "x\ny", "d": "z"},
    ),
    "dates are texts": (
        "a = 2024-01-01\nb = 1979-05-27 07:32:00\n",
        {"a": "2024-01-01", "b": "1979-05-27 07:32:00"},
    ),
    "tables": (
        "a = 1\n[b]\nc = 2\n[b.d]\ne = 3\n[f.'g h']\n",
        {"a": 1, "b": {"c": 2, "d": {"e": 3}}, "f": {"g h": {}}},
    ),
    "lists of tables": (
        "[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3\n",
        {"a": [{"b": 1}, {"b": 2, "c": {"d": 3}}]},
    ),
    "dotted keys": ("a.b = 1\na.'c.d' = 2\n", {"a": {"b": 1, "c.d": 2}}),
    "inline": (
        "a = [1, [2], # c\n 'x',\n]\nb = { c = 1, d.e = [2] }\n",
        {"a": [1, [2], "x"], "b": {"c": 1, "d": {"e": [2]}}},
    ),
    "crlf": ("a = 1\r\n[b]\r\nc = 'x'\r\n", {"a": 1, "b": {"c": "x"}}),
    "an action": (
        "a = {{ .x }}\nb = \"{{ .y }}\"\nc = 'x{{ .z }}'\nd = [1, {{ .x }}]\n",
        {"a": UNKNOWN, "b": UNKNOWN, "c": UNKNOWN, "d": [1, UNKNOWN]},
    ),
    "a key": ("{{ .x }} = 1\nb = 2\n", {**MORE, "b": 2}),
    "a table's key": ("[{{ .x }}]\na = 1\n[b]\n", {**MORE, "b": {}}),
    "inline block": (
        'a = {{ if .x }}1{{ else }}2{{ end }}\nb = "{{ if .x }}y{{ end }}z"\n',
        {"a": UNKNOWN, "b": UNKNOWN},
    ),
    "a block in a text": ("a = '''\nx\n{{ if .x }}\ny\n{{ end }}\n'''\n", {"a": UNKNOWN}),
    "lines": ("a = 1\n{{ .x }}\n[b]\nc = 1\n", {"a": 1, "b": {"c": 1}, **MORE}),
    "lines in a table": ("[b]\nc = 1\n{{ .x }}\n[d]\n", {"b": {"c": 1, **MORE}, "d": {}, **MORE}),
    "lines in a list": ("a = [\n1,\n{{ .x }}\n2]\n", {"a": [1, 2, UNKNOWN], **MORE}),
    "range": (
        "{{ range .x }}\n[[a]]\nb = {{ . }}\n{{ end }}\n",
        {"a": [{"b": UNKNOWN, **MORE}, UNKNOWN], **MORE},
    ),
    "if": ("[a]\n{{ if .x }}\nb = 1\n{{ end }}\nc = 2\n", {"a": {"b": 1, "c": 2}}),
}


@pytest.mark.parametrize(("text", "data"), VALUES.values(), ids=VALUES)
def test_values(text, data):
    assert said(text) == []
    assert reading(text).document.data == data


def test_two_values_of_a_key():
    text = "[a]\n{{ if .x }}\nb = 1\n{{ else }}\nb = 2\n{{ end }}\n"
    documents = reading(text).documents
    assert [document.data for document in documents] == [{"a": {"b": 1}}, {"a": {"b": 2}}]
    assert [document.values["a", "b"].line for document in documents] == [3, 5]


def test_places():
    text = '[data]\ne = "é{{ .x }}"\n[[data.m]] # x\n  a.b = [1, { c = 2 }]\n'
    document = reading(text).document
    places = {
        path: [
            (pos.line, pos.col, pos.width)
            for pos in (document.keys.get(path), document.values[path])
            if pos
        ]
        for path in document.values
    }
    assert places == {
        ("data",): [(1, 2, 4), (1, 2, 4)],
        ("data", "e"): [(2, 1, 1), (2, 5, 11)],
        ("data", "m"): [(3, 8, 1), (3, 8, 1)],
        ("data", "m", 0): [(4, 3, 1)],
        ("data", "m", 0, "a"): [(4, 3, 1), (4, 3, 1)],
        ("data", "m", 0, "a", "b"): [(4, 5, 1), (4, 9, 14)],
        ("data", "m", 0, "a", "b", 0): [(4, 10, 1)],
        ("data", "m", 0, "a", "b", 1): [(4, 13, 9)],
        ("data", "m", 0, "a", "b", 1, "c"): [(4, 15, 1), (4, 19, 1)],
    }


def test_places_survive_directives():
    document = reading(
        "# chezmoi:template:left-delimiter=[[[ right-delimiter=]]]\n[a]\nb = [[[ .x ]]]\n"
    ).document
    assert document.values["a", "b"] == Pos(line=3, col=5, width=10)


WRONG = {
    "bare text": ("a = yes\n", "1:5+3 LLM001 this is no TOML value"),
    "no value": ("a =\n", "1:4+1 LLM001 a value is expected here"),
    "no equals": ("a\n", "1:2+1 LLM001 '=' is missing here"),
    "yaml": ("data:\n  a: 1\n", "1:5+1 LLM001 '=' is missing here"),
    "open quote": ('a = "x\n', "1:5+1 LLM001 the quote is never closed"),
    "open list": ("a = [1,\n", "1:5+1 LLM001 '[' is never closed"),
    "open table": ("a = { b = 1\n", "1:5+1 LLM001 '{' is never closed"),
    "comma in a list": ("a = [1 2]\n", "1:8+1 LLM001 ',' or ']' is missing here"),
    "comma in a table": ("a = { b = 1 c = 2 }\n", "1:13+1 LLM001 ',' or '}' is missing here"),
    "header": ("[a\nb = 1\n", "1:3+1 LLM001 ']' is missing here"),
    "behind a value": ("a = 1 b = 2\n", "1:7+1 LLM001 text stands behind a value that is complete"),
    "key": ("= 1\n", "1:1+1 LLM001 a key is expected here"),
    "key twice": ("a = 1\na = 2\n", "2:1+1 LLM005 the key 'a' is already written on line 1"),
    "table twice": ("[a]\n[b]\n[a]\n", "3:3+1 LLM005 a key or table is written twice"),
    "only tomllib sees it": (
        "a = { b = 1, }\n",
        "1:14+1 LLM001 this is not TOML: invalid initial character for a key part",
    ),
    "large": ("a = 9223372036854775808\n", "1:5+19 LLM003 the number does not fit in 64 bits"),
    "many digits": ("a = " + "9" * 5000 + "\n", "1:5+5000 LLM003 the number does not fit in 64 bits"),
    "deep": ("a = " + "[" * 3000, "1:69+1 LLM003 nested deeper than 64 levels"),
    "deep key": (".".join("a" * 100) + " = 1\n", "1:130+1 LLM003 nested deeper than 64 levels"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read(text, message):
    assert said(text) == [message]


@pytest.mark.parametrize(("word", "hint"), [("False", "write false"), ("yes", "put text in quotes")])
def test_a_switch_is_no_text(word, hint):
    assert [one.hint for one in reading(f"a = {word}\n").findings] == [hint]


def test_actions_do_not_hide_a_mistake():
    assert said("a = {{ .x }}\nb = yes\n") == ["2:5+3 LLM001 this is no TOML value"]
    assert said("a = {{ .x }}\nb = 1\nb = 2\n") == ["3:1+1 LLM005 the key 'b' is already written on line 2"]

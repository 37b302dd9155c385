"""JSON: config files with places and actions, and documents of programs, fast."""

import json

import pytest

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Pos
from chezmoi_llm.document import UNKNOWN

MORE = {UNKNOWN: UNKNOWN}


def reading(text, file=".chezmoi.json.tmpl"):
    return source.parse(text.encode(), file)


def said(found):
    return [f"{one.line}:{one.col}+{one.width} {one.code} {one.message}" for one in found.findings]


VALUES = {
    "all kinds": (
        '{"a": [1, -2, 0.5, 1e3, true, false, null, "x\\u00e9\\n"], "b": {}, "c": []}',
        {"a": [1, -2, 0.5, 1000.0, True, False, None, "xé\n"], "b": {}, "c": []},
    ),
    "empty": (" \n", {}),
    "null": ("null", {}),
    "an action": (
        '{"a": {{ .x }}, "b": "{{ .y }}", "c": "x{{ .z }}"}',
        {"a": UNKNOWN, "b": UNKNOWN, "c": UNKNOWN},
    ),
    "a key": ('{ {{ .x }}: 1, "{{ .y }}z": 2, "b": 3}', {**MORE, "b": 3}),
    "part of a bare value": ('{"a": 1{{ .x }}, "b": {{ .x }}"y"}', {"a": UNKNOWN, "b": UNKNOWN}),
    "inline block": ('{"a": {{ if .x }}1{{ else }}2{{ end }}, "b": 3}', {"a": UNKNOWN, "b": 3}),
    "inline member": ('{"a": 1{{ if .x }}, "b": 2{{ end }}}', {"a": UNKNOWN, **MORE}),
    "lines": ('{"a": [\n"b",\n{{ .x }}\n"c"\n]}', {"a": ["b", "c", UNKNOWN]}),
    "a value on a line of its own": (
        '{"a":\n{{ .x }}\n, "b": [1,\n{{ .y }}\n], "c":\n{{ .z }}\n}',
        {"a": UNKNOWN, "b": [1, UNKNOWN], "c": UNKNOWN, **MORE},
    ),
    "a value in lines of a block": (
        '{"a":\n{{ if .x }}\n1\n{{ else }}\n2\n{{ end }}\n, "b": 3}',
        {"a": UNKNOWN, "b": 3, **MORE},
    ),
    "lines with commas": (
        '{"a": [\n{{ range $i, $e := .x }}\n{{ if $i }},{{ end }}\n{"b": {{ $e }}, "c": 1}\n{{ end }}\n]}',
        {"a": [{"b": UNKNOWN, "c": 1}, UNKNOWN]},
    ),
    "arms": (
        '{\n{{ if .x }}\n"a": 1,\n{{ end }}\n"b": 2\n{{ if .y }}\n, "c": 3\n{{ end }}\n}',
        {"a": 1, "b": 2, "c": 3},
    ),
}


@pytest.mark.parametrize(("text", "data"), VALUES.values(), ids=VALUES)
def test_values(text, data):
    found = reading(text)
    assert (said(found), found.document.data) == ([], data)


def test_two_values_of_a_key():
    text = '{\n{{ if .x }}\n"a": 1,\n{{ else }}\n"a": 2,\n{{ end }}\n"b": 3\n}'
    assert [document.data for document in reading(text).documents] == [{"a": 1, "b": 3}, {"a": 2, "b": 3}]


def test_comments_and_last_commas_are_for_jsonc():
    text = '{ // one\n"a": [1, 2,], /* two\n */ "b": {"c": 1,},\n}'
    assert reading(text, ".chezmoi.jsonc.tmpl").document.data == {"a": [1, 2], "b": {"c": 1}}
    assert said(reading(text)) == ["1:3+1 LLM001 a key in double quotes is expected here"]


def test_places():
    document = reading('{\n  "a": [{"b": "é"}, 2],\n  "c{{ .x }}": 1\n}\n').document
    assert dict(document.keys) == {
        ("a",): Pos(line=2, col=3, width=3),
        ("a", 0, "b"): Pos(line=2, col=10, width=3),
    }
    assert dict(document.values) == {
        ("a",): Pos(line=2, col=8, width=15),
        ("a", 0): Pos(line=2, col=9, width=10),
        ("a", 0, "b"): Pos(line=2, col=15, width=3),
        ("a", 1): Pos(line=2, col=21, width=1),
    }


WRONG = {
    "open brace": ('{"a": 1', "1:1+1 LLM001 '{' is never closed"),
    "open bracket": ('{"a": [1', "1:7+1 LLM001 '[' is never closed"),
    "open string": ('{"a": "x}', "1:7+1 LLM001 the quote is never closed"),
    "comma missing": ('{"a": 1 "b": 2}', "1:9+1 LLM001 ',' or '}' is missing here"),
    "comma too many": ('{"a": [1,, 2]}', "1:10+1 LLM001 a comma too many"),
    "comma first": ('{"a": [, 2]}', "1:8+1 LLM001 a comma too many"),
    "comma last": ('{"a": [2,]}', "1:9+1 LLM001 a comma too many"),
    "colon missing": ('{"a" 1}', "1:6+1 LLM001 ':' is missing here"),
    "bare key": ("{a: 1}", "1:2+1 LLM001 a key in double quotes is expected here"),
    "single quotes": ("{'a': 1}", "1:2+1 LLM001 a key in double quotes is expected here"),
    "bare text": ('{"a": yes}', "1:7+3 LLM001 this is no JSON value"),
    "octal": ('{"a": 017}', "1:7+3 LLM001 this is no JSON value"),
    "not a number": ('{"a": NaN}', "1:7+3 LLM001 this is no JSON value"),
    "no value": ('{"a": }', "1:7+1 LLM001 a value is expected, but '}' stands here"),
    "end": ('{"a":', "1:6+1 LLM001 the text ends too early"),
    "line end in text": ('{"a": "x\ny"}', "1:9+1 LLM001 a line end or control character stands in a text"),
    "escape": ('{"a": "x\\q"}', "1:9+1 LLM001 this backslash sequence is unknown"),
    "behind the end": ('{"a": 1}\n{"b": 2}', "2:1+1 LLM001 text stands behind the end of the document"),
    "large": ('{"a": 9223372036854775808}', "1:7+19 LLM003 the number does not fit in 64 bits"),
    "half a pair": ('{"a": "x\\ud83d"}', "1:7+9 LLM002 half of a surrogate pair is no character"),
    "list": ("[1]", "1:1+3 LLM001 the file is a list, but must be keys with values"),
    "number": ("5", "1:1+1 LLM001 the file is one value, but must be keys with values"),
    "deep": ('{"a":' + "[" * 3000, "1:70+1 LLM003 nested deeper than 64 levels"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read(text, message):
    assert said(reading(text)) == [message]
    assert said(source.parse_plain(text.encode(), "data.json")) == [message]


def test_a_key_that_stands_twice():
    text = '{"a": 1,\n "b": {"a": 1},\n "a": 2}'
    message = "3:2+3 LLM005 the key 'a' is already written on line 1"
    assert said(reading(text)) == said(source.parse_plain(text.encode(), "data.json")) == [message]


def test_a_document_of_a_program_keeps_braces_and_no_places():
    data = {"a": "{{ .x }}", "b": [1, 2.5, None, "\U0001f642", "{{"]}
    for text in (json.dumps(data), json.dumps(data, ensure_ascii=False)):
        document = source.parse_plain(text.encode(), "-").document
        assert (document.data, dict(document.keys), dict(document.values)) == (data, {}, {})


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_a_number_beyond_all_floats(number):
    assert said(source.parse_plain(f'{{"a": {number}}}'.encode(), "x.json")) == [
        f"1:7+{len(number)} LLM003 the number does not fit in 64 bits"
    ]

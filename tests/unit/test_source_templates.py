"""Templates: what actions leave known of the data, where things stand, and what is wrong with actions."""

import pytest

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Pos
from chezmoi_llm.document import UNKNOWN

MORE = {UNKNOWN: UNKNOWN}


def readings(text, file=".chezmoi.yaml.tmpl"):
    reading = source.parse(text.encode(), file)
    assert [one.message for one in reading.findings] == []
    return [document.data for document in reading.documents]


def said(text):
    findings = source.parse(text.encode(), ".chezmoi.yaml.tmpl").findings
    return [f"{one.line}:{one.col}+{one.width} {one.code} {one.message}" for one in findings]


ACTIONS = {
    "a value": ("a: {{ .x }}\n", {"a": UNKNOWN}),
    "part of a value": ("a: x-{{ .x }}-y\nb: 'x{{ .x }}'\n", {"a": UNKNOWN, "b": UNKNOWN}),
    "two in a value": ("a: {{ .x }}:{{ .y }}\n", {"a": UNKNOWN}),
    "a key": ("{{ .x }}: 1\n'{{ .y }}-z': 2\nb: 3\n", {**MORE, "b": 3}),
    "in a flow list": ("a: [b, {{ .x }}]\n", {"a": ["b", UNKNOWN]}),
    "in a flow mapping": ("a: {b: {{ .x }}, c: 1}\n", {"a": {"b": UNKNOWN, "c": 1}}),
    "in a block scalar": ("a: |\n  x\n  {{ .x }}\nb: 1\n", {"a": UNKNOWN, "b": 1}),
    "in a block scalar's line": ("a: |\n  x {{ .x }}\nb: 1\n", {"a": UNKNOWN, "b": 1}),
    "in a comment": ("a: 1 # {{ .x }}\n# {{ .y }}\nb: 2\n", {"a": 1, "b": 2}),
    "quotes in it": ('a: {{ promptString "}}" }}\nb: 1\n', {"a": UNKNOWN, "b": 1}),
    "a raw string in it": ("a: {{ promptString `}}\n` }}\nb: 1\n", {"a": UNKNOWN, "b": 1}),
    "a character in it": ("a: {{ printf '}' }}\nb: 1\n", {"a": UNKNOWN, "b": 1}),
    "over lines": ("a: {{ list\n  1\n  2 }}\nb: 1\n", {"a": UNKNOWN, "b": 1}),
    "literal braces": (
        'a: \'{{ "{{" }} .x {{ "}}" }}\'\nb: x{{ `{{ .y }}` }}\n',
        {"a": "{{ .x }}", "b": "x{{ .y }}"},
    ),
    "a literal that is not plain": ('a: {{ "x\\ty" }}\n', {"a": UNKNOWN}),
    "comment": ("a: {{/* x: y }} */}}b\nc: 1\n", {"a": "b", "c": 1}),
    "comment over lines": ("a: 1\n{{/*\nb: 2\n*/}}\nc: 3\n", {"a": 1, "c": 3}),
    "trimmed comment": ("a: 1\n{{- /* b */}}\nc: 3\n", {"a": 1, "c": 3}),
    "variable": ("{{ $x := list 1 2 }}\n{{ $x = list }}\n{{ $i, $e := .x }}a: 1\n", {"a": 1}),
    "nothing printed": ('{{ fail "x" }}\n{{ exit 1 }}\n{{ writeToStdout "x" }}\na: 1\n', {"a": 1}),
    "define": ('{{ define "x" }}\nb: 1\n{{ end }}\na: 1\n', {"a": 1}),
    "a line hidden from chezmoi": (
        "{{- if false -}}\n# vim: x\n{{- end -}}\n{{ if .x }}\na: 1\n{{ end }}\n",
        {"a": 1},
    ),
    "blocks that print nothing": (
        (
            "{{- range .x -}}\n{{- if .y -}}\n{{- $z = 1 -}}\n{{- end -}}\n{{- end -}}\n"
            "a: 1{{ if .x }}{{ $z = 2 }}{{ end }}\n"
        ),
        {"a": 1},
    ),
    "an empty literal between": (
        '{{ if .x -}}\na: 1\n\n{{ end }}\n\n{{- "" -}}\n\nb: 2\n',
        {"a": 1, "b": 2},
    ),
    "other delimiters": (
        "# chezmoi:template:left-delimiter=[[ right-delimiter=]]\na: [[ .x ]]\nb: '{{ .y }}'\n",
        {"a": UNKNOWN, "b": "{{ .y }}"},
    ),
    "directive in a comment": ("{{/* chezmoi:template:missing-key=zero */}}\na: 1\n", {"a": 1}),
    "crlf": ("a: {{ .x }}\r\n{{ if .y }}\r\nb: 1\r\n{{ end }}\r\n", {"a": UNKNOWN, "b": 1}),
}


@pytest.mark.parametrize(("text", "data"), ACTIONS.values(), ids=ACTIONS)
def test_actions(text, data):
    assert readings(text) == [data]


LINES = {
    "at the top": ('{{ include "x" }}\na: 1\n', {"a": 1, **MORE}),
    "alone": ('{{ include "x" }}\n', MORE),
    "in a mapping": ("a:\n  b: 1\n  {{ .x }}\nc: 2\n", {"a": {"b": 1, **MORE}, "c": 2}),
    "in a list": ("a:\n  - b\n  {{ .x }}\n  - c\n", {"a": ["b", "c", UNKNOWN]}),
    "before a list": ("a:\n  {{ .x }}\n  - c\n", {"a": ["c", UNKNOWN]}),
    "instead of a value": ("a:\n  {{ .x }}\nb: 1\n", {"a": UNKNOWN, "b": 1}),
    "indented by a function": ("a:\n{{ .x | indent 2 }}\nb: 1\n", {"a": UNKNOWN, "b": 1}),
    "with its own line end": ("a:\n  b: {{- .x | nindent 4 }}\n  c: 1\n", {"a": {"b": UNKNOWN, "c": 1}}),
    "not indented": ("a:\n  b: 1\n{{ .x }}\n", {"a": {"b": 1, **MORE}, **MORE}),
    "an item": ("a:\n  - {{ .x }}\n  - b\n", {"a": [UNKNOWN, "b"]}),
    "the start of an item": ("a:\n  - {{ .x }}\n    b: 1\n", {"a": [{"b": 1, **MORE}]}),
    "going on with a text": ("a: b\n  {{ .x }}\nc: 1\n", {"a": UNKNOWN, "c": 1}),
    "glued to a text": ("a: b\n{{- .x }}\nc: 1\n", {"a": UNKNOWN, "c": 1}),
    "in a flow list": ("a: [\n  b,\n  {{ .x }}\n]\n", {"a": ["b", UNKNOWN]}),
    "as a block scalar": ("a: |\n  {{ .x }}\nb: 1\n", {"a": UNKNOWN, "b": 1}),
    "as an indented block scalar": ("a: |\n{{ .x | indent 2 }}\nb: 1\n", {"a": UNKNOWN, "b": 1}),
    "two on a line": ("a:\n  {{ .x }}{{ .y }}\n  b: 1\n", {"a": {"b": 1, **MORE}}),
    "a template": ('a:\n  {{ template "x" . }}\n', {"a": UNKNOWN}),
    "a warning, which prints nothing": ('a: 1\n{{ warnf "w" -}}\nb: 2\n', {"a": 1, "b": 2}),
    "arms that bring the blank behind the colon": (
        'a:\n{{ if .w }}\n  b: 1\n{{ end }}\nc: {{- if .x }} "y" {{- else }} "z" {{- end }}\n',
        {"a": {"b": 1}, "c": UNKNOWN},
    ),
    "lines that end in the line of something else": (
        "a:\n{{- if .x }}\n  b: 1\n{{- else }}\n  c: 1\n{{- end }}{{ .y }}\n",
        {"a": UNKNOWN},
    ),
}


@pytest.mark.parametrize(("text", "data"), LINES.values(), ids=LINES)
def test_actions_that_write_lines(text, data):
    assert readings(text) == [data]


BLOCKS = {
    "if": ("{{ if .x }}\na: 1\n{{ end }}\nb: 2\n", [{"a": 1, "b": 2}]),
    "else": ("{{ if .x }}\na: 1\n{{ else }}\nb: 2\n{{ end }}\n", [{"a": 1, "b": 2}]),
    "else if": (
        "{{ if .x }}\na: 1\n{{ else if .y }}\na: 2\n{{ else }}\na: 3\n{{ end }}\n",
        [{"a": 1}, {"a": 2}, {"a": 3}],
    ),
    "with": ("a:\n{{ with .x }}\n  - b\n{{ else }}\n  - c\n{{ end }}\n", [{"a": ["b", "c"]}]),
    "block": ('a:\n{{ block "x" . }}\n  - b\n{{ end }}\n', [{"a": ["b"]}]),
    "range": (
        "a:\n{{ range .x }}\n  - b: {{ . }}\n    c: 1\n{{ end }}\n",
        [{"a": [{"b": UNKNOWN, "c": 1}, UNKNOWN]}],
    ),
    "range in a list": (
        "a:\n  - b\n{{ range .x }}\n  - c\n{{ end }}\n  - d\n",
        [{"a": ["b", "c", "d", UNKNOWN]}],
    ),
    "range of keys": ("a:\n  {{ range .x }}\n  {{ . }}: 1\n  {{ end }}\nb: 1\n", [{"a": MORE, "b": 1}]),
    "range in an item": (
        "a:\n  - b: 1\n    {{- range .x }}\n    c: 1\n    {{- end }}\n  - d\n",
        [{"a": [{"b": 1, "c": 1, **MORE}, "d"]}],
    ),
    "inline": ("a: {{ if .x }}true{{ else }}false{{ end }}\nb: 1\n", [{"a": UNKNOWN, "b": 1}]),
    "inline over lines": (
        "a: {{ if .x -}}\n  b\n{{- else -}}\n  c\n{{- end }}\nd: 1\n",
        [{"a": UNKNOWN, "d": 1}],
    ),
    "inline part": ("a: x{{ if .x }}y{{ end }}\n", [{"a": UNKNOWN}]),
    "inline in a flow list": ("a: [b, {{ if .x }}c, {{ end }}d]\n", [{"a": ["b", UNKNOWN]}]),
    "inline in a flow mapping": ("a: {b: 1{{ if .x }}, c: 2{{ end }}}\n", [{"a": {"b": UNKNOWN, **MORE}}]),
    "lines in a flow list": (
        "a: [\n  b,\n  {{ if .x }}\n  c,\n  {{ end }}\n  d]\n",
        [{"a": ["b", "c", "d"]}],
    ),
    "on one line": ("{{ if .x }}a: 1{{ else }}a: 2{{ end }}\nb: 3\n", [{"a": 1, "b": 3}, {"a": 2, "b": 3}]),
    "on one line, indented": (
        "a:\n  {{ if .x }}b: 1{{ else }}c: 2{{ end }}\n  d: 3\n",
        [{"a": {"b": 1, "c": 2, "d": 3}}],
    ),
    "trimmed left": (
        "a:\n  b: 1\n  {{- if .x }}\n  c: 2\n  {{- else }}\n  d: 3\n  {{- end }}\n",
        [{"a": {"b": 1, "c": 2, "d": 3}}],
    ),
    "trimmed right": (
        "a:\n  b: 1\n  {{ if .x -}}\n  c: 2\n  {{ else -}}\n  d: 3\n  {{ end -}}\n  e: 4\n",
        [{"a": {"b": 1, "c": 2, "d": 3, "e": 4}}],
    ),
    "nested": (
        "{{ if .x }}\na:\n  {{ if .y }}\n  b: 1\n  {{ end }}\n  c: 2\n{{ end }}\n",
        [{"a": {"b": 1, "c": 2}}],
    ),
    "commented out": ("# {{ if .x }}\n# a: 1\n# {{ end }}\nb: 2\n", [{"b": 2}]),
    "in a block scalar": ("a: |\n  x\n  {{ if .x }}\n  y\n  {{ end }}\nb: 1\n", [{"a": UNKNOWN, "b": 1}]),
    "in a text over lines": ("a:\n  {{ if .x }}\n  b\n  {{ else }}\n  c\n  {{ end }}\n", [{"a": UNKNOWN}]),
    "behind a block scalar": ("a: |\n  x\n{{ if .x }}\nb: 1\n{{ end }}\n", [{"a": "x\n", "b": 1}]),
    "list or mapping": (
        "a:\n{{ if .x }}\n  - b\n{{ else }}\n  c: 1\n{{ end }}\nd: 1\n",
        [{"a": UNKNOWN, "d": 1}],
    ),
    "one quoted text or another": (
        "a:\n{{ if .x }}\n  'b'\n{{ else }}\n  'c'\n{{ end }}\nd: 1\n",
        [{"a": UNKNOWN, "d": 1}],
    ),
    "only the keys differ": (
        "{{ if .x }}\na:\n{{ else }}\nb:\n{{ end }}\n  - c\n",
        [{"a": UNKNOWN, "b": ["c"]}],
    ),
    "only the name differs": (
        "a:\n{{ if .x }}\n  - b: 1\n{{ else }}\n  - b: 2\n{{ end }}\n    c: 3\n",
        [{"a": [{"b": 1, **MORE}, {"b": 2, "c": 3}]}],
    ),
    "an arm that goes on with what stands before": (
        "a:\n  - b: 1\n{{ if .x }}\n  - c: 2\n{{ else }}\n    d: 3\n{{ end }}\n  - e\n",
        [{"a": [{"b": 1, **MORE}, "e", UNKNOWN]}],
    ),
    "whole files": (
        "{{ if .x }}\na:\n  b: 1\n{{ else }}\na:\n  c: 2\n{{ end }}\n",
        [{"a": {"b": 1}}, {"a": {"c": 2}}],
    ),
    "an empty value": ("{{ if .x }}\na:\n{{ end }}\nb: 1\n", [{"a": None, "b": 1}]),
}


@pytest.mark.parametrize(("text", "data"), BLOCKS.values(), ids=BLOCKS)
def test_blocks(text, data):
    assert readings(text) == data


def test_many_values_of_one_key_are_looked_at_one_by_one():
    text = "".join(f"{{{{ if .x{n} }}}}\na: {n}\n{{{{ end }}}}\n" for n in range(40))
    assert readings(text) == [{"a": n} for n in range(16)]


TWICE = {
    "in one arm": (
        "{{ if .x }}\na: 1\na: 2\n{{ end }}\n",
        ["3:1+1 LLM005 the key 'a' is already written on line 2"],
    ),
    "before a block": (
        "a: 1\n{{ if .x }}\na: 2\n{{ end }}\n",
        ["3:1+1 LLM005 the key 'a' is already written on line 1"],
    ),
    "behind a block": (
        "{{ if .x }}\na: 2\n{{ end }}\na: 1\n",
        ["4:1+1 LLM005 the key 'a' is already written on line 2"],
    ),
    "in an inner block": (
        "{{ if .x }}\na: 1\n{{ else }}\na: 2\n{{ if .y }}\na: 3\n{{ end }}\n{{ end }}\n",
        ["6:1+1 LLM005 the key 'a' is already written on line 4"],
    ),
    "in two blocks": ("{{ if .x }}\na: 1\n{{ end }}\n{{ if not .x }}\na: 2\n{{ end }}\n", []),
}


@pytest.mark.parametrize(("text", "messages"), TWICE.values(), ids=TWICE)
def test_a_key_that_stands_twice(text, messages):
    assert said(text) == messages


PLACED = """\
{{- $os := .chezmoi.os -}}
{{/* two
     lines */}}
data:
  email: {{ promptStringOnce . "email" "E-mail" | quote }} # {{ "日本" }}
  local_models:
    {{- if eq $os "linux" }}
    - name: a-{{ .chezmoi.hostname }}
      ttl: {{ if .x }}5{{ else }}6{{ end }}
    {{- else if .y }}
    - {name: {{ .z }}, ttl: 7}
    {{- end }}
    {{ range .more }}- name: {{ . }}
    {{ end }}
    - name: z
  {{ .key }}: 1
  {{ if .x }}k: 1{{ else }}k: 2{{ end }}
"""
PLACES = {
    ("data",): (4, 1, 4),
    ("data", "email"): (5, 10, 49),
    ("data", "local_models"): (6, 3, 12),
    ("data", "local_models", 0): (8, 7, 4),
    ("data", "local_models", 0, "name"): (8, 13, 25),
    ("data", "local_models", 0, "ttl"): (9, 12, 32),
    ("data", "local_models", 1): (11, 7, 24),
    ("data", "local_models", 1, "name"): (11, 14, 8),
    ("data", "local_models", 1, "ttl"): (11, 29, 1),
    ("data", "local_models", 2): (13, 24, 4),
    ("data", "local_models", 2, "name"): (13, 30, 7),
    ("data", "local_models", 3): (15, 7, 4),
    ("data", "local_models", 3, "name"): (15, 13, 1),
    ("data", "k"): (17, 17, 1),
}


def test_places_are_those_of_the_template():
    document, other = source.parse(PLACED.encode(), ".chezmoi.yaml.tmpl").documents
    places = {path: Pos(line=line, col=col, width=width) for path, (line, col, width) in PLACES.items()}
    assert dict(document.values) == places
    assert other.values["data", "k"] == Pos(line=17, col=31, width=1)


def test_branches_say_what_may_be_absent_and_what_goes_together():
    document, _ = source.parse(PLACED.encode(), ".chezmoi.yaml.tmpl").documents
    models = [("data", "local_models", index) for index in range(4)]
    assert [document.is_conditional(path) for path in models] == [True, True, True, False]
    assert [document.are_together(models[3], path) for path in models] == [True, True, True, True]
    assert [document.are_together(models[0], path) for path in models] == [True, False, False, True]
    assert document.are_together(models[1], (*models[1], "ttl"))
    assert not document.is_conditional(("data", "email"))


def test_a_document_without_blocks_has_nothing_conditional():
    document = source.parse(b"a: {{ .x }}\n", "x.yaml.tmpl").document
    assert (dict(document.branches), document.is_conditional(("a",))) == ({}, False)


WRONG = {
    "open action": (
        "a: 1\nb: {{ .x\nc: {{ .y }}\n",
        "2:4+5 LLM004 the action is not closed: '}}' is missing",
    ),
    "one brace": ("a: {{ .x }\nb: 1\n", "1:4+7 LLM004 the action is not closed: '}}' is missing"),
    "open at the end": ("a: {{ .x", "1:4+5 LLM004 the action is not closed: '}}' is missing"),
    "open string": ('a: {{ prompt "x }}\n', "1:14+1 LLM004 the text in quotes is not closed"),
    "open raw string": ("a: {{ prompt `x }}\n", "1:14+1 LLM004 the text in quotes is not closed"),
    "open comment": ("a: 1\n{{/* x }}\n", "2:1+1 LLM004 the comment is not closed"),
    "text behind a comment": (
        "{{/* x */ .y }}\n",
        "1:8+2 LLM004 the comment does not end right before '}}'",
    ),
    "empty": ("a: {{ }}\n", "1:4+5 LLM004 the action is empty"),
    "open if": (
        "a: 1\n{{ if .x }}\nb: 1\n",
        "2:1+11 LLM004 the 'if' is not closed: '{{ end }}' is missing",
    ),
    "open range in if": (
        "{{ if .x }}\n{{ range .y }}\n{{ end }}\n",
        "1:1+11 LLM004 the 'if' is not closed: '{{ end }}' is missing",
    ),
    "end too many": ("a: 1\n{{ end }}\n", "2:1+9 LLM004 'end' belongs to no 'if', 'with' or 'range'"),
    "else alone": ("{{ else }}\n", "1:1+10 LLM004 'else' belongs to no 'if', 'with' or 'range'"),
    "two elses": (
        "{{ if .x }}{{ else }}{{ else }}{{ end }}",
        "1:22+10 LLM004 a second 'else' in one block",
    ),
    "else in define": (
        '{{ define "x" }}{{ else }}{{ end }}',
        "1:17+10 LLM004 'else' cannot stand in a 'define'",
    ),
    "mistake beside actions": (
        "{{ if .x }}\na: {{ .y }}\n   b: 1\n{{ end }}\n",
        "3:4+1 LLM001 'b' is indented more than the keys around it",
    ),
    "mistake in an arm": (
        "a: 1\n{{ if .x }}\nb: 'x\n{{ else }}\nc: 2\n{{ end }}\n",
        "3:4+1 LLM001 the quote is never closed",
    ),
    "mistake behind a comment of two lines": (
        "{{/* a\n*/}}\na: [\n",
        "3:4+1 LLM001 '[' is never closed",
    ),
    "mistake after an item that may be anything": (
        "a:\n  - {{ .x }}\n    b: 1\nc: @\n",
        "4:4+1 LLM001 a value cannot start with '@'",
    ),
    "an action in a message": (
        "a: 1\n  b{{ .x }}: 2\n",
        "2:3+9 LLM001 'b{{ ... }}' is indented more than the keys around it",
    ),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read(text, message):
    assert said(text) == [message]


NAMES = {
    "a mistyped field": (
        "a: {{ .chezmoi.hostnam }}\n",
        ["1:16+7 LLM004 '.chezmoi' has no field 'hostnam'"],
    ),
    "a field of the root in an if": (
        "{{ if .x }}\na: {{ $.chezmoi.oss }}\n{{ end }}\n",
        ["2:17+3 LLM004 '.chezmoi' has no field 'oss'"],
    ),
    "no function": ('a: {{ foo "x" }}\n', ["1:7+3 LLM004 chezmoi's templates have no function 'foo'"]),
    "a field with a dash": (
        "a: {{ .b.c-d.e }} {{ $.f-1 | quote }} {{ (.g-h) }}\n",
        [
            "1:7+6 LLM004 a field with '-' in its name cannot be read as .c-d",
            "1:22+5 LLM004 a field with '-' in its name cannot be read as .f-1",
            "1:43+4 LLM004 a field with '-' in its name cannot be read as .g-h",
        ],
    ),
    "a variable with a dash": (
        "{{ $b := 1 }}\na: {{ $b-c }}\n",
        ["2:7+4 LLM004 the name of a variable cannot have '-' in it"],
    ),
    "no function behind a pipe": (
        "a: {{ .x | quot }}\n",
        ["1:12+4 LLM004 chezmoi's templates have no function 'quot'"],
    ),
    "another dot": ("{{ with .x }}\na: {{ .chezmoi.oss }}\n{{ end }}\n", []),
    "a key of one's own": ("a: {{ $.mine.chezmoi.oss }}{{ .chezmoi.osRelease.id }}\n", []),
    "words in texts": ("a: {{ printf `foo bar` | upper }}{{/* foo */}}\n", []),
    "numbers": ("a: {{ add 0x1F 1e3 }}\n", []),
}


@pytest.mark.parametrize(("text", "messages"), NAMES.values(), ids=NAMES)
def test_names_that_a_template_knows(text, messages):
    assert said(text) == messages


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (".b-c", 'write (index . "b-c")'),
        ("$.b.c-d.e", 'write (index $.b "c-d")'),
        ("$b-c", "write $b_c"),
    ],
    ids=["field", "deeper", "variable"],
)
def test_what_is_written_instead_of_a_dash(code, hint):
    text = f"{{{{ $b := 1 }}}}\na: {{{{ {code} }}}}\n"
    (found,) = source.parse(text.encode(), ".chezmoi.yaml.tmpl").findings
    assert found.hint == hint

"""One template: what it may do, and how it is refused."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import pytest

from chezmoi_llm.engine import values
from chezmoi_llm.engine.errors import EngineMissingError, RenderError
from chezmoi_llm.engine.functions import World, table
from chezmoi_llm.engine.render import render

pytest.importorskip("gotpl", reason="gotpl is not installed")

TEMPLATES = {"part": "[{{ . }}]", "broken": "one\n{{ .nope }}", "empty": "{{ abortEmpty }}"}
INFO = {
    "/bin/sh": {"perm": 0o755, "isDir": False},
    "/bin": {"perm": 0o755, "isDir": True},
    "/etc/x": {"perm": 0o644},
}


def _refused(name, args):
    raise RuntimeError(f"{[name, *args]} was refused")


@pytest.fixture
def warnings():
    return []


@pytest.fixture
def functions(warnings):
    return table(
        World(
            read={"plain": "plain & {{ .x }}"}.__getitem__,
            read_template=TEMPLATES.__getitem__,
            output=_refused,
            look_path={"sh": "/bin/sh"}.get,
            stat=INFO.get,
            lstat=INFO.get,
            glob=lambda pattern: [pattern] if pattern == "a" else [],
            environ={"NAME": "value"},
            warn=warnings.append,
        )
    )


DATA: Mapping[str, object] = {"x": 1, "name": "qwen3:8b", "items": ["a", "b"], "nothing": None}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{{ include "plain" }}', "plain & {{ .x }}"),
        ('{{ includeTemplate "part" .name }}{{ includeTemplate "part" }}', "[qwen3:8b][<no value>]"),
        (
            '{{ isExecutable "/bin/sh" }} {{ isExecutable "/etc/x" }} {{ isExecutable "/no" }}',
            "true false false",
        ),
        (
            '{{ lookPath "sh" }} {{ findExecutable "sh" (list "" "/no" "/bin") }}',
            "/bin/sh /bin/sh",
        ),
        ('{{ findExecutable "bin" (list "/") }}|{{ findOneExecutable (list "no") (list "/") }}', "|"),
        ('{{ with stat "/no" }}x{{ else }}none{{ end }}', "none"),
        ('{{ glob "a" | toJson }} {{ glob "b" | toJson }} {{ len (glob "b") }}', '["a"] null 0'),
        ('{{ env "NAME" }} {{ expandenv "$NAME" }}', "value value"),
        ('{{ printf "%T" .x }} {{ printf "%T" 1 }} {{ kindOf .x }}', "int64 int int64"),
        ('{{ if false }}{{ bitwarden "item" }}{{ end }}fine', "fine"),
    ],
)
def test_functions_ask_the_world(functions, template, expected):
    assert render(template, DATA, functions) == expected


def test_warnings_are_handed_over(functions, warnings):
    assert render('{{ warnf "%s has %d" .name 2 }}x', DATA, functions) == "x"
    assert warnings == ["qwen3:8b has 2"]


def test_a_template_changes_only_its_own_data(functions):
    data = {"nested": {"a": 1}}

    assert (
        render('{{ $_ := set . "b" 2 }}{{ $_ := set .nested "a" 3 }}{{ .nested.a }}', data, functions)
        == "3"
    )
    assert data == {"nested": {"a": 1}}


@pytest.mark.parametrize(
    ("template", "message", "place"),
    [
        ("one\n{{ .nope }}", 'map has no entry for key "nope"', ("t", 2, 4)),
        ("{{ .name.upper }}", "can't evaluate field upper", ("t", 1, 4)),
        ('\n\n{{ fail "boom" }}', "error calling fail: boom", ("t", 3, 4)),
        ('{{ output "rm" "-rf" }}', "error calling output: ['rm', '-rf'] was refused", ("t", 1, 4)),
        (
            '{{ list "-rf" 1 | outputList "rm" }}',
            "error calling outputList: ['rm', '-rf', '1'] was refused",
            ("t", 1, 4),
        ),
        (
            '{{ bitwarden "item" }}',
            "error calling bitwarden: bitwarden needs chezmoi itself; see: chezmoi cat",
            ("t", 1, 4),
        ),
        ('{{ template "nope" }}', 'template "nope" not defined', ("t", 1, 1)),
        ("{{ nope }}", "function 'nope' not defined", ("t", 1, 4)),
        ("{{ if .x }}", "unexpected EOF", ("t", 1, 12)),
        ('{{ includeTemplate "broken" . }}', 'map has no entry for key "nope"', ("broken", 2, 4)),
        ('{{ eq .x "1" }}', "error calling eq: incompatible types for comparison", ("t", 1, 4)),
        ("{{ eq .items .items }}", "error calling eq: non-comparable type []interface {}", ("t", 1, 4)),
        ("{{ index .items 2 }}", "error calling index: index out of range: 2", ("t", 1, 4)),
        ("{{ index .x 2 }}", "error calling index: can't index item of type int64 with int", ("t", 1, 4)),
        (
            "{{ toPrettyJson 1 2 }}",
            "error calling toPrettyJson: arg 1: expected a string, got a int",
            ("t", 1, 4),
        ),
        (
            '{{ ensureLinePrefix "#" }}',
            "error calling ensureLinePrefix: expected 2 or 3 arguments, got 1",
            ("t", 1, 4),
        ),
        (
            "# chezmoi:template:encoding=utf-16-le",
            "encoding=utf-16-le is not supported without chezmoi",
            ("t", 0, 0),
        ),
        (
            "# chezmoi:template:missing-key=maybe",
            "missing-key=maybe is not supported without chezmoi",
            ("t", 0, 0),
        ),
    ],
)
def test_a_refusal_says_where_and_why(functions, template, message, place):
    with pytest.raises(RenderError) as caught:
        render(template, DATA, functions, name="t")

    error = caught.value
    assert (error.message, (error.template, error.line, error.col)) == (message, place)
    assert str(error) == (
        f"t: {message}" if error.line == 0 else f"{place[0]}:{place[1]}:{place[2]}: {message}"
    )


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a\n# chezmoi:template:missing-key=zero\nb{{ .nope }}\n", "a\nb<no value>\n"),
        ('chezmoi:template:left-delimiter="[[" right-delimiter="]]"\n[[ .x ]]{{ .y }}', "1{{ .y }}"),
        ("# chezmoi:template:line-endings=crlf encoding=utf-8\na\nb\r\nc\r", "a\r\nb\r\nc\r\n"),
        ("# chezmoi:template:format-indent-width=1\n{{ .items | toJson }}", '[\n "a",\n "b"\n]\n'),
        ("# chezmoi:template:other=1\n{{ .x }}", "1"),
        ('# chezmoi:template:line-ending="\\q"\na\nb', 'a"\\q"b'),
    ],
)
def test_directives_choose(functions, template, expected):
    assert render(template, DATA, functions) == expected


def test_abort_empty_ends_all(functions):
    assert render("x{{ abortEmpty }}y", DATA, functions) == ""
    assert render('x{{ includeTemplate "empty" }}y', DATA, functions) == ""


def test_shared_templates_are_called_by_name(functions):
    shared = {"dir/greet": "hello {{ . }}"}

    assert render('{{ template "dir/greet" .name }}', DATA, functions, shared=shared) == "hello qwen3:8b"


def test_without_gotpl_the_error_says_what_is_missing(functions, monkeypatch):
    for module in [name for name in sys.modules if name.split(".")[0] == "gotpl"]:
        monkeypatch.setitem(sys.modules, module, None)
    for call in (lambda: render("x", {}, functions), lambda: table(None)):
        with pytest.raises(EngineMissingError) as caught:
            call()
        assert str(caught.value) == "rendering templates needs the package gotpl"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"),
        (True, "true"),
        (values.Int64(131072), "131072"),
        (1000000.0, "1000000"),
        (1e-7, "0.0000001"),
        (float("inf"), "+Inf"),
        (None, "<nil>"),
        ([1, None, "x"], "[1 <nil> x]"),
        ({"b": 1, "a": [True]}, "map[a:[true] b:1]"),
    ],
)
def test_values_as_text(value, expected):
    assert values.text(value) == expected


def test_lists_as_texts():
    assert values.texts(["a", [1, [2.5]], None]) == ["a", "1", "2.5", "<nil>"]
    assert values.texts("a") == ["a"]


def test_copies_share_nothing_and_know_their_integers():
    data = {"a": [1, {"b": True}], "n": values.Uint64(5)}
    copy = values.copied(data)

    assert copy == data
    assert [type(one) for one in (copy["a"][0], copy["a"][1]["b"], copy["n"])] == [
        values.Int64,
        bool,
        values.Uint64,
    ]
    copy["a"][1]["b"] = False
    assert data["a"][1]["b"] is True


def test_data_is_merged_mapping_by_mapping():
    base, over = {"a": {"x": 1, "y": 1}, "l": [1], "n": None}, {"a": {"x": 2}, "l": [2], "n": {"z": 1}}

    assert values.merged(base, over) == {"a": {"x": 2, "y": 1}, "l": [2], "n": {"z": 1}}
    assert base == {"a": {"x": 1, "y": 1}, "l": [1], "n": None}

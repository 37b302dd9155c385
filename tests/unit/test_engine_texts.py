"""JSON, YAML and TOML as templates write and read them."""

from __future__ import annotations

import json
import math
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezmoi_llm.engine import json_text, toml_text, yaml_text
from chezmoi_llm.engine.values import Int64, Uint64

pytest.importorskip("gotpl", reason="gotpl is not installed")

HOSTILE = 'Fast & "good" 100% $5 - 日本語 🙂'

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8)
PLAIN_TEXT = st.text(st.sampled_from("ab01.:-#{}[]&*!|>'\"%@ \\\né日🙂=<~ytnof_+xe"), max_size=8)


def _data(scalars, keys):
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=8,
    )


COMPACT = {
    "text": (HOSTILE, '"Fast \\u0026 \\"good\\" 100% $5 - 日本語 🙂"'),
    "markup": ("<a>\u2028\u2029", '"\\u003ca\\u003e\\u2028\\u2029"'),
    "controls": ("\t\n\b\f\r\0\x1f\\", '"\\t\\n\\b\\f\\r\\u0000\\u001f\\\\"'),
    "keys": ({"b": 1, "a": [True, None, {}]}, '{"a":[true,null,{}],"b":1}'),
    "floats": (
        [1.0, 0.1, 1e20, 1e21, 1e-6, 1e-7, -0.0],
        "[1,0.1,100000000000000000000,1e+21,0.000001,1e-7,-0]",
    ),
    "integers": ([2**53 + 1, Int64(-1)], "[9007199254740993,-1]"),
}


@pytest.mark.parametrize(("value", "expected"), COMPACT.values(), ids=COMPACT.keys())
def test_compact_json(value, expected):
    assert json_text.compact(value) == expected


def test_pretty_json():
    value = {"b": [1, {}], "a": {"x": "<&>"}, "c": []}

    assert json_text.pretty(value) == (
        '{\n  "a": {\n    "x": "<&>"\n  },\n  "b": [\n    1,\n    {}\n  ],\n  "c": []\n}\n'
    )
    assert json_text.pretty([1], "\t", html=True) == "[\n\t1\n]\n"
    assert json_text.pretty("<", html=True) == '"\\u003c"\n'


@pytest.mark.parametrize("value", [math.nan, math.inf, object()], ids=["nan", "inf", "object"])
def test_json_refuses(value):
    with pytest.raises((TypeError, ValueError), match="json: unsupported"):
        json_text.compact(value)


@given(_data(SCALARS | st.floats(-1e15, 1e15), st.text(max_size=4)))
def test_json_comes_back(value):
    assert json_text.parsed(json_text.compact(value)) == value
    assert json.loads(json_text.pretty(value)) == value


def test_json_numbers_keep_their_kind():
    found = json_text.parsed("[1, 1.0, 1e3, 9223372036854775807, 9223372036854775808]")

    assert [type(number) for number in found] == [Int64, float, float, Int64, float]
    with pytest.raises(ValueError, match="invalid character 'N'"):
        json_text.parsed("NaN")


def test_json_with_comments():
    text = '{"a": [1, 2,], // one\n /* two */ "b": "//no, ]", }'

    assert json_text.parsed_with_comments(text) == {"a": [1, 2], "b": "//no, ]"}


YAML = {
    "mapping": (
        {"b": {"x": 1}, "a": [1, [2, [3]], {"k": 1, "z": {}}]},
        "a:\n- 1\n- - 2\n  - - 3\n- k: 1\n  z: {}\nb:\n  x: 1\n",
    ),
    "scalars": ([None, True, 1.0, 1e6, -5], "- null\n- true\n- 1.0\n- 1e+06\n- -5\n"),
    "floats": ([math.inf, -math.inf, math.nan], "- .inf\n- -.inf\n- .nan\n"),
    "empty": ({"a": [], "b": {}, "c": ""}, 'a: []\nb: {}\nc: ""\n'),
    "several lines": (
        {"a": "x\ny\n", "b": {"c": "x\n\ny"}},
        "a: |\n  x\n  y\nb:\n  c: |-\n    x\n    \n    y\n",
    ),
    "items of several lines": (["x\n\ny", "x\n\n"], "- |-\n  x\n\n  y\n- |+\n  x\n\n"),
    "odd keys": ({"1e3": 1, "yes": 2, "qwen3:8b": 3}, '1e3: 1\nqwen3:8b: 3\n"yes": 2\n'),
    "text": (HOSTILE, '"Fast & \\"good\\" 100% $5 - 日本語 🙂"\n'),
    "plain text": ("Fast & good 100% $5 日本語 🙂", "Fast & good 100% $5 日本語 🙂\n"),
}


@pytest.mark.parametrize(("value", "expected"), YAML.values(), ids=YAML.keys())
def test_yaml_is_written(value, expected):
    assert yaml_text.written(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("", "1", "-5", "1.5", "0x10", "017", "1_000", "99999999999999999999"),
        *("true", "No", "y", "null", "~", "2024-01-02", "2024-01-02T03:04:05Z", "12:30"),
        *("-", "- a", "a: b", "a:", "a #", " a", "*a", "[a", "{a", "a\\b"),
    ],
)
def test_yaml_text_that_is_quoted(value):
    assert yaml_text.written(value) == f"{json.dumps(value)}\n"


@pytest.mark.parametrize(
    "value",
    ["1e3", "08", "1.2.3", "25:00", "2024-13-02", "=", "<<", "?", "a:b", "-a", "NaN", ".inf", "é🙂", "a'b"],
)
def test_yaml_text_that_is_bare(value):
    assert yaml_text.written(value) == f"{value}\n"


# goccy leaves these bare although they mean something else, and gives no indentation to a block that
# begins with an empty line.
UNFAITHFUL = (".inf", "-.inf", ".nan", "<<")
FAITHFUL_TEXT = PLAIN_TEXT.filter(lambda text: text not in UNFAITHFUL and not text.startswith("\n"))
YAML_SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | FAITHFUL_TEXT


@given(_data(YAML_SCALARS, FAITHFUL_TEXT.filter(lambda text: "\n" not in text)))
def test_yaml_comes_back(value):
    assert yaml_text.parsed(yaml_text.written(value)) == value


def test_yaml_is_read_as_chezmoi_reads_it():
    text = (
        "a: 1\nb: [yes, 1e3, 0o17, 017, 1.5, ~, -1]\n1: &x {c: |\n  y\n}\ntrue: {<<: {d: 1, e: 2}, d: 3}\n"
    )
    with pytest.raises(ValueError, match="while"):
        yaml_text.parsed("a: [")

    found = yaml_text.parsed(text.replace("{c: |\n  y\n}", "{c: y}"))

    assert found == {
        "a": 1,
        "b": ["yes", "1e3", 15, 15, 1.5, None, -1],
        "1": {"c": "y"},
        "true": {"d": 3, "e": 2},
    }
    assert (type(found["a"]), type(found["b"][-1])) == (Uint64, Int64)
    assert yaml_text.parsed("") is None
    assert yaml_text.parsed("a: 1\n---\nb: 2\n") == {"a": 1}
    with pytest.raises(ValueError, match='mapping key "a" already defined'):
        yaml_text.parsed("a: 1\na: 2\n")


def test_toml_is_written():
    value = {
        "t": {"u": {"v": 1}, "w": 2},
        "z": 1.0,
        "a b": HOSTILE,
        "n": None,
        "l": [{"k": 1}, {"k": [1, {"x": 2}]}],
    }

    assert toml_text.written(value) == (
        '"a b" = "Fast & \\"good\\" 100% $5 - 日本語 🙂"\nz = 1.0\n\n'
        "[[l]]\n  k = 1\n\n[[l]]\n  k = [1, {x = 2}]\n\n[t]\n  w = 2\n  [t.u]\n    v = 1\n"
    )


TOML_VALUES = (
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8) | st.floats(allow_nan=False)
)


@given(st.dictionaries(st.text(max_size=4), _data(TOML_VALUES, st.text(max_size=4)), max_size=4))
def test_toml_comes_back(value):
    text = toml_text.written(value)

    assert tomllib.loads(text) == value
    assert toml_text.parsed(text) == value


@pytest.mark.parametrize("value", [[{"a": 1}], {"a": [None]}], ids=["list of mappings", "nil in a list"])
def test_toml_refuses(value):
    with pytest.raises(TypeError, match="toml: "):
        toml_text.written(value)

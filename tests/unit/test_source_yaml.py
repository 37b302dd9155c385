"""YAML: values as chezmoi reads them, places of keys and values, and what cannot be read."""

import pytest
import yaml

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Pos
from chezmoi_llm.source import yaml_text


def read(text):
    reading = source.parse(text if isinstance(text, bytes) else text.encode(), ".chezmoi.yaml.tmpl")
    assert [one.message for one in reading.findings] == []
    return reading.document


def said(text, file=".chezmoi.yaml.tmpl"):
    """Return what is said of a text, as ``LINE:COL+WIDTH CODE MESSAGE``."""
    reading = source.parse(text if isinstance(text, bytes) else text.encode(), file)
    return [f"{one.line}:{one.col}+{one.width} {one.code} {one.message}" for one in reading.findings]


VALUES = {
    "empty": ("", {}),
    "comment only": ("# nothing yet\n", {}),
    "null root": ("---\n~\n", {}),
    "quoted": ("a: '1'\nb: \"2\"\nc: 'it''s'\n", {"a": "1", "b": "2", "c": "it's"}),
    "empty values": ("a:\nb: ''\nc: ~\n", {"a": None, "b": "", "c": None}),
    "block list, not indented": ("a:\n- b\n- c\n", {"a": ["b", "c"]}),
    "nested": ("a:\n  - - b\n    - c\n  -   d: e\n      f: g\n", {"a": [["b", "c"], {"d": "e", "f": "g"}]}),
    "literal": ("a: |\n  x\n   y\n\nb: |-\n  z\n", {"a": "x\n y\n", "b": "z"}),
    "folded": ("a: >\n  x\n  y\n\n  z\n", {"a": "x y\nz\n"}),
    "plain over lines": ("a: x\n  y\n\n  z\n", {"a": "x y\nz"}),
    "flow": ("a: [b, c,]\nd: {e: 1, f}\n", {"a": ["b", "c"], "d": {"e": 1, "f": None}}),
    "json": ('{"a":1, "b":["c"]}', {"a": 1, "b": ["c"]}),
    "keys are text": (
        "0x10: a\ntrue: b\n~: c\n1.50: d\n",
        {"16": "a", "true": "b", "null": "c", "1.5": "d"},
    ),
    "uris": ("a: ollama://qwen3:8b\nb: http://x:80/\n", {"a": "ollama://qwen3:8b", "b": "http://x:80/"}),
    "comments": ("a: b # c\nd: e#f\ng: # h\n", {"a": "b", "d": "e#f", "g": None}),
    "percent": ("a: %h/models\nb: [%t]\n", {"a": "%h/models", "b": ["%t"]}),
    "directive": ("%YAML 1.2\n---\na: %x\n", {"a": "%x"}),
    "tabs between": ('a:\tb\t# c\nd: "x\ty"\ne: |\n  x\ty\n', {"a": "b", "d": "x\ty", "e": "x\ty\n"}),
    "a tab in plain text is dropped": ("a: x\ty\n", {"a": "xy"}),
    "odd characters": (
        "a: x\u2028y\nb: x\x85y\nc: \x1b[0m\x7f\nd: \ufeff\n",
        {"a": "x\u2028y", "b": "x\x85y", "c": "\x1b[0m\x7f", "d": "\ufeff"},
    ),
    "icon fonts": (
        "a: \U000f0001\U0010fe00\nb: \U0010fd00\x7f\n",
        {"a": "\U000f0001\U0010fe00", "b": "\U0010fd00\x7f"},
    ),
    "escapes": ('a: "\\x41\\u00e9\\U0001F642\\n\\/"\n', {"a": "A\u00e9\U0001f642\n/"}),
    "surrogate pairs": (
        "a: \"\\ud83d\\ude42!\"\nb: '\\ud83d\\ude42'\n",
        {"a": "\U0001f642!", "b": "\\ud83d\\ude42"},
    ),
    "anchors": ("a: &x {b: 1}\nc: *x\nd: [*x]\n", {"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}]}),
    "the later anchor counts": ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
    "merge": ("a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  k: 3\n", {"a": {"k": 1, "l": 2}, "b": {"k": 3, "l": 2}}),
    "a later merge wins": ("a: &x {k: 1}\nb:\n  k: 3\n  <<: *x\n", {"a": {"k": 1}, "b": {"k": 1}}),
    "merges": (
        "a: &x {k: 1}\nb: &y {k: 2}\nc:\n  <<: [*x, *y]\n",
        {"a": {"k": 1}, "b": {"k": 2}, "c": {"k": 2}},
    ),
    "quoted merge key": ("'<<': a\n", {"<<": "a"}),
    "braces split at colons": (
        "a: {b:1, c:'d', e:f:g, http://x:80, h: i:j, k: [l:m, http://y]}\n",
        {"a": {"b": 1, "c": "d", "e": "f:g", "http://x": 80, "h": "i:j", "k": [{"l": "m"}, "http://y"]}},
    ),
    "brackets do not": ("a: [qwen3:8b]\n", {"a": ["qwen3:8b"]}),
    "standard tags": (
        "a: !!str 123\nb: !!null x\nc: !!map {d: e}\n",
        {"a": "123", "b": None, "c": {"d": "e"}},
    ),
    "crlf": ("a: b\r\nc:\r\n  - d\r\ne: |\r\n  f\r\n", {"a": "b", "c": ["d"], "e": "f\n"}),
    "document marks": ("--- # here\na: b\n...\n", {"a": "b"}),
}


@pytest.mark.parametrize(("text", "data"), VALUES.values(), ids=VALUES)
def test_values(text, data):
    assert read(text).data == data


PLACED = """\
data:
  local_models:
    - name: a      # 日本
      model: ollama://a
      aliases: ['é🙂', b]
      text: |
        one
        two
    -
      name: b
    - c
  defaults: &d
    ttl: 5
  other: *d
  none:
"""
PLACES = {
    ("data",): ((1, 1, 4), (1, 1, 4)),
    ("data", "local_models"): ((2, 3, 12), (2, 3, 12)),
    ("data", "local_models", 0): (None, (3, 7, 4)),
    ("data", "local_models", 0, "name"): ((3, 7, 4), (3, 13, 1)),
    ("data", "local_models", 0, "model"): ((4, 7, 5), (4, 14, 10)),
    ("data", "local_models", 0, "aliases"): ((5, 7, 7), (5, 16, 9)),
    ("data", "local_models", 0, "aliases", 0): (None, (5, 17, 4)),
    ("data", "local_models", 0, "aliases", 1): (None, (5, 23, 1)),
    ("data", "local_models", 0, "text"): ((6, 7, 4), (6, 13, 1)),
    ("data", "local_models", 1): (None, (10, 7, 4)),
    ("data", "local_models", 1, "name"): ((10, 7, 4), (10, 13, 1)),
    ("data", "local_models", 2): (None, (11, 7, 1)),
    ("data", "defaults"): ((12, 3, 8), (12, 3, 8)),
    ("data", "defaults", "ttl"): ((13, 5, 3), (13, 10, 1)),
    ("data", "other"): ((14, 3, 5), (14, 10, 2)),
    ("data", "other", "ttl"): ((13, 5, 3), (13, 10, 1)),
    ("data", "none"): ((15, 3, 4), (15, 3, 4)),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_places(newline):
    document = read(PLACED.replace("\n", newline))
    found = {
        path: (document.keys.get(path), document.values.get(path))
        for path in {*document.keys, *document.values}
    }
    assert found == {
        path: tuple(place and Pos(line=place[0], col=place[1], width=place[2]) for place in places)
        for path, places in PLACES.items()
    }


def test_only_a_line_feed_ends_a_line():
    document = read("# \u2028 \x85 \x0b \x0c\na: x\u2028y\nb: 1\n")
    assert document.keys["b",] == Pos(line=3, col=1, width=1)


def test_same_document_without_libyaml(monkeypatch):
    fast = read(PLACED)
    monkeypatch.setattr(yaml_text, "LOADER", yaml.SafeLoader)
    slow = read(PLACED)
    assert (slow.data, dict(slow.keys), dict(slow.values)) == (
        fast.data,
        dict(fast.keys),
        dict(fast.values),
    )


WRONG = {
    "tab": ("a:\n\tb: 1\n", "2:1+1 LLM001 a tab cannot be used for indentation"),
    "tab after blanks": ("a:\n  - b\n  \t- c\n", "3:3+1 LLM001 a tab cannot be used for indentation"),
    "single quote": ("a: 'x\nb: 1\n", "1:4+1 LLM001 the quote is never closed"),
    "double quote": ('a: 1\nb: "x\n', "2:4+1 LLM001 the quote is never closed"),
    "quote closed by a later one": (
        "a: 'x\nb: 'y'\n",
        "1:4+1 LLM001 the quote is not closed on its line",
    ),
    "no space, first key": ("name:x\nb: 1\n", "1:1+5 LLM001 there is no space after 'name:'"),
    "no space, last key": (
        "- name: a\n  model:ollama://x\n",
        "2:3+6 LLM001 there is no space after 'model:'",
    ),
    "no space, in between": (
        "a:\n  - name: a\n    model:ollama://x\n    ttl: 5\n",
        "3:5+6 LLM001 there is no space after 'model:'",
    ),
    "no space in braces": ("a: {b:[c]}\n", "1:6+1 LLM001 there is no space after ':'"),
    "at sign": ("a: @x\n", "1:4+1 LLM001 a value cannot start with '@'"),
    "backtick": ("a: `x`\n", "1:4+1 LLM001 a value cannot start with '`'"),
    "question mark": ("a: ? b\n", "1:4+1 LLM001 a value cannot start with '? '"),
    "second colon": ("a: b: c\n", "1:5+1 LLM001 a second ': ' in one line"),
    "indented too far": (
        "a: 1\n  b: 2\n",
        "2:3+1 LLM001 'b' is indented more than the keys around it",
    ),
    "indented between": (
        "a:\n   b: 1\n  c: 2\n",
        "3:3+4 LLM001 the indentation of this line fits none of the lines above",
    ),
    "key in a list": (
        "a:\n  - b\n  c: d\n",
        "3:3+4 LLM001 this line stands in a list, but does not start with '- '",
    ),
    "list on the line of its key": ("a: - b\n", "1:4+1 LLM001 a list cannot start on the line of its key"),
    "text after a quote": ("a: 'b' c\n", "1:8+1 LLM001 this text stands behind a value that is complete"),
    "open bracket": ("a: [b, c\nd: e\n", "1:4+1 LLM001 '[' is never closed"),
    "open brace": ("a: {b: c\nd: e\n", "1:4+1 LLM001 '{' is never closed"),
    "brace in a line": ("a: {b: c: d}\n", "1:9+1 LLM001 ',' or '}' is missing here"),
    "closing bracket": ("a: ]\n", "1:4+1 LLM001 a value is expected, but ']' stands here"),
    "escape": ('a: "\\q"\n', "1:5+1 LLM001 this backslash sequence is unknown"),
    "half a pair": ('a: "x\\ud83d"\n', "1:6+6 LLM002 half of a surrogate pair is no character"),
    "text block": ("a: |x\n  y\n", "1:5+1 LLM001 text stands behind the '|' that announces a text"),
    "no anchor": ("a: *x\n", "1:4+2 LLM001 no anchor of this name stands before the alias"),
    "empty alias": ("a: *\n", "1:4+1 LLM001 a name is expected after '*'"),
    "alias of itself": ("a: &a [*a]\n", "1:8+2 LLM006 the alias stands inside the value that it repeats"),
    "alias that becomes null": (
        "a: &a\n  b: &b 1\n  c: *b\n",
        "3:6+2 LLM006 chezmoi reads this alias as null: its anchor stands in a value that has one, too",
    ),
    "merge of a number": (
        "a:\n  <<: 5\n",
        "2:7+1 LLM001 '<<' must be followed by a mapping, or a list of mappings",
    ),
    "python tag": (
        "a: !!python/object/apply:os.system ['true']\n",
        "1:4+1 LLM006 a value that starts with '!' is a YAML tag, which cannot be used here",
    ),
    "own tag": (
        "a: !x y\n",
        "1:4+1 LLM006 a value that starts with '!' is a YAML tag, which cannot be used here",
    ),
    "undefined tag": (
        "a: !x!y z\n",
        "1:4+1 LLM006 a value that starts with '!' is a YAML tag, which cannot be used here",
    ),
    "two documents": (
        "a: b\n---\nc: d\n",
        "2:1+3 LLM006 a second YAML document starts here, and chezmoi reads only the first",
    ),
    "behind the end": ("a: b\n...\nc: d\n", "3:1+1 LLM006 text stands behind the end of the document"),
    "version": ("%YAML 3.0\n---\na: b\n", "1:1+1 LLM006 a YAML directive cannot be used"),
    "list as key": ("? [a]\n: b\n", "1:3+1 LLM006 a key must be text, not a list or a mapping"),
    "list": ("- a\n", "1:1+3 LLM001 the file is a list, but must be keys with values"),
    "one value": ("a\n", "1:1+1 LLM001 the file is one value, but must be keys with values"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read(text, message):
    assert said(text) == [message]


PICKY = {"no space in braces"}
"""What libyaml refuses and PyYAML alone reads."""


@pytest.mark.parametrize("text", [WRONG[name][0] for name in WRONG if name not in PICKY])
def test_same_place_without_libyaml(text, monkeypatch):
    fast = [message.partition("+")[0].partition(":")[0] for message in said(text)]
    monkeypatch.setattr(yaml_text, "LOADER", yaml.SafeLoader)
    assert [message.partition("+")[0].partition(":")[0] for message in said(text)] == fast


def test_keys_that_stand_twice_are_all_named_and_the_first_counts():
    text = "a: 1\nb: {c: 1, c: 2}\na: 2\n'a': 3\n"
    reading = source.parse(text.encode(), "x.yaml")
    assert [(one.line, one.col, one.code, one.message, one.hint) for one in reading.findings] == [
        (3, 1, "LLM005", "the key 'a' is already written on line 1", "keep one of the two"),
        (4, 1, "LLM005", "the key 'a' is already written on line 1", "keep one of the two"),
        (2, 11, "LLM005", "the key 'c' is already written on line 2", "keep one of the two"),
    ]
    assert reading.document.data == {"a": 1, "b": {"c": 1}}


def test_a_value_is_never_repeated_in_a_message():
    for value in ("!hunter2 x", "*hunter2", "@hunter2", "`hunter2", "'hunter2", "[hunter2", "? hunter2"):
        assert all("hunter2" not in message for message in said(f"password: {value}\nb: c\n"))

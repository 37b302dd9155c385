"""YAML: values as chezmoi reads them, places of keys and values, and what cannot be read."""

import pytest
import yaml
from data.yaml_texts import VALUES, WRONG

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

from __future__ import annotations

import pytest

from chezmoi_llm.chezmoi.rootkeys import root_keys

YAML_WITH_SCALARS = """\
# llm: a comment
---
data:
  llm: 1
  text: |
    llm: not a key
  "list": &a
    - llm: 2
'quoted': x
plain words: y
"""


@pytest.mark.parametrize(
    ("kind", "text", "keys"),
    [
        pytest.param("yaml", YAML_WITH_SCALARS, {"data", "quoted"}, id="yaml: only what is indented least"),
        pytest.param("yaml", "  data:\n    llm: 1\n  llm: 2\n", {"data", "llm"}, id="yaml: all indented"),
        pytest.param("yaml", "{data: {llm: 1}, b: 2}", {"data", "b"}, id="yaml: in braces"),
        pytest.param("yaml", "llm:\r\n  a: 1\r\n", {"llm"}, id="yaml: lines that end as in Windows"),
        pytest.param("yaml", "http://llm:8080\n", set(), id="yaml: no space after the colon"),
        pytest.param("yaml", "", set(), id="yaml: empty"),
        pytest.param(
            "json", '{"a": {"llm": 1}, "b": "llm: {", "c": []}', {"a", "b", "c"}, id="json: nested"
        ),
        pytest.param("json", '{// "x": 1\n"llm" /* : */ : {"b": [1]}}', {"llm"}, id="json: comments"),
        pytest.param("json", '[{"llm": 1}]', set(), id="json: a list"),
        pytest.param(
            "toml", "a = 1\n[llm.x]\nb = 2\n[[c]]\nllm = 3\n", {"a", "llm", "c"}, id="toml: tables"
        ),
        pytest.param("toml", "llm = = 1", set(), id="toml: broken"),
        pytest.param("toml", "llm = " + "{a=" * 5000, set(), id="toml: nests too deep"),
        pytest.param("toml", "llm = " + "1" * 5000, set(), id="toml: a number that is too long"),
        pytest.param("json", '{"llm": 1, /* "x": 2}', {"llm"}, id="json: a comment that nobody closes"),
        pytest.param("json", '{"llm": 1, "x: 2}\\', {"llm"}, id="json: a text that nobody closes"),
    ],
)
def test_only_the_keys_at_the_root_are_found(kind, text, keys):
    assert root_keys(text, kind) == keys


@pytest.mark.parametrize("text", ["{{/*", '\\"', "/*"], ids=["comments", "quotes", "only comments"])
def test_a_long_text_of_what_nobody_closes_takes_no_longer_than_another(text):
    assert root_keys(f"{{{text * 250_000}\\", "json") == set()

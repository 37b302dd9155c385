from __future__ import annotations

import json

import pytest

from chezmoi_llm.chezmoi import jsonc


@pytest.mark.parametrize(
    "text", ['{"a": 1} /* b', '{"a": "b // c', '{"a": "b\\'], ids=["comment", "text", "escape"]
)
def test_what_nobody_closes_stays_for_chezmoi_to_complain_of(text):
    assert jsonc.plain(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('// head\n{"a": 1, // one\n "b": [2, /* two */ 3,],\n}', {"a": 1, "b": [2, 3]}),
        ('{"a": "// no, /* comment */ ,]"}', {"a": "// no, /* comment */ ,]"}),
        ('{"a": "\\"//", "b": 1}', {"a": '"//', "b": 1}),
    ],
    ids=["plain", "comments and commas", "in a text", "behind a quote"],
)
def test_comments_and_last_commas_go(text, value):
    assert json.loads(jsonc.plain(text)) == value

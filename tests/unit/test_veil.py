from __future__ import annotations

import pytest

from chezmoi_llm.showing.veil import veiled

VEILED = [
    ("api_key: hunter2 # mine", "api_key: ******* # mine"),
    ("env: {A_KEY: hunter2, MAX_TOKENS: 4}", "env: {A_KEY: *******, MAX_TOKENS: 4}"),
    ("env: {A_KEY: [x, y], B: 4}", "env: {A_KEY: ******, B: 4}"),
    ("- DB_PASSWORD=hun,ter2", "- DB_PASSWORD=********"),
    ('"api_key": "a \\" b", "c": 1', '"api_key": ********, "c": 1'),
    ("args: [--api-key, hunter2, --jinja]", "args: [--api-key, *******, --jinja]"),
    ("run --api-key hunter2 --port 1", "run --api-key ******* --port 1"),
    ("x: hf_abcdefghijklmnopqrstuvwx y", "x: *************************** y"),
    ("model: https://me:hun@ter2@host/x", "model: https://***********@host/x"),
    ("requires_api_key: OPENAI_API_KEY", "requires_api_key: OPENAI_API_KEY"),
    ("secrets: {OPENAI_API_KEY: openai_api_key}", "secrets: {OPENAI_API_KEY: openai_api_key}"),
    ("api_key: true", "api_key: true"),
    ("A_KEY:\n  - x\n  - y\nb: c", "A_KEY:\n  ***\n  ***\nb: c"),
    ("A_KEY:\n- x\nb: c", "A_KEY:\n***\nb: c"),
    ("a:\n  A_KEY: |\n    x\n\n    y\n  b: c", "a:\n  A_KEY: *\n    *\n\n    *\n  b: c"),
    ("- --api-key\n- x\n- y", "- --api-key\n***\n- y"),
    ("- A_PASSWORD\n- x\n- y", "- A_PASSWORD\n***\n- y"),
    ('a_key = """\nx\ny"""\nb = 1', 'a_key = """\n*\n****\nb = 1'),
    ("A_KEY: [x,\ny]\nb: c", "A_KEY: ***\n**\nb: c"),
    ("e: {A_KEY: x, B_KEY:\n  y}\nb: c", "e: {A_KEY: *, B_KEY:\n  **\nb: c"),
    ('k: "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"\nb: c', None),
    ("A_KEY: x\r\nb: c\r", "A_KEY: *\r\nb: c\r"),
]


@pytest.mark.parametrize(("text", "shown"), VEILED, ids=lambda _: None)
def test_secrets_are_starred_out(text, shown):
    assert len(veiled(text)) == len(text)
    if shown is not None:
        assert veiled(text) == shown
    else:
        assert veiled(text).split("\n")[1:] == ["*", "*" * 26, "b: c"]


def test_in_a_broken_text_all_is_starred_out_to_the_next_key():
    text = 'env: {A_KEY "x", b: c}\n  y\nname: z'
    assert veiled(text) == text
    assert veiled(text, is_broken=True) == "env: {A_KEY" + "*" * 11 + "\n***\nname: z"

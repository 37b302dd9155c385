"""Spans are replaced and nothing else; the difference is shown without secrets."""

import pytest

from chezmoi_llm.edits import Edit, apply, unified_diff


def edits(*spans):
    return [Edit(start=start, end=end, text=text) for start, end, text in spans]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([], "abcdef", id="nothing"),
        pytest.param([(2, 4, "X")], "abXef", id="one span"),
        pytest.param([(0, 0, "X"), (6, 6, "Y")], "XabcdefY", id="insertions"),
        pytest.param([(4, 5, ""), (0, 1, "AA")], "AAbcdf", id="in any order"),
        pytest.param([(1, 2, "X"), (2, 3, "Y")], "aXYdef", id="side by side"),
        pytest.param([(3, 3, "X"), (3, 3, "Y")], "abcXYdef", id="two insertions at one place"),
    ],
)
def test_spans_are_replaced(spans, expected):
    assert apply("abcdef", edits(*spans)) == expected


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param([(0, 3, ""), (2, 4, "")], id="overlap"),
        pytest.param([(3, 2, "")], id="backwards"),
        pytest.param([(5, 7, "")], id="behind the end"),
        pytest.param([(-1, 0, "")], id="before the start"),
    ],
)
def test_spans_that_make_no_sense_are_an_error(spans):
    with pytest.raises(ValueError, match="overlaps the edit before it, or leaves the text"):
        apply("abcdef", edits(*spans))


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        pytest.param("a\n", "a\n", [], id="nothing"),
        pytest.param(
            "a\nb\nc\n",
            "a\nX\nc\n",
            ["--- f", "+++ f", "@@ -1,3 +1,3 @@", " a", "-b", "+X", " c"],
            id="a line",
        ),
        pytest.param(
            "a\r\nb\r\n",
            "a\r\nb\r\nc\r\n",
            ["--- f", "+++ f", "@@ -1,2 +1,3 @@", " a", " b", "+c"],
            id="crlf",
        ),
        pytest.param(
            "a",
            "a\nb",
            [
                *("--- f", "+++ f", "@@ -1 +1,2 @@"),
                *("-a", "\\ No newline at end of file", "+a", "+b", "\\ No newline at end of file"),
            ],
            id="no final newline",
        ),
        pytest.param("", "a\n", ["--- f", "+++ f", "@@ -0,0 +1 @@", "+a"], id="an empty file"),
        pytest.param(
            "a\u2028b\x0cc\n",
            "",
            ["--- f", "+++ f", "@@ -1 +0,0 @@", "-a\ufffdb\ufffdc"],
            id="a line feed alone ends a line, and no escape sequence reaches the terminal",
        ),
    ],
)
def test_difference(old, new, lines):
    assert list(unified_diff(old, new, "f")) == lines


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("api_key: hunter2 # mine", "api_key: ******* # mine", id="a key"),
        pytest.param('  "password": "a b", x: 1', '  "password": *****, x: 1', id="in quotes"),
        pytest.param("OPENAI_API_KEY=hunter2", "OPENAI_API_KEY=*******", id="a variable"),
        pytest.param("x: sk-abcdefghijklmnopqrst", "x: ***********************", id="known by its form"),
        pytest.param("{token: abc}", "{token: ***}", id="in braces"),
        pytest.param("api_key: true", "api_key: true", id="a switch"),
        pytest.param("api_key: {{ .key }}", "api_key: {{ .key }}", id="an action"),
        pytest.param("api_key_env: OPENAI_API_KEY", "api_key_env: OPENAI_API_KEY", id="a name"),
        pytest.param("monkey: banana", "monkey: banana", id="another word"),
    ],
)
def test_secrets_are_starred_out(line, shown):
    assert unified_diff(f"{line}\n", "", "f")[-1] == f"-{shown}"

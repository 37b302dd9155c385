"""Values are read again as what was meant, and words become values of the type that a field has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezmoi_llm import source
from chezmoi_llm.editing import fields, writing
from chezmoi_llm.editing.writing import Style

PLAIN = {
    "a word": ("qwen3", "qwen3", "qwen3"),
    "a name": ("qwen3:8b", "qwen3:8b", '"qwen3:8b"'),
    "a uri": ("ollama://qwen3:8b", "ollama://qwen3:8b", "ollama://qwen3:8b"),
    "a path": ("/srv/a b.gguf", "/srv/a b.gguf", '"/srv/a b.gguf"'),
    "a sentence": (
        "It's größer, (really) 100%",
        "It's größer, (really) 100%",
        '"It\'s größer, (really) 100%"',
    ),
    "quotes": ('a "b"', 'a "b"', '"a \\"b\\""'),
    "a backslash": ("a\\b", "a\\b", '"a\\\\b"'),
}
OTHER_THINGS = (
    *("1e3", "yes", "No", "on", "y", "null", "~", "true", "0x1f", "017", "1_0", "1:30", "2024-01-31", ".5"),
    *(
        "+1",
        "-",
        "=",
        "<<",
        "...",
        "---",
        ".inf",
        "#a",
        "a:",
        "[a]",
        "{a}",
        "}}",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
    ),
    *("%a", "@a", "`a", "'a'", ",a", "", "a: b", "a #b", " a", "a ", "- a", "? a"),
)
QUOTED = {
    **{word: f'"{word}"' for word in OTHER_THINGS},
    "{{ .x }}": '"{\\x7b .x }}"',
    "{{{{": '"{\\x7b{\\x7b"',
    "a\n\tb\r\0": '"a\\n\\tb\\r\\x00"',
    "\x85\u2028\ufeff\U000f0000": '"\\x85\\u2028\\ufeff\\U000f0000"',
    "chezmoi:template:left-delimiter=[[": '"chezmoi\\x3atemplate\\x3aleft-delimiter=[["',
}  # fmt: skip


@pytest.mark.parametrize(("value", "in_lines", "in_brackets"), PLAIN.values(), ids=PLAIN)
def test_texts_are_plain_where_that_is_safe(value, in_lines, in_brackets):
    assert writing.text(value, flow=False) == in_lines
    assert writing.text(value, flow=True) == in_brackets


@pytest.mark.parametrize(("value", "written"), QUOTED.items(), ids=map(repr, QUOTED))
def test_texts_are_quoted_where_they_could_be_something_else(value, written):
    assert writing.text(value, flow=False) == writing.text(value, flow=True) == written


def test_quotes_are_those_of_the_neighbour():
    assert writing.text("it's", quote="'") == "'it''s'"
    assert writing.text("a", quote='"') == '"a"'
    assert writing.text("{{", quote="'") == '"{\\x7b"'
    assert writing.text("[[ a", "[[", quote="'") == '"[\\x5b a"'


VALUES = {
    "numbers": ([1, -1, 0.5, 1e-7, 1e22, 3.0], "[1, -1, 0.5, 0.0000001, 10000000000000000000000.0, 3.0]"),
    "words": ({"a": True, "b": [], "c": {}}, "{a: true, b: [], c: {}}"),
    "keys": ({"1e3": "a", "qwen3:8b": "b"}, '{"1e3": a, "qwen3:8b": b}'),
}


@pytest.mark.parametrize(("value", "written"), VALUES.values(), ids=VALUES)
def test_values_on_one_line(value, written):
    assert writing.inline(value, Style()) == written


def test_a_long_list_has_a_line_for_each_item():
    words = [f"--argument-{number}" for number in range(8)]
    assert writing.pair_lines("args", words, Style(step=4)) == [
        "args:",
        *(f'    - "{word}"' for word in words),
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.text(
    alphabet="{}[]:#,'\"\\&*!|>%@`-? \t\n\r.0123456789aeExXoOnNyY~=<é\u2028\x85", max_size=12
)
DELIMITERS = st.sampled_from(["{{", "[[", "<%", "#{"])


@given(TEXTS, TEXTS, DELIMITERS, st.sampled_from(["", "'", '"']))
def test_what_is_written_is_read_again(value, other, delimiter, quote):
    directive = "" if delimiter == "{{" else f"# chezmoi:template:left-delimiter={delimiter}\n"
    style = Style(delimiter=delimiter, quotes={"k": quote})
    lines = [*writing.pair_lines("k", value, style), *writing.pair_lines("l", [value, {"m": other}], style)]
    lines += writing.pair_lines("n", {"o": other}, style)
    reading = source.parse((directive + "\n".join(lines) + "\n").encode(), ".chezmoi.yaml.tmpl")
    assert reading.findings == ()
    assert reading.document.data == {"k": value, "l": [value, {"m": other}], "n": {"o": other}}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_again(value):
    text = f"k: {writing.number(value)}\n"
    assert source.parse(text.encode(), ".chezmoi.yaml.tmpl").document.data == {"k": value}


FIELDS = {
    "a whole number": ("ctx_size", "4096", 4096),
    "another spelling": ("context_length", "4096", 4096),
    "a number": ("ram_required_gb", "5.5", 5.5),
    "a number without a point": ("temp", "1", 1),
    "a number or a word": ("ngl", "all", "all"),
    "a number or a word, a number": ("ngl", "99", 99),
    "a switch": ("force_cpu", "yes", True),
    "a switch or a word": ("flash_attn", "auto", "auto"),
    "a text": ("description", "4096", "4096"),
    "words": ("aliases", "a, b,c", ["a", "b", "c"]),
    "words as json": ("aliases", '["a, b"]', ["a, b"]),
    "no words": ("aliases", "[]", []),
    "a command line": ("args", "--a 'b, c' d\\ e", ["--a", "b, c", "d e"]),
    "a command line as json": ("command", '["a b", "${PORT}"]', ["a b", "${PORT}"]),
    "an open quote": ("args", "it's", "it's"),
    "a mapping": ("metadata", '{"a": 1}', {"a": 1}),
    "rows": ("env", "A=b,C=d", ["A=b", "C=d"]),
    "not a number": ("ctx_size", "4k", "4k"),
    "not a whole number": ("ctx_size", "4096.0", "4096.0"),
    "not a number or nothing": ("temp", "hot", "hot"),
    "not json": ("metadata", "{a}", "{a}"),
    "an unknown field": ("x-y", "1", "1"),
}


@pytest.mark.parametrize(("field", "written", "value"), FIELDS.values(), ids=FIELDS)
def test_words_become_values(field, written, value):
    found = fields.value("local_model", field, written)
    assert (found, type(found)) == (value, type(value))

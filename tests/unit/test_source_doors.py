"""The two doors: encodings, sizes, formats; nothing that bytes may hold raises."""

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chezmoi_llm import source
from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.source import text as limits
from chezmoi_llm.source import yaml_text


def said(data, file=".chezmoi.yaml.tmpl", door=source.parse):
    found = door(data, file).findings
    return [f"{one.line}:{one.col}+{one.width} {one.code} {one.message}" for one in found]


ENCODINGS = {
    "byte order mark": (
        b"\xef\xbb\xbfdata: {}\n",
        "1:1+1 LLM002 the file starts with a byte order mark, and chezmoi then drops all its data",
    ),
    "utf-16": ("data: {}\n".encode("utf-16"), "1:1+1 LLM002 the file is UTF-16, but must be UTF-8"),
    "utf-16 big": (
        "\ufeffdata: {}\n".encode("utf-16-be"),
        "1:1+1 LLM002 the file is UTF-16, but must be UTF-8",
    ),
    "utf-16 without mark": (
        "data: {}\n".encode("utf-16-le"),
        "1:1+1 LLM002 the file is UTF-16, but must be UTF-8",
    ),
    "latin-1": ("a: é\nb: ".encode() + b"caf\xe9\n", "2:7+1 LLM002 byte 0xe9 is not UTF-8"),
    "surrogate": (b"a: \xed\xa0\x80\n", "1:4+1 LLM002 byte 0xed is not UTF-8"),
    "NUL": (b"a: 1\nb: x\0y\n", "2:5+1 LLM002 the file holds a NUL character"),
}


@pytest.mark.parametrize("door", [source.parse, source.parse_plain], ids=["parse", "plain"])
@pytest.mark.parametrize(("data", "message"), ENCODINGS.values(), ids=ENCODINGS)
def test_encodings(data, message, door):
    assert said(data, door=door) == [message]


FILES = {
    ".chezmoi.yaml.tmpl": b"a: 1\n",
    ".chezmoi.yml.tmpl": b"a: 1\n",
    "chezmoi.YAML": b"a: 1\n",
    "/home/me/.config/chezmoi/chezmoi.toml": b"a = 1\n",
    ".chezmoi.toml.tmpl": b"a = 1\n",
    ".chezmoi.json.tmpl": b'{"a": 1}',
    "chezmoi.jsonc": b'{"a": 1,} // x',
}


@pytest.mark.parametrize("file", FILES)
def test_the_name_tells_the_format(file):
    for door in (source.parse, source.parse_plain):
        document = door(FILES[file], file).document
        assert (document.file, document.data) == (file, {"a": 1})


STREAMS = {
    "json": b'\n {"a": 1}',
    "yaml": b"a: 1\n",
    "yaml with braces": b"{a: 1}",
    "yaml comment": b"# a = 1\na: 1\n",
    "toml": b"# x\na = 1\n",
}


@pytest.mark.parametrize("data", STREAMS.values(), ids=STREAMS)
def test_without_a_name_the_text_tells_the_format(data):
    assert source.parse_plain(data, "standard input").document.data == {"a": 1}


def test_a_toml_table_on_a_stream():
    assert source.parse_plain(b"[a]\nb = 1\n", "-").document.data == {"a": {"b": 1}}


def test_plain_text_has_no_actions():
    assert source.parse_plain(b"a: 'x {{ .y }}'\n", "x.yaml").document.data == {"a": "x {{ .y }}"}
    assert source.parse_plain(b"a: 'x {{ .y'\n", "x.yaml").document.data == {"a": "x {{ .y"}


def test_plain_yaml_knows_its_places():
    document = source.parse_plain(b"a:\n  b: 1\n", "x.yaml").document
    assert (document.values["a", "b"].line, document.values["a", "b"].col) == (2, 6)


def test_what_is_wrong_with_a_key_does_not_hide_the_rest():
    reading = source.parse(b"a: 1\na: 2\n", "x.yaml")
    assert (reading.document.data, len(reading.findings), reading.documents) == (
        {"a": 1},
        1,
        (reading.document,),
    )


def test_unreadable_text_is_no_document():
    reading = source.parse(b"a: [\n", "x.yaml")
    assert (reading.document, reading.others, reading.documents) == (None, (), ())


def test_limits(monkeypatch):
    monkeypatch.setattr(yaml_text, "MAX_VALUES", 22)
    assert said(b"a: [" + b"1," * 30 + b"]\n") == ["1:43+1 LLM003 more than 22 values in one file"]
    assert said(b"a: &a [1, 2, 3]\nb: [*a, *a, *a, *a]\n") == [
        "2:17+2 LLM006 aliases repeat each other to more than 22 values or 64 levels"
    ]


def test_limit_of_size():
    message = f"0:0+1 LLM003 the file has {limits.MAX_BYTES + 1} bytes, the limit is {limits.MAX_BYTES}"
    assert said(b"#" * (limits.MAX_BYTES + 1)) == [message]
    assert said(b'{"a": "' + b"x" * limits.MAX_BYTES + b'"}', "x.json", source.parse_plain) == []


BOMBS = {
    "aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"b{n}: &b{n} [{','.join([f'*b{n - 1}' if n else '*a'] * 9)}]\n" for n in range(9)),
    "merges": "a: &a {x: 1}\n" + "b:\n" + "".join(f"  k{n}: {{<<: [*a, *a, *a]}}\n" for n in range(99_999)),
    "levels of aliases": "a: &a [x]\n"
    + "".join(f"b{n}: &b{n} [*{f'b{n - 1}' if n else 'a'}]\n" for n in range(99)),
}
BOUND = "aliases repeat each other to more than 250000 values or 64 levels"


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_bombs(text):
    (finding,) = source.parse(text.encode(), "x.yaml").findings
    assert finding.message in {BOUND, "more than 250000 values in one file"}


DEEP = {
    "flow": "a: " + "[" * 3000,
    "block": "".join(f"{' ' * n}a:\n" for n in range(80)),
    "dashes": "a:\n" + "- " * 3000 + "b\n",
    "template": "{{ if .x }}" * 80 + "{{ end }}" * 80,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_depth(text):
    (finding,) = source.parse(text.encode(), "x.yaml").findings
    assert finding.code == "LLM003"
    assert "nested deeper than 64 levels" in finding.message


def test_many_tabs_at_the_end_of_a_line_in_quotes():
    reading = source.parse(f'a: "b{chr(9) * 99_999}\n  c"\n'.encode(), "x.yaml")
    assert (reading.document.data, reading.findings) == ({"a": "b c"}, ())


PIECES = [
    "{{", "}}", "{{- ", " -}}", "{{/*", "*/}}", "{{ end }}", "{{ if x }}", "{{ else }}", "{{ range .x }}",
    "{{ .x }}", "{{ .x | nindent 2 }}", '"', "'", "`", "\n", "  ", "- ", ": ", "[", "]", "{", "}", ",",
    "|\n", "a", "b: 1\n", "&a ", "*a", "<<: ", "!x ", "\t", "\r\n", "\u2028", "\U0010fe00", "🙂", "# ",
    "\\", " = ", "[[", "]]", "'''", '"""', "0", "%", "? ", "---\n", "...\n", "\ufeff", "\\ud83d", "//",
    "/*", "\0",
]  # fmt: skip
FILE_NAMES = (".chezmoi.yaml.tmpl", ".chezmoi.json.tmpl", ".chezmoi.jsonc.tmpl", ".chezmoi.toml.tmpl", "-")


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(FILE_NAMES))
@settings(max_examples=400)
@example("", "-")
@example("{{", "-")
def test_no_text_raises_and_every_place_is_in_the_text(text, file):
    lines = text.split("\n")
    for door in (source.parse, source.parse_plain):
        reading = door(text.encode(), file)
        assert (reading.document is None) <= bool(reading.findings)
        for one in reading.findings:
            assert 1 <= one.line <= len(lines)
            assert 1 <= one.col <= len(lines[one.line - 1]) + 1
        for document in reading.documents:
            for path, pos in [*document.keys.items(), *document.values.items()]:
                line = lines[pos.line - 1]
                assert 1 <= pos.col <= pos.col + pos.width - 1 <= max(len(line), 1), path


@given(st.binary(max_size=60), st.sampled_from(FILE_NAMES))
@settings(max_examples=200)
def test_no_bytes_raise(data, file):
    for door in (source.parse, source.parse_plain):
        reading = door(data, file)
        assert (reading.document is None) <= bool(reading.findings)


KEYS = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
TREES = st.recursive(
    st.integers(0, 99) | KEYS | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=4), st.data())
@settings(max_examples=100)
def test_keys_stand_where_they_are_said_to(tree, data):
    flow = data.draw(st.sampled_from([None, True, False]))
    text = yaml.safe_dump(tree, default_flow_style=flow, indent=data.draw(st.integers(2, 4)))
    document = source.parse(text.encode(), "x.yaml").document
    assert document.data == tree
    lines = text.split("\n")
    for path, pos in document.keys.items():
        shown = lines[pos.line - 1][pos.col - 1 : pos.col - 1 + pos.width]
        assert shown.strip("'\"") == path[-1]


def test_unknown_is_the_whole_document_if_an_action_writes_it():
    assert source.parse(b'{{ include "x" }}', "x.yaml.tmpl").document.data == {UNKNOWN: UNKNOWN}

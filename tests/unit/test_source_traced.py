"""What a template really rendered to, with places in the template."""

import re

import pytest

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Pos
from chezmoi_llm.review.findings import review
from chezmoi_llm.source.traced import marked, traced

FILE = ".chezmoi.yaml.tmpl"
MARK = re.compile("[\U000f0000-\U0010ffff](\\d+)[\U000f0000-\U0010ffff]")


def render(text, **printed):
    """Return a marked template in which actions print what is said, and blocks are written once."""
    return re.sub(
        rf"({MARK.pattern})?\{{\{{.*?\}}\}}",
        lambda found: (found[1] or "") + printed.get(f"t{found[2]}", ""),
        marked(text),
        flags=re.DOTALL,
    )


def places(text, **printed):
    """Return where each value stands in the template, as ``LINE:COL+WIDTH``."""
    reading = source.parse_rendered(text.encode(), render(text, **printed).encode(), FILE)
    assert reading.findings == ()
    values = reading.document.values
    return {
        ".".join(map(str, path)): f"{pos.line}:{pos.col}+{pos.width}"
        for path, pos in ((path, values[path]) for path in values)
    }


def test_a_mark_stands_before_all_that_prints():
    text = "a: {{- .x -}}\n{{/* c */}}{{ if .y }}b{{ end }}{{ `l` }}\n"
    shown = MARK.sub(r"<\1>", marked(text))
    assert shown == "<0>a:<1>{{- .x -}}{{/* c */}}{{ if .y }}<4>b{{ end }}<6>{{ `l` }}<7>\n"


def test_the_marks_come_out_again():
    text = "a: {{ .x }}\nb: é🙂\r\n"
    assert traced(text, render(text, t1="1\n")).text == "a: 1\n\nb: é🙂\r\n"


def test_values_stand_where_they_are_written_or_computed():
    text = "a: 1\nb: {{ .x }}\nc: x-{{ .x }}-y\n{{ .lines }}\nd: ü 5\n"
    assert places(text, t1="true", t3="é", t5="e: 1\nf: 2") == {
        "a": "1:4+1",
        "b": "2:4+8",
        "c": "3:4+12",
        "e": "4:1+12",
        "f": "4:1+12",
        "d": "5:4+3",
    }


def test_what_a_loop_prints_stands_where_the_loop_is():
    text = "a:\n{{ range .x }}  - b: {{ . }}\n{{ end }}"
    head, body, _ = re.split(r"\{\{ range .x \}\}|\{\{ end \}\}", marked(text))
    output = head + "".join(body.replace("{{ . }}", word) for word in "xy")
    reading = source.parse_rendered(text.encode(), output.encode(), FILE)
    assert reading.document.data == {"a": [{"b": "x"}, {"b": "y"}]}
    assert reading.document.values["a", 1, "b"] == Pos(line=2, col=22, width=7)


def test_a_text_that_nobody_can_read_is_shown_in_the_template():
    text = "data:\n  a: {{ .x }}\n"
    (one,) = source.parse_rendered(text.encode(), render(text, t1='"').encode(), FILE).findings
    assert (one.line, one.col, one.width, one.code) == (2, 6, 8, "LLM001")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".chezmoi.json.tmpl", '{"data": {"a": {{ .x }}}}\n'),
        (".chezmoi.toml.tmpl", "[data]\na = {{ .x }}\n"),
    ],
    ids=["json", "toml"],
)
def test_other_formats(file, text):
    reading = source.parse_rendered(text.encode(), render(text, t1="[1, 2]").encode(), file)
    assert reading.document.data == {"data": {"a": [1, 2]}}
    pos = reading.document.values["data", "a"]
    assert text.split("\n")[pos.line - 1][pos.col - 1 :].startswith("{{ .x }}")


TEXT = """\
data:
  local_models:
    - name: a
      model: ollama://a
      ctx_size: {{ .x }}   # chezmoi-llm: ignore LLM103
      ttl: {{ .y }}
"""


def said(*renders):
    outputs = [render(TEXT, **one).encode() for one in renders]
    found = review(TEXT.encode(), FILE, renders=outputs)
    return [f"{one.line}:{one.col} {one.code} {one.message}" for one in found if one.code != "LLM405"]


def test_a_finding_of_the_render_stands_beside_those_of_the_text():
    assert said({"t1": "8192", "t3": "-1"}) == ["6:12 LLM103 'ttl' is -1, but must be from 0 to 31536000"]


def test_what_a_comment_ignores_may_be_seen_in_the_render_alone():
    assert said() == []


def test_a_comment_ignores_what_the_render_shows():
    assert said({"t1": "-1", "t3": "1"}) == []


def test_only_what_is_wrong_with_every_answer_is_reported():
    assert said({"t1": "'one'", "t3": "no"}, {"t1": "'another'", "t3": "no"}) == [
        "6:12 LLM102 'ttl' is 'no', but must be a whole number"
    ]

"""Templates of the person's that read the list as it was written."""

from functools import partial

import pytest

from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.review import own_templates
from chezmoi_llm.review.mending import fixed

FILE = "dot_config/x.tmpl"
LISTS = {"data": {"local_models": [], "cloud_models": []}}


def said(text, config=LISTS):
    found = own_templates.findings(text, FILE, config)
    return [f"{one.line}:{one.col}+{one.width} {one.code} {one.message}; {one.hint}" for one in found]


def moved(text, config=LISTS):
    judge = partial(own_templates.findings, file=FILE, config=config)
    return fixed(text.encode(), lambda data: judge(data.decode())).decode()


def test_a_finding_stands_at_the_field():
    what = "'.local_models' is the list as it was written, without what follows from it"
    text = "# models\n{{ range .local_models }}{{ .name }}{{ end }}\n"
    assert said(text) == [f"2:10+13 LLM109 {what}; read .llm.local_models"]


@pytest.mark.parametrize(
    ("data", "is_told"),
    [
        ({}, True),
        ({"published_ports": {"litellm": 4000}}, True),
        ({"published_ports": {"llama_swap": 9292}}, False),
        ({"published_ports": UNKNOWN}, False),
        ({"published_ports": {UNKNOWN: UNKNOWN}}, False),
        ({UNKNOWN: UNKNOWN}, False),
        (UNKNOWN, False),
        (None, False),
    ],
)
def test_what_nobody_wrote_is_read_from_the_document(data, is_told):
    text = "localhost:{{ .published_ports.llama_swap }}"
    what = "'.published_ports.llama_swap' is not in your data, and chezmoi stops there"
    config = {"data": data}
    assert said(text, config) == [f"1:14+27 LLM109 {what}; read .llm.ports.llama_swap"] * is_told
    assert moved(text, config) == ("localhost:{{ .llm.ports.llama_swap }}" if is_told else text)


def test_an_url_that_nobody_wrote_is_read_from_the_document():
    assert moved("{{ range .a }}{{ $.urls.open_webui }}{{ end }}") == (
        "{{ range .a }}{{ $.llm.urls.open_webui }}{{ end }}"
    )
    assert said("{{ .urls.mine }}{{ .published_ports.mine }}{{ .urls }}") == []


DELIMITERS = "# chezmoi:template:left-delimiter=[[ right-delimiter=]]\n"
MOVED = {
    "a loop": ("{{ range .local_models }}{{ end }}", "{{ range .llm.local_models }}{{ end }}"),
    "the root": (
        "{{ range .a }}{{ $.cloud_models }}{{ end }}",
        "{{ range .a }}{{ $.llm.cloud_models }}{{ end }}",
    ),
    "an argument": ("{{ len (index .local_models 0) }}", "{{ len (index .llm.local_models 0) }}"),
    "piped": ("{{ .local_models|toJson }}", "{{ .llm.local_models|toJson }}"),
    "assigned": ("{{- $m:=.local_models -}}", "{{- $m:=.llm.local_models -}}"),
    "in an if": ("{{ if .x }}{{ .local_models }}{{ end }}", "{{ if .x }}{{ .llm.local_models }}{{ end }}"),
    "in an else": (
        "{{ range .x }}{{ else }}{{ .local_models }}{{ end }}",
        "{{ range .x }}{{ else }}{{ .llm.local_models }}{{ end }}",
    ),
    "behind a loop": (
        "{{ range .x }}{{ end }}{{ .local_models }}",
        "{{ range .x }}{{ end }}{{ .llm.local_models }}",
    ),
    "two in one": (
        "{{ list .local_models .cloud_models }}",
        "{{ list .llm.local_models .llm.cloud_models }}",
    ),
    "crlf": ("a\r\n{{ .local_models }}\r\n", "a\r\n{{ .llm.local_models }}\r\n"),
    "other delimiters": (
        f"{DELIMITERS}[[ .local_models ]] {{{{ .local_models }}}}",
        f"{DELIMITERS}[[ .llm.local_models ]] {{{{ .local_models }}}}",
    ),
}


@pytest.mark.parametrize(("old", "new"), MOVED.values(), ids=MOVED)
def test_what_is_moved(old, new):
    assert moved(old) == new
    assert said(new) == []


LEFT = {
    "text": "range .local_models",
    "a comment": "{{/* .local_models */}}",
    "a string": '{{ ".local_models" }}{{ `.local_models` }}',
    "the new place": "{{ .llm.local_models }}{{ $.llm.local_models }}",
    "a variable": "{{ $x.local_models }}",
    "a field of something else": "{{ .hosts.local_models }}{{ (index .a 0).local_models }}",
    "a longer name": "{{ .local_models_dir }}{{ .my_local_models }}",
    "inside a loop": "{{ range .hosts }}{{ .local_models }}{{ end }}",
    "inside a with": "{{ with .host }}{{ if .x }}{{ .local_models }}{{ end }}{{ end }}",
    "in the with of an else": "{{ with .a }}{{ else with .b }}{{ .local_models }}{{ end }}",
    "a template of its own": '{{ define "x" }}{{ .local_models }}{{ $.local_models }}{{ end }}',
    "models of the person's": "{{ .models.local }}{{ .models }}",
    "unreadable": "{{ .local_models ",
}


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_what_is_left_alone(text):
    assert said(text) == []
    assert moved(text) == text


def test_both_lists_in_models():
    config = {"data": {"models": {"local": [], "cloud": []}}}
    old = "{{ .models.local }}{{ $.models.cloud }}{{ .models.other }}"
    assert moved(old, config) == "{{ .llm.local_models }}{{ $.llm.cloud_models }}{{ .models.other }}"


@pytest.mark.parametrize(
    ("text", "config"),
    [
        ("{{ .local_models.qwen }}", LISTS),
        (
            "{{ range $name, $m := .local_models }}{{ end }}",
            {"data": {"local_models": {"qwen": "ollama://q"}}},
        ),
        ("{{ .local_models }}", {"data": {"local_models": UNKNOWN}}),
        ("{{ .local_models }}", {"data": {UNKNOWN: UNKNOWN}}),
        ("{{ .local_models }}", {}),
    ],
    ids=["a key of it", "a mapping", "unknown", "perhaps there", "no config"],
)
def test_what_the_person_has_to_move(text, config):
    assert len(said(text, config)) == 1
    assert moved(text, config) == text


def test_a_comment_leaves_it_out():
    text = "{{/* chezmoi-llm: ignore LLM109 */}}\n{{ .local_models }}\n"
    assert said(text) == []
    assert moved(text) == text
    assert [one.split()[1] for one in said("{{ .x }} {{/* chezmoi-llm: ignore LLM999 */}}")] == ["LLM108"]

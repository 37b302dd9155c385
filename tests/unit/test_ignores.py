"""Ignore comments: what they take out of a report, and what is wrong with them."""

import pytest

from chezmoi_llm import source
from chezmoi_llm.review.findings import review


def said(text, file=".chezmoi.yaml.tmpl"):
    """Return what is left to say of a text, as ``LINE:COL+WIDTH CODE MESSAGE``, notes left out."""
    found = (one for one in review(text.encode(), file) if one.severity < 2)
    return [f"{one.line}:{one.col}+{one.width} {one.code} {one.message}" for one in found]


PORTS = "data:\n  published_ports:\n"
LEFT = "the published port of litellm is 81; rootless containers cannot open ports below 1024"

HEEDED = {
    "on its line": "    litellm: 81 # chezmoi-llm: ignore LLM308\n",
    "behind another comment": "    litellm: 81 # why not  # chezmoi-llm: ignore LLM308\n",
    "small letters": "    litellm: 81 # chezmoi-llm: ignore llm308\n",
    "a reason": "    litellm: 81 # chezmoi-llm: ignore LLM308 -- Caddy is not there yet\n",
    "little space": "    litellm: 81 #chezmoi-llm:ignore LLM308\n",
    "crlf": "    litellm: 81 # chezmoi-llm: ignore LLM308\r\n",
    "above": "    # chezmoi-llm: ignore LLM308\n    litellm: 81\n",
    "above, behind another comment": "    # why  # chezmoi-llm: ignore LLM308\n    litellm: 81\n",
    "above, with comments between": (
        "  # chezmoi-llm: ignore LLM308\n\n    # more\n    {{- /* x */}}\n    litellm: 81\n"
    ),
    "of the template": "    litellm: 81 {{/* chezmoi-llm: ignore LLM308 */}}\n",
    "of the template, trimmed": "    litellm: 81 {{- /* chezmoi-llm: ignore LLM308 */}}\n",
    "of the template, above": "    {{- /* chezmoi-llm: ignore LLM308 */}}\n    litellm: 81\n",
    "of the template, over lines": "{{/* x\n chezmoi-llm: ignore LLM308\n*/}}\n    litellm: 81\n",
    "in a block": "{{ if .x }}\n    litellm: 81 # chezmoi-llm: ignore LLM308\n{{ end }}\n",
    "above, before many comments": (
        "    # chezmoi-llm: ignore LLM308\n    " + "{{/* x * / */}}" * 64 + "litellm: 81\n"
    ),
    "a reason far away": f"    litellm: 81 # chezmoi-llm: ignore LLM308{' ' * 50_000}--\n",
    "two codes": "    litellm: 81 # chezmoi-llm: ignore LLM308, LLM102\n    llama_swap: 'x'\n",
}


@pytest.mark.parametrize("lines", HEEDED.values(), ids=HEEDED)
def test_it_takes_the_finding_out(lines):
    assert [one for one in said(PORTS + lines) if "LLM308" in one] == []


UNHEEDED = {
    "another line": "    # chezmoi-llm: ignore LLM308\n    llama_swap: 9292\n    litellm: 81\n",
    "another code": "    litellm: 81 # chezmoi-llm: ignore LLM307\n",
    "in a text": "    litellm: 81\n    x-note: '# chezmoi-llm: ignore LLM308'\n",
    "in a text of lines": "    x-note: |\n      # chezmoi-llm: ignore LLM308\n    litellm: 81\n",
    "no blank before it": "    x-note: a#chezmoi-llm:ignore LLM308\n    litellm: 81\n",
    "prose": "    # chezmoi-llm: where it listens\n    litellm: 81\n",
}


@pytest.mark.parametrize("lines", UNHEEDED.values(), ids=UNHEEDED)
def test_it_takes_nothing_else_out(lines):
    assert [one for one in said(PORTS + lines) if "LLM308" in one and LEFT in one]


def test_errors_can_be_ignored_too_since_the_hook_judges_what_comes_of_the_template():
    assert said("data:\n  local_models:\n    - name: a\n      ttll: 3 # chezmoi-llm: ignore LLM101\n") == [
        "3:7+4 LLM104 model 'a' has no 'model'"
    ]


def test_braces_in_a_document_begin_no_action():
    reading = source.parse_plain(b"a: 1 # chezmoi-llm: ignore LLM308 {{\n", "x.yaml")
    assert [remark.said for remark in reading.remarks] == ["ignore LLM308 {{"]
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            ".chezmoi.toml.tmpl",
            """[data.published_ports]\nlitellm = 81 # chezmoi-llm: ignore LLM308\na = "# chezmoi-llm:"\n""",
        ),
        (
            ".chezmoi.jsonc.tmpl",
            '{"data": {"published_ports": {\n  // chezmoi-llm: ignore LLM308\n  "litellm": 81\n}}}\n',
        ),
        (
            ".chezmoi.json.tmpl",
            '{"data": {"published_ports": {\n  "litellm": 81 {{/* chezmoi-llm: ignore LLM308 */}}\n}}}\n',
        ),
    ],
    ids=["toml", "jsonc", "json"],
)
def test_other_formats(file, text):
    assert said(text, file) == []


COMPLAINTS = {
    "nothing to ignore": (
        "    litellm: 8100 # chezmoi-llm: ignore LLM308\n",
        "3:41+6 LLM108 there is no LLM308 to ignore on line 3",
    ),
    "nothing to ignore below": (
        "    litellm: 8100\n    # chezmoi-llm: ignore LLM308\n",
        "4:27+6 LLM108 there is no LLM308 to ignore behind this comment",
    ),
    "one of two": (
        "    litellm: 81 # chezmoi-llm: ignore LLM308 LLM404\n",
        "3:46+6 LLM108 there is no LLM404 to ignore on line 3",
    ),
    "unknown code": (
        "    litellm: 8100 # chezmoi-llm: ignore LLM888\n",
        "3:41+6 LLM108 there is no code 'LLM888'",
    ),
    "unreadable": (
        "    litellm: 8100 # chezmoi-llm: ignore LLM005\n",
        "3:41+6 LLM108 LLM005 cannot be ignored: chezmoi itself could not read the file",
    ),
    "no code": (
        "    litellm: 8100 # chezmoi-llm: ignore\n",
        "3:34+6 LLM108 this comment names no code to ignore",
    ),
    "mistyped": (
        "    litellm: 8100 # chezmoi-llm: ignor LLM308\n",
        "3:34+12 LLM108 'ignor' says nothing to chezmoi-llm",
    ),
}


@pytest.mark.parametrize(("lines", "complaint"), COMPLAINTS.values(), ids=COMPLAINTS)
def test_complaints(lines, complaint):
    assert said(PORTS + lines) == [complaint]


def test_nothing_is_useless_while_there_are_errors():
    """One may hide what the comment is for."""
    assert said(PORTS + "    litellm: '81' # chezmoi-llm: ignore LLM308\n") == [
        "3:14+4 LLM102 'litellm' is '81', but must be a whole number"
    ]

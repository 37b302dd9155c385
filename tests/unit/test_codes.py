"""The sections of codes.md as a program reads them."""

import re

import pytest

from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.review import codes


def test_a_section_for_a_terminal():
    text = codes.plain_text(codes.sections()["LLM105"])
    assert text.startswith("LLM105 out of place\n\nA key stands where it cannot be.")
    pages = "https://github.com/chezmoi-llm/chezmoi-llm/blob/main/docs"
    assert f"see\nsecrets ({pages}/how-to/secrets.md)." in text
    assert "\nThis is wrong:\n\n    local_models:\n      - name: qwen3-8b\n" in text
    assert "\n    .chezmoi.yaml.tmpl:1:1: LLM105 'local_models' cannot stand here" in text
    assert text.endswith("\nThis is right:\n\n" + "    data:\n" + text.rpartition("    data:\n")[2])


def test_a_section_knows_how_bad_it_is_and_where_it_stands():
    section = codes.sections()["LLM305"]
    assert section.severity is Severity.ERROR
    assert section.url.endswith("/docs/reference/codes.md#llm305-word-that-llama-swap-would-replace")
    assert codes.sections()["LLM308"].severity is Severity.WARNING
    assert codes.sections()["LLM405"].severity is Severity.NOTE


def test_a_section_for_another_page():
    text = codes.markdown(codes.sections()["LLM105"])
    pages = "https://github.com/chezmoi-llm/chezmoi-llm/blob/main/docs"
    assert f"[secrets]({pages}/how-to/secrets.md)" in text
    assert text.endswith("```\n")


@pytest.mark.parametrize("section", codes.sections().values(), ids=lambda section: section.code)
def test_every_code_can_be_explained(section):
    assert re.fullmatch(r"LLM\d{3} .+\n\n[^\n]", codes.plain_text(section)[: len(section.title) + 10])
    assert codes.plain_text(section).count("\nThis is ") == 2

"""Nothing is said of what is right: neither in plain templates, nor in what people do with actions."""

import pytest
from data.right_templates import FILES

from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.review.findings import review


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("file", "text"), FILES.values(), ids=FILES)
def test_nothing_is_wrong(file, text, newline):
    found = review(text.replace("\n", newline).encode(), file)
    assert [one for one in found if one.severity < Severity.NOTE] == []


@pytest.mark.parametrize("action", ["shellQuote .a", "gopassCat `a`", "debugf `a`", ".chezmoi.flags"])
def test_words_of_releases_to_come_are_known(action):
    """chezmoi's main branch has them; the real chezmoi of the other tests need not."""
    text = f"data:\n  a: {{{{ {action} | quote }}}}\n  local_models: []\n"
    assert [one for one in review(text.encode(), ".chezmoi.yaml.tmpl") if one.code == "LLM004"] == []

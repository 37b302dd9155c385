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

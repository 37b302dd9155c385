"""What a runner cannot start, and how the same model is written so that it can."""

from __future__ import annotations

import pytest

from chezmoi_llm.expand import judge

OTHERWISE = "use ollama://, hf://, oci://, ms://, rlcr:// or a path; RamaLama cannot fetch https://"
PAGES = {
    "https://huggingface.co/org/name": "write 'hf://org/name'",
    "https://huggingface.co/org/name/": "write 'hf://org/name'",
    "https://huggingface.co/org/name/resolve/main/a/b.gguf?download=true": "write 'hf://org/name/a/b.gguf'",
    "https://huggingface.co/org/name/blob/main/b.gguf": "write 'hf://org/name/b.gguf'",
    "https://huggingface.co/org": OTHERWISE,
    "https://example.org/huggingface.co/org/name": OTHERWISE,
}


@pytest.mark.parametrize(("uri", "hint"), PAGES.items(), ids=PAGES)
def test_the_page_of_a_model_is_written_by_its_name(uri, hint):
    findings = judge({"data": {"local_models": [{"name": "a", "model": uri}]}}).findings
    assert [one.hint for one in findings if one.code == "LLM301"] == [hint]

"""Who has which role after an edit, as the person is told below the difference."""

from __future__ import annotations

import pytest

from chezmoi_llm.editing import page
from chezmoi_llm.editing.handovers import handovers

TWO = ["a: ollama://a", "b: ollama://b"]
EMBEDDING = "e: {model: ollama://e, kind: embedding}"

CASES = {
    "the first chat model goes": (TWO, TWO[1:], ["the chat model is now 'b', it was 'a'"]),
    "another goes": (TWO, TWO[:1], []),
    "the last one goes": (TWO[:1], [], ["the chat model is now none, it was 'a'"]),
    "the only embedding model goes": (
        [*TWO, EMBEDDING],
        TWO,
        ["the embedding model is now none, it was 'e'"],
    ),
    "one gets another name": (TWO, ["c: ollama://a", TWO[1]], []),
    "one comes": (TWO, [*TWO, EMBEDDING], []),
    "another kind is written": (TWO, [TWO[0], "b: {model: ollama://b, kind: embedding}"], []),
    "another kind follows": (
        TWO,
        [TWO[0], "b: {model: ollama://b, roles: [embedding]}"],
        ["'b' is for embedding alone now, it was for chat"],
    ),
}


@pytest.mark.parametrize(("before", "after", "said"), CASES.values(), ids=CASES)
def test_roles_go_on(before, after, said):
    pages = (
        page(f"data:\n  local_models: {{{', '.join(models)}}}\n", ".chezmoi.yaml.tmpl")
        for models in (before, after)
    )
    assert list(handovers(*pages)) == said

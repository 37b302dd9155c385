"""Lines of a hook that chezmoi passes over: where they stand, what is said, and what mends it."""

from __future__ import annotations

import pytest

from chezmoi_llm.review.findings import review
from chezmoi_llm.review.mending import fixed

PRE = "    pre: {command: x}\n"

CASES = {
    "one letter short": (f"hook:\n  read-source-state:\n{PRE}", (1, 1, "'hook'", "did you mean 'hooks'?")),
    "another word": (f"events:\n  read-source-state:\n{PRE}", (1, 1, "'events'", "did you mean 'hooks'?")),
    "beside the right key": (
        f"hooks: {{apply: {{post: {{command: x}}}}}}\nhook:\n  read-source-state:\n{PRE}",
        (2, 1, "'hook'", "move what is in it to hooks"),
    ),
    "below data": (
        f"data:\n  hooks:\n    read-source-state:\n  {PRE}",
        (2, 3, "'hooks'", "move it out of data:, to the left margin"),
    ),
    "underscores": (
        f"hooks:\n  read_source_state:\n{PRE}",
        (2, 3, "'read_source_state'", "did you mean 'read-source-state'?"),
    ),
    "no moment": (
        "hooks:\n  read-source-state:\n    command: x\n",
        (3, 5, "'command'", "write pre: above it, and indent it below that"),
    ),
    "wrong moment": (
        "hooks:\n  read-source-state:\n    per: {command: x}\n",
        (3, 5, "'per'", "did you mean 'pre'?"),
    ),
    "no program": (
        "hooks:\n  read-source-state:\n    pre:\n      run: x\n",
        (4, 7, "'run'", "write command: and the program to run"),
    ),
    "nearly a program": (
        "HOOKS:\n  read-source-state:\n    pre:\n      comand: x\n      args: [a]\n",
        (4, 7, "'comand'", "did you mean 'command'?"),
    ),
}


@pytest.mark.parametrize(("text", "said"), CASES.values(), ids=CASES)
def test_what_chezmoi_passes_over_is_said_at_its_key(text, said):
    (found,) = review(text.encode(), "c")
    line, column, key, hint = said
    assert (found.code, found.line, found.col, found.hint) == ("LLM111", line, column, hint)
    assert found.message == f"{key} is passed over by chezmoi, so that the hook does not run"


MENDED = {
    "one letter short": "hooks:",
    "underscores": "read-source-state:",
    "wrong moment": "pre:",
    "nearly a program": "command:",
}


@pytest.mark.parametrize(("name", "line"), MENDED.items(), ids=MENDED)
def test_a_typo_is_mended(name, line):
    text = CASES[name][0].encode()
    after = fixed(text, lambda data: review(data, "c"))
    assert line in after.decode()
    assert review(after, "c") == ()


SILENT = {
    "right": f"hooks:\n  read-source-state:\n{PRE}",
    "in capitals": f"Hooks:\n  read-source-state:\n{PRE}",
    "a script after": "hooks:\n  read-source-state:\n    post: {script: x}\n",
    "other events": "hooks:\n  read-source: {command: x}\n  apply: {post: {command: x}}\n",
    "other data": "data:\n  hooks: {apply: x}\n  hook: x\n",
    "made by the template": "hooks:\n  read-source-state:\n    pre:\n      {{ .program }}\n",
    "empty": "hooks:\n  read-source-state:\n",
    "a list": "hooks: [read-source-state]\n",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_of_a_hook_that_runs_or_is_not_ours_nothing_is_said(text):
    assert review(text.encode(), "c") == ()

"""The real chezmoi runs the hook exactly where ``check`` says nothing of its lines."""

from __future__ import annotations

import pytest
from realprograms.chezmoi import Home

from chezmoi_llm.review.findings import review

pytestmark = pytest.mark.real("chezmoi")

RUN = "{command: touch, args: [ran]}"

LINES = {
    "right": f"hooks: {{read-source-state: {{pre: {RUN}}}}}",
    "in capitals": f"HOOKS: {{read-source-state: {{pre: {RUN}}}}}",
    "afterwards": f"hooks: {{read-source-state: {{post: {RUN}}}}}",
    "one letter short": f"hook: {{read-source-state: {{pre: {RUN}}}}}",
    "below data": f"data: {{hooks: {{read-source-state: {{pre: {RUN}}}}}}}",
    "underscores": f"hooks: {{read_source_state: {{pre: {RUN}}}}}",
    "no moment": f"hooks: {{read-source-state: {RUN}}}",
    "wrong moment": f"hooks: {{read-source-state: {{per: {RUN}}}}}",
    "no program": "hooks: {read-source-state: {pre: {run: touch, args: [ran]}}}",
}


@pytest.mark.parametrize("text", LINES.values(), ids=LINES)
def test_chezmoi_agrees(tmp_path, text):
    home = Home.make(tmp_path)
    home.config.mkdir(parents=True)
    (home.config / "chezmoi.yaml").write_text(text, encoding="utf-8")
    done = home.run("status")
    assert (done.returncode, done.stderr) == (0, "")
    assert (home.path / "ran").exists() == (review(text.encode(), "chezmoi.yaml") == ())

"""``chezmoi-llm render`` as a person calls it."""

from __future__ import annotations

import json

from click.testing import CliRunner

from chezmoi_llm.world.cli import group


def test_of_a_service_that_is_off_comes_nothing_and_that_is_said(tmp_path):
    data = tmp_path / "data.json"
    services = {"open_webui": {"enabled": False}}
    data.write_text(json.dumps({"data": {"llm_stack": {"services": services}}}))
    done = CliRunner().invoke(group, ["render", "--data", str(data), "open_webui"])
    said = "chezmoi-llm: no file comes of it: what is asked for is switched off\n"
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", said)

"""``explain``: each value with who said it, for models of this machine and of providers."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from chezmoi_llm.world.cli import group

LIST = """\
data:
  local_models:
    - {id: mine, ttl: 60, n_gpu_layers: 7}
  cloud_models:
    - {id: theirs, name: other}
    - {name: gone, model: openai/gone, enabled: false}
  llm_stack:
    task_model: mine
    defaults: {threads: 4}
"""
LOCAL = {"model": "ollama://mine", "ctx_size": 4096, "description": "safe \u202eton"}
CLOUD = {"model": "openai/theirs", "max_output": 100, "pricing": {"input_per_1m": 2}}


@pytest.fixture
def explained(tmp_path, monkeypatch):
    """Return a function that runs ``explain`` on a list whose models are in a store."""
    for key, entry in (("local/mine", LOCAL), ("cloud/theirs", CLOUD)):
        file = tmp_path / ".llm/models" / f"{key}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(entry))
    (tmp_path / "list.yaml").write_text(LIST)
    monkeypatch.chdir(tmp_path)

    def run(name):
        done = CliRunner().invoke(group, ["explain", name, "--data", "list.yaml"], standalone_mode=False)
        if done.exception:
            return str(done.exception)
        return dict(line.split(maxsplit=1) for line in done.stdout.splitlines())

    return run


def test_a_local_model(explained):
    said = explained("mine")
    assert said["name"] == "mine  (derived: its ID)"
    assert said["ctx_size"] == "4096  (store: .llm/models/local/mine.json)"
    assert said["ttl"] == "60  (written)"
    assert said["ngl"] == "7  (written: as n_gpu_layers)"
    assert said["threads"] == "4  (defaults: from llm_stack.defaults)"
    assert said["task_model"] == "mine  (written: in llm_stack)"
    assert said["description"] == "safe \ufffdton  (store: .llm/models/local/mine.json)"


def test_a_cloud_model(explained):
    assert explained("other") == {
        "name": "other  (written)",
        "id": "theirs  (written)",
        "display_name": "other  (derived: its name)",
        "model": "openai/theirs  (store: .llm/models/cloud/theirs.json)",
        "provider": "openai  (derived: the part of model before the slash)",
        "enabled": "true  (default)",
        "max_output": "100  (store: .llm/models/cloud/theirs.json)",
        "api_key_env": "OPENAI_API_KEY  (derived: where LiteLLM looks for the key of the provider)",
        "pricing": '{"input_per_1m": 2, "output_per_1m": 0}  (store: .llm/models/cloud/theirs.json)',
    }


def test_each_server_of_one_name(tmp_path):
    far = {"name": "far", "model": "openai/far"}
    off = {**far, "api_base": "http://off:1/v1", "enabled": False}
    models = [far, {**far, "api_base": "http://box:1/v1"}, off]
    file = tmp_path / "list.json"
    file.write_text(json.dumps({"data": {"cloud_models": models}}))
    done = CliRunner().invoke(group, ["explain", "far", "--data", str(file)])
    own, there = done.stdout.split("\n\n")
    assert "api_key_env   OPENAI_API_KEY  (derived: where LiteLLM looks for the key of the provider)" in own
    assert "api_base      http://box:1/v1  (written)" in there
    why = "the provider asks for none, or OpenAI's would go to another server"
    assert f'api_key_env   ""  (derived: {why})' in there


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("othe", "there is no enabled model 'othe'; did you mean 'other'?"),
        ("gone", "'gone' is disabled, so that nothing follows from it"),
    ],
)
def test_a_model_that_is_not_there(explained, name, said):
    assert explained(name) == said

"""Which secrets a stack needs, as ``chezmoi-llm secrets`` tells it."""

from __future__ import annotations

import pytest

from chezmoi_llm.expand import judge
from chezmoi_llm.resolve import resolve
from chezmoi_llm.views.secret_report import waiting

LOCAL = {"name": "a", "model": "hf://x/a"}
CLOUD = {"name": "c", "model": "openai/c"}


@pytest.mark.parametrize(
    ("missing", "services", "units"),
    [
        pytest.param("openai_api_key", {}, ("litellm.service",), id="a provider's"),
        pytest.param(
            "llama_swap_api_key", {}, ("litellm.service", "llama-swap.service"), id="of the stack"
        ),
        pytest.param("webui_secret_key", {}, ("open-webui.service",), id="with a dash"),
        pytest.param(
            "llama_swap_api_key",
            {"ramalama": {"units": True}, "llama_swap": {"enabled": False}},
            ("litellm.service", "ramalama-a.service"),
            id="models of their own",
        ),
    ],
)
def test_who_waits_for_a_secret(missing, services, units):
    data = {"local_models": [LOCAL], "cloud_models": [CLOUD], "llm_stack": {"services": services}}
    judged = judge({"data": data})
    house = resolve(judged.spec, judged.choices)
    assert waiting([secret for secret in house.secrets if secret.name == missing], house) == units

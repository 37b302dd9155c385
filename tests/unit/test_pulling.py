"""What a stack has to fetch."""

from __future__ import annotations

import pytest

from chezmoi_llm import spec
from chezmoi_llm.choices import choose
from chezmoi_llm.resolve import House, resolve
from chezmoi_llm.store import Entry, Stock
from chezmoi_llm.views import pulling
from chezmoi_llm.views.pulling import Fetch, Plan

MODELS = [
    {"name": "there", "model": "ollama://smollm:135m"},
    {"name": "missing", "model": "hf://org/repo:q4_k_m", "aliases": ["default"]},
    {"name": "file", "model": "/srv/a.gguf"},
    {"name": "own", "model": "hf://org/own", "runner": "llama-server"},
]
THERE = Fetch(name="there", uri="ollama://smollm:135m", kept_as="ollama://library/smollm:135m")
MISSING = Fetch(name="missing", uri="hf://org/repo:q4_k_m", kept_as="hf://org/repo:Q4_K_M")


def house(*models: dict, **stack: object) -> House:
    written = spec.build({"data": {"local_models": list(models), "llm_stack": stack}})
    return resolve(written, choose(written))


PLANS = {
    "all": ((), Plan(missing=(MISSING,), present=(THERE,), by_themselves=("own",))),
    "one by its alias": (("default",), Plan(missing=(MISSING,), present=(), by_themselves=())),
    "one whose file is here": (("file",), Plan(missing=(), present=(), by_themselves=())),
}


@pytest.mark.parametrize(("names", "plan"), PLANS.values(), ids=PLANS)
def test_plans(names, plan):
    host = house(*MODELS, services={"llama_swap": {"placement": "host"}})
    assert pulling.plan(host, names, {"ollama://library/smollm:135m"}) == plan


def test_the_size_is_that_of_the_entry_of_the_same_file():
    entry = Entry(
        folder="local",
        id="known",
        file="known.yaml",
        fields={"model": "hf://org/known"},
        facts={"file_size_gb": 2.5},
    )
    stock = Stock(entries={entry.key: entry})
    models = [{"id": "known", "name": "a"}, {"id": "known", "name": "b", "model": "hf://org/other"}]
    written = spec.build({"data": {"local_models": models}}, stock)
    plan = pulling.plan(resolve(written, choose(written)), (), (), stock)
    assert [(fetch.name, fetch.gigabytes) for fetch in plan.missing] == [("a", 2.5), ("b", 0)]


def test_a_model_with_a_unit_is_fetched_by_its_server():
    with_units = house(MODELS[1], services={"ramalama": {"units": True}})
    assert pulling.plan(with_units, (), ()).by_themselves == ("missing",)


IMAGES = {
    "what is built comes last": (
        {"accelerator": "cuda"},
        (
            "quay.io/ramalama/cuda:latest",
            "ghcr.io/berriai/litellm:main-stable",
            "ghcr.io/open-webui/open-webui:main",
            "localhost/llama-swap-ramalama:latest",
        ),
    ),
    "only what is on": (
        {"services": {"litellm": {"enabled": False}, "open_webui": {"image": "own/webui:1"}}},
        ("quay.io/ramalama/ramalama:latest", "own/webui:1", "localhost/llama-swap-ramalama:latest"),
    ),
    "on the host": (
        {"services": {"llama_swap": {"placement": "host"}, "open_webui": {"enabled": False}}},
        ("quay.io/ramalama/ramalama:latest", "ghcr.io/berriai/litellm:main-stable"),
    ),
}


@pytest.mark.parametrize(("stack", "images"), IMAGES.values(), ids=IMAGES)
def test_images(stack, images):
    assert pulling.stack_images(house(MODELS[0], **stack)) == images

"""Keys of ours in the wrong place, and keys that are nearly ours."""

from __future__ import annotations

import pytest

from chezmoi_llm.review.findings import review


def said(text: str) -> list[str]:
    found = review(text.encode(), ".chezmoi.yaml.tmpl")
    return [f"{one.line}:{one.col} {one.code} {one.severity}: {one.message} ({one.hint})" for one in found]


NEAR = "is not read by chezmoi-llm"
APART = "take it out, or write local_models, cloud_models"
DROPPED = "cannot stand here: chezmoi drops it here without a word (move it under data:)"
WRONG = {
    "nearly ours": (
        "data:\n  local_model: []\n",
        f"2:3 LLM107 error: 'local_model' {NEAR} (did you mean 'local_models'?)",
    ),
    "nearly ours, at the root": (
        "data: {}\nlocal_model: []\n",
        f"2:1 LLM107 error: 'local_model' {NEAR} (did you mean 'local_models' under data:?)",
    ),
    "nearly data": (
        "dta:\n  local_models: []\n",
        f"1:1 LLM107 error: 'dta' {NEAR} (did you mean 'data'?)",
    ),
    "at the root": ("local_models: []\n", f"1:1 LLM105 error: 'local_models' {DROPPED}"),
    "below another key of chezmoi's": (
        "data: {}\nedit:\n  command: vi\n  local_models: []\n",
        f"4:3 LLM105 error: 'local_models' {DROPPED}",
    ),
    "indented too far": (
        "data:\n  git:\n    name: me\n    cloud_models: []\n",
        "4:5 LLM107 warning: 'cloud_models' is not read here by chezmoi-llm (move it under data:)",
    ),
    "nearly the other list": (
        "data:\n  models: {cloud: [], locl: [a]}\n",
        f"2:23 LLM107 error: 'models' {NEAR}, as it holds 'locl' (did you mean 'local'?)",
    ),
    "a list of ours among others": (
        "data:\n  models: {cloud: [gpt-5], cars: [a]}\n",
        f"2:28 LLM107 warning: 'models' {NEAR}, as it holds 'cars' ({APART})",
    ),
    "nearly a port of ours": (
        "data:\n  published_ports: {litelm: 4001, grafana: 3000}\n",
        f"2:21 LLM107 warning: 'litelm' {NEAR} (did you mean 'litellm'?)",
    ),
    "nearly the name on the tailnet": (
        "data:\n  tailscale: {hostnme: a, tag: b}\n",
        f"2:15 LLM107 warning: 'hostnme' {NEAR} (did you mean 'hostname'?)",
    ),
    "ours in another spelling, beside it": (
        "data:\n  local_models: []\n  llm-stack: {accelerator: cuda}\n  llm_stack: {}\n",
        f"3:3 LLM107 warning: 'llm-stack' {NEAR}, as 'llm_stack' is (line 4) (move it to llm_stack)",
    ),
    "one model without its dash": (
        "data:\n  local_models:\n    name: a\n    model: ollama://a\n",
        (
            "2:3 LLM102 error: 'local_models' is one model, but must be a list of models "
            "(write '- ' before 'name', and indent the lines below it alike)"
        ),
    ),
    "known elsewhere": (
        "data:\n  llm_stack:\n    placement: host\n",
        (
            "3:5 LLM101 error: unknown key 'placement' in 'llm_stack' "
            "(move it to llm_stack: services: llama_swap:)"
        ),
    ),
    "a list inside of ours": (
        "data:\n  llm_stack:\n    local_models: []\n",
        "3:5 LLM101 error: unknown key 'local_models' in 'llm_stack' (move it to data:)",
    ),
}


@pytest.mark.parametrize(("text", "found"), WRONG.values(), ids=WRONG)
def test_keys_that_would_be_passed_over(text, found):
    assert said(text) == [found]


RIGHT = {
    "near, but the right one is there": "data:\n  local_models: []\n  local_model: []\n",
    "copies of the person's": "data:\n  local_models: []\n  machines: {a: {local_models: []}}\n",
    "a list of the person's": "data:\n  machines: [{local_models: []}]\n",
    "both lists in models": "data:\n  models: {local: []}\n  old: {local_models: []}\n",
    "models of the person's": "data:\n  models: {local: /srv, cars: [a]}\n",
    "other spellings": "data:\n  published_ports: {openwebui: 3000}\n",
    "not ours": "data:\n  x-local_models: []\n  model: a\n  modes: b\n  urls: {open: c}\n",
    "a computed key": "data:\n  {{ .x }}s: 1\n",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_keys_of_the_person(text):
    assert said(text) == []


LISTS = {
    "toml": (
        '[data.local_models]\nname = "a"\nmodel = "ollama://a"\n',
        "write [[data.local_models]], in two brackets",
    ),
    "json": (
        '{"data": {"local_models": {"name": "a", "model": "ollama://a"}}}',
        "put it in brackets: [{...}]",
    ),
}


@pytest.mark.parametrize("form", LISTS)
def test_a_list_is_written_as_the_format_has_it(form):
    text, hint = LISTS[form]
    (found,) = review(text.encode(), f".chezmoi.{form}.tmpl")
    assert found.hint == hint

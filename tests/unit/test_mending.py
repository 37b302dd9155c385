"""What ``check --fix`` writes in place of what is certainly meant, and what it leaves alone."""

from functools import partial

import pytest

from chezmoi_llm.review.findings import review
from chezmoi_llm.review.mending import fixed

MODEL = "data:\n  local_models:\n    - name: a\n      model: ollama://a\n"


def mended(text, file=".chezmoi.yaml.tmpl"):
    return fixed(text.encode(), partial(review, file=file)).decode()


FIELDS = {
    "a key": ("ctx_sise: 8192", "ctx_size: 8192"),
    "a key in quotes": ("'ctx_sise': 8192", "'ctx_size': 8192"),
    "a number in quotes": ('ctx_size: "8192"  # so', "ctx_size: 8192  # so"),
    "a number that is text to chezmoi": ("ctx_size: 8e3", "ctx_size: 8000"),
    "a number with a point": ("ctx_size: 8192.0", "ctx_size: 8192"),
    "yes and no": ("preload: yes", "preload: true"),
    "text that is a number": ("quantization: 4", 'quantization: "4"'),
    "a list of one word": ("capabilities: tools", "capabilities: [tools]"),
    "a word": ("kind: chatt", "kind: chat"),
    "a word in quotes": ("kind: 'chatt'", "kind: 'chat'"),
    "a key, then its value": ("ctx_sise: '8192'", "ctx_size: 8192"),
    "in flow style": (
        'env: {}\n      aliases: [b]\n      "ttll": "5"',
        'env: {}\n      aliases: [b]\n      "ttl": 5',
    ),
    "beside actions": (
        "{{ if .x }}\n      ctx_sise: 1\n      {{ end }}ttl: {{ .y }}",
        "{{ if .x }}\n      ctx_size: 1\n      {{ end }}ttl: {{ .y }}",
    ),
}


@pytest.mark.parametrize(("wrong", "right"), FIELDS.values(), ids=FIELDS)
def test_fields(wrong, right):
    assert mended(f"{MODEL}      {wrong}\n") == f"{MODEL}      {right}\n"


LEFT = {
    "two near keys": "top: 0.5",
    "a near key that is there": "ctx_size: 1\n      ctx_sise: 2",
    "a near key that is there in its other spelling": "n_gpu_layers: 1\n      ngll: 2",
    "no near key": "colour: red",
    "a key that belongs elsewhere": "placement: host",
    "a number that is not meant": "ctx_size: 8k",
    "text that is written as another number": "quantization: 0x10",
    "a word that is not near": "kind: best",
    "a name that is nearly one of a model": "args: [--x]\n  llm_stack:\n    chat_model: b",
    "what an action prints": "ctx_size: '{{ .x }}k'",
    "an anchor": "ctx_size: &size '8192'",
    "a text over lines": 'ctx_size: "81\n        92"',
    "a text block": "ctx_size: |\n        8192",
    "above a limit": "ttl: -1",
}


@pytest.mark.parametrize("lines", LEFT.values(), ids=LEFT)
def test_what_is_not_certain_stays(lines):
    text = f"{MODEL}      {lines}\n"
    assert mended(text) == text


STACK = {
    "a key of ours": ("data:\n  local_model: []\n", "data:\n  local_models: []\n"),
    "data itself": ("dta:\n  local_models: []\n", "data:\n  local_models: []\n"),
    "a key at the root stays": ("data: {}\nlocal_model: []\n", "data: {}\nlocal_model: []\n"),
    "a port": (
        "data: {published_ports: {litelm: '4001'}}\n",
        "data: {published_ports: {litellm: 4001}}\n",
    ),
    "a tailnet": (
        "data:\n  tailscale: {hostname: a, tailnet: tail1}\n",
        "data:\n  tailscale: {hostname: a, tailnet: tail1.ts.net}\n",
    ),
    "a service as a switch": (
        "data: {llm_stack: {services: {open_webui: no}}}\n",
        "data: {llm_stack: {services: {open_webui: {enabled: false}}}}\n",
    ),
    "every use of an anchor at once": (
        "data:\n  x: &a {model: 'ollama://a', ttl: '5'}\n  local_models: {a: {<<: *a}, b: {<<: *a}}\n",
        "data:\n  x: &a {model: 'ollama://a', ttl: 5}\n  local_models: {a: {<<: *a}, b: {<<: *a}}\n",
    ),
    "crlf": (
        "data:\r\n  llm_stack:\r\n    memory_gb: '8'\r\n",
        "data:\r\n  llm_stack:\r\n    memory_gb: 8\r\n",
    ),
    "a byte order mark": ("\ufeffdata: {}\n", "data: {}\n"),
    "behind wide characters": (
        "data: {note: '日本🙂', llm_stack: {memory_gb: '8'}}\n",
        "data: {note: '日本🙂', llm_stack: {memory_gb: 8}}\n",
    ),
}


@pytest.mark.parametrize(("wrong", "right"), STACK.values(), ids=STACK)
def test_everything_else(wrong, right):
    assert mended(wrong) == right


OTHERS = {
    ".chezmoi.toml.tmpl": (
        '[[data.local_models]]\nname = "a"\nmodel = "ollama://a"\nctx_sise = "8"\ncapabilities = "tools"\n',
        '[[data.local_models]]\nname = "a"\nmodel = "ollama://a"\nctx_size = 8\ncapabilities = "tools"\n',
    ),
    ".chezmoi.json.tmpl": (
        '{"data": {"local_models": {"a": {"model": "ollama://a", "kindd": "chatt", "ttl": "5"}}}}\n',
        '{"data": {"local_models": {"a": {"model": "ollama://a", "kind": "chat", "ttl": 5}}}}\n',
    ),
}


@pytest.mark.parametrize(("file", "texts"), OTHERS.items(), ids=OTHERS)
def test_other_formats(file, texts):
    wrong, right = texts
    assert mended(wrong, file) == right


@pytest.mark.parametrize("text", ["data: [\n", "{{ if }}\n", "\x00", "", "data:\n"], ids=ascii)
def test_what_cannot_be_read_stays(text):
    assert mended(text) == text


def test_what_is_mended_is_right():
    text = f"{MODEL}      ctx_sise: '8192'\n      preload: yes\n"
    assert review(mended(text).encode(), ".chezmoi.yaml.tmpl")[0].code == "LLM405"

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
    "https://huggingface.co/org/name/tree/main": "write 'hf://org/name'",
    "https://hf.co/org/name/tree/main/a?x=1": "write 'hf://org/name'",
    "https://ollama.com/library/qwen3:8b": "write 'ollama://qwen3:8b'",
    "https://ollama.com/me/qwen3": "write 'ollama://me/qwen3'",
    "https://modelscope.cn/models/org/name": "write 'ms://org/name'",
    "https://www.modelscope.ai/models/org/name/resolve/master/b.gguf": "write 'ms://org/name/b.gguf'",
    "https://modelscope.cn/models/org/name/file/view/master/b.gguf?status=2": "write 'ms://org/name/b.gguf'",
    "https://ollama.com": OTHERWISE,
    "https://huggingface.co/org": OTHERWISE,
    "https://example.org/huggingface.co/org/name": OTHERWISE,
}


@pytest.mark.parametrize(("uri", "hint"), PAGES.items(), ids=PAGES)
def test_the_page_of_a_model_is_written_by_its_name(uri, hint):
    findings = judge({"data": {"local_models": [{"name": "a", "model": uri}]}}).findings
    assert [one.hint for one in findings if one.code == "LLM301"] == [hint]


def test_commands_may_listen_on_one_port_in_turn():
    fixed = {"runner": "command", "command": ["serve", "--port", "9000"], "port": 9000}
    models = [{"name": "a", **fixed}, {"name": "b", **fixed}]
    stack = {"services": {"llama_swap": {"placement": "host"}}}
    assert judge({"data": {"local_models": models, "llm_stack": stack}}).findings == ()
    stack["services"]["litellm"] = {"published_port": 9000}
    (clash,) = judge({"data": {"local_models": models, "llm_stack": stack}}).findings
    assert clash.message == "the port of 'a' is 9000, which is the published port of litellm already"


PROXIES = {"http://box:8000": [], "http://box:${PORT}": ["LLM311"], "": ["LLM311"]}


@pytest.mark.parametrize(("proxy", "codes"), PROXIES.items(), ids=PROXIES)
def test_a_command_without_a_port_answers_elsewhere(proxy, codes):
    model = {"name": "a", "runner": "command", "command": ["docker", "start", "-a", "box"], "proxy": proxy}
    stack = {"services": {"llama_swap": {"placement": "host"}}}
    findings = judge({"data": {"local_models": [model], "llm_stack": stack}}).findings
    assert [one.code for one in findings] == codes


def test_inside_a_container_arguments_name_files_below_models_dir():
    model = {"name": "a", "model": "hf://o/a", "args": ["--mmproj", "/m/mm.gguf", "--lora", "/x/l.gguf"]}
    swap = {"placement": "embedded", "models_dir": "/m"}
    data = {"local_models": [model], "llm_stack": {"services": {"llama_swap": swap}}}
    (finding,) = judge({"data": data}).findings
    assert (finding.code, finding.message) == (
        "LLM306",
        "'/x/l.gguf' is not below models_dir, the container would not see it",
    )
    swap["placement"] = "host"
    assert judge({"data": data}).findings == ()

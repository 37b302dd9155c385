"""Flags in a model's arguments that its command has already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chezmoi_llm.choices import Choices
from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.spec import Spec
from chezmoi_llm.words import shown

_FLAG_SPELLINGS: Mapping[str, str] = {
    "-m": "--model",
    "-mu": "--model-url",
    "-hf": "--hf-repo",
    "-hfr": "--hf-repo",
    "-hff": "--hf-file",
    "-c": "--ctx-size",
    "-ngl": "--ngl",
    "--gpu-layers": "--ngl",
    "--n-gpu-layers": "--ngl",
    "-t": "--threads",
    "-b": "--batch-size",
    "-ub": "--ubatch-size",
    "-np": "--parallel",
    "-fa": "--flash-attn",
    "-ctk": "--cache-type-k",
    "-ctv": "--cache-type-v",
    "-dev": "--device",
    "-a": "--alias",
    "--embeddings": "--embedding",
    "--rerank": "--reranking",
}
"""llama-server's other spellings of flags. Source: llama.cpp, tools/server/README.md."""

_SERVER_FLAGS: Mapping[str, str] = {
    "--host": "",
    "--port": "port",
    "--model": "model",
    "--model-url": "model",
    "--hf-repo": "model",
    "--hf-file": "model",
    "--ctx-size": "ctx_size",
    "--ngl": "ngl",
}
"""Flags that every command of ours has, and the field to use instead."""

_UNIT_FLAGS: Mapping[str, str] = {"--alias": "name"}
"""What the command of a model with a unit of its own has besides."""

_FLAG_FIELDS: Mapping[str, str] = {
    "--threads": "threads",
    "--batch-size": "batch_size",
    "--ubatch-size": "ubatch_size",
    "--parallel": "parallel",
    "--flash-attn": "flash_attn",
    "--cache-type-k": "cache_type_k",
    "--cache-type-v": "cache_type_v",
    "--pooling": "pooling",
    "--temp": "temp",
    "--top-p": "top_p",
    "--top-k": "top_k",
    "--min-p": "min_p",
    "--cache-reuse": "cache_reuse",
    "--device": "force_cpu",
    "--embedding": "kind",
    "--reranking": "kind",
}
"""Flags that a command of ours has where the field was given."""

_RAMALAMA_FLAGS: Mapping[str, str] = {
    "-n": "--name",
    "-p": "--port",
    "-c": "--ctx-size",
    "-t": "--threads",
    "-d": "--detach",
    "--net": "--network",
}
_RAMALAMA_MANAGED: Mapping[str, str] = {
    "--name": "",
    "--network": "",
    "--host": "",
    "--port": "port",
    "--detach": "",
    "--generate": "",
    "--privileged": "",
    "--image": "services.ramalama.image",
    "--ctx-size": "ctx_size",
    "--ngl": "ngl",
    "--threads": "threads",
    "--temp": "temp",
    "--cache-reuse": "cache_reuse",
    "--env": "env",
    "--runtime-args": "args",
}


def managed_flags(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A flag that we write already is not repeated in ``args`` or ``runner_args`` (LLM304)."""
    for chosen in choices.models:
        model = chosen.model
        given = {flag for flag, field in _FLAG_FIELDS.items() if model.is_given(field)}
        managed = {**_SERVER_FLAGS, **{flag: _FLAG_FIELDS[flag] for flag in given}}
        managed |= _UNIT_FLAGS if chosen.has_unit else {}
        for index, word in enumerate(model.args):
            flag = word.partition("=")[0]
            flag = _FLAG_SPELLINGS.get(flag, flag)
            if flag in managed:
                yield _managed((*model.path("args"), index), word, managed[flag])
        for index, word in enumerate(model.runner_args):
            managed_flag = _ramalama_flag(word)
            if managed_flag:
                path = (*model.path("runner_args"), index)
                yield _managed(path, word, _RAMALAMA_MANAGED[managed_flag])


def _ramalama_flag(word: str) -> str:
    """Return the managed flag that RamaLama reads in a word; argparse takes any clear beginning."""
    flag = word.partition("=")[0]
    if not flag.startswith("--"):
        return _RAMALAMA_FLAGS.get(flag[:2], "")
    return next((known for known in _RAMALAMA_MANAGED if known.startswith(flag)), "")


def _managed(path: Path, word: str, field: str) -> Finding:
    return Finding(
        code="LLM304",
        path=path,
        message=f"{shown(word.partition('=')[0])} is set by chezmoi-llm already",
        hint=f"use the field {field!r}" if field else "remove it",
    )


RULES = (managed_flags,)

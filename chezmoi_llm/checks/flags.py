"""Flags that a program's command line has already, in the arguments that a person adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from chezmoi_llm.choices import Choices, Chosen
from chezmoi_llm.diagnostics import Finding, Path
from chezmoi_llm.records import EMPTY, record
from chezmoi_llm.showing.words import shown
from chezmoi_llm.spec import Spec


@record
class CommandLine:
    """A program's flags that are not free, by their longest names.

    ``managed``: flags that we write, each with the field to use instead, if there is one. ``unfit``:
    flags that would cut the program off, each with the reason. ``spellings``: other names of flags.
    ``is_go``: one dash is as good as two. ``joins``: a short flag's value may follow without a blank.
    """

    managed: Mapping[str, str]
    unfit: Mapping[str, str] = EMPTY
    spellings: Mapping[str, str] = EMPTY
    is_go: bool = False
    joins: bool = False

    def flag(self, word: str) -> str:
        """Return the flag that the program reads in a word, by its longest name."""
        name = word.partition("=")[0]
        if name.startswith("--"):
            return self.spellings.get(name := name.replace("_", "-"), name)
        if self.is_go and name.startswith("-"):
            return f"-{name}"
        return self.spellings.get(name[:2] if self.joins else name, name)


_HTTP = "the other programs speak http to it"
_FOUND = "the other programs would not find it there"

_SPELLINGS: Mapping[str, str] = {
    "-m": "--model",
    "-mu": "--model-url",
    "-dr": "--docker-repo",
    "-hf": "--hf-repo",
    "-hfr": "--hf-repo",
    "-hff": "--hf-file",
    "-c": "--ctx-size",
    "-ngl": "--n-gpu-layers",
    "--gpu-layers": "--n-gpu-layers",
    "-t": "--threads",
    "-b": "--batch-size",
    "-ub": "--ubatch-size",
    "-np": "--parallel",
    "-fa": "--flash-attn",
    "-ctk": "--cache-type-k",
    "-ctv": "--cache-type-v",
    "-dev": "--device",
    "-a": "--alias",
    "--temperature": "--temp",
    "--embeddings": "--embedding",
    "--rerank": "--reranking",
}
LLAMA_SERVER = CommandLine(
    managed={
        "--host": "",
        "--port": "port",
        "--model": "model",
        "--model-url": "model",
        "--docker-repo": "model",
        "--hf-repo": "model",
        "--hf-file": "model",
        "--ctx-size": "ctx_size",
        "--n-gpu-layers": "ngl",
    },
    unfit={"--ssl-key-file": _HTTP, "--ssl-cert-file": _HTTP, "--api-prefix": _FOUND},
    spellings=_SPELLINGS,
)
"""What each llama-server has; it takes ``_`` for ``-`` in a long flag.

Source: llama.cpp, tools/server/README.md and common/arg.cpp.
"""

_WHISPER_SERVER = CommandLine(
    managed={
        "--host": "",
        "--port": "port",
        "--model": "model",
        "--request-path": "",
        "--inference-path": "",
    },
    spellings={"-m": "--model", "-t": "--threads", "-ng": "--no-gpu"},
)
"""What each whisper-server has. Source: whisper.cpp, examples/server/README.md."""

_SERVERS = {"llama-server": LLAMA_SERVER, "whisper-server": _WHISPER_SERVER}
"""What each model server has, whichever runner starts it."""

_UNIT_FLAGS: Mapping[str, str] = {"--alias": "name"}
"""What the command of a model with a unit of its own has besides."""

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "threads": ("--threads",),
    "batch_size": ("--batch-size",),
    "ubatch_size": ("--ubatch-size",),
    "parallel": ("--parallel",),
    "flash_attn": ("--flash-attn",),
    "cache_type_k": ("--cache-type-k",),
    "cache_type_v": ("--cache-type-v",),
    "pooling": ("--pooling",),
    "temp": ("--temp",),
    "top_p": ("--top-p",),
    "top_k": ("--top-k",),
    "min_p": ("--min-p",),
    "cache_reuse": ("--cache-reuse",),
    "force_cpu": ("--device", "--no-gpu"),
    "kind": ("--embedding", "--reranking"),
}
"""Flags that a model server has where the field was given."""

SERVICE_COMMANDS: Mapping[str, CommandLine] = {
    "llama_swap": CommandLine(
        managed={"--config": "", "--listen": "bind published_port"},
        unfit={
            "--watch-config": "it would restart every model; chezmoi restarts it when its file changes",
            "--tls-cert-file": _HTTP,
            "--tls-key-file": _HTTP,
        },
        is_go=True,
    ),
    "litellm": CommandLine(
        managed={"--config": "", "--host": "bind", "--port": "published_port"},
        unfit={"--ssl-keyfile-path": _HTTP, "--ssl-certfile-path": _HTTP},
        spellings={"-c": "--config"},
        joins=True,
    ),
    "open_webui": CommandLine(
        managed={"--host": "bind", "--port": "published_port"},
        unfit={"--uds": _FOUND, "--fd": _FOUND, "--ssl-keyfile": _HTTP, "--ssl-certfile": _HTTP},
    ),
}
"""The services' own. Open WebUI's start.sh hands its arguments on to uvicorn."""


def of_models(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A flag that a model server has already is not repeated in ``args`` (LLM304, LLM326)."""
    for chosen in choices.models:
        yield from _not_free(chosen.model.path("args"), chosen.model.args, _model_server(chosen))


def _model_server(chosen: Chosen) -> CommandLine:
    line = _SERVERS[chosen.starter.server]
    given = [field for field in _FIELDS if chosen.model.is_given(field)]
    more = {flag: field for field in given for flag in _FIELDS[field]}
    unit = _UNIT_FLAGS if chosen.has_unit else EMPTY
    return CommandLine(managed={**line.managed, **more, **unit}, unfit=line.unfit, spellings=line.spellings)


def of_services(spec: Spec, choices: Choices) -> Iterator[Finding]:
    """A flag that a service has already is not repeated in its ``args`` (LLM304, LLM326)."""
    for key, line in SERVICE_COMMANDS.items():
        unit = spec.stack.services.units[key]
        yield from _not_free(unit.path("args"), unit.args, line)


def _not_free(path: Path, words: Iterable[str], line: CommandLine) -> Iterator[Finding]:
    for index, word in enumerate(words):
        flag = line.flag(word)
        if flag in line.managed:
            yield managed((*path, index), word, line.managed[flag])
        elif flag in line.unfit:
            yield Finding(
                code="LLM326",
                path=(*path, index),
                message=f"{shown(word.partition('=')[0])} does not fit here: {line.unfit[flag]}",
                hint="remove it",
            )


def managed(path: Path, word: str, fields: str) -> Finding:
    """Return that a flag is ours; ``fields`` are the names, with blanks between, of what to use instead."""
    names = " and ".join(map(repr, fields.split()))
    return Finding(
        code="LLM304",
        path=path,
        message=f"{shown(word.partition('=')[0])} is set by chezmoi-llm already",
        hint=f"use the field{'s' if ' ' in fields else ''} {names}" if fields else "remove it",
    )


RULES = (of_models, of_services)

"""What a runner is: a program that starts the server of one model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from chezmoi_llm.records import record
from chezmoi_llm.spec import LocalModel
from chezmoi_llm.store.kinds import KINDS


@record
class Launch:
    """One model to start, with everything that the command needs.

    ``host`` is the address to listen on; ``port`` is a number or ``${PORT}``; ``alias`` is the name
    that the server itself answers to, empty where llama-swap does that; ``network`` is empty where
    there is no container network; ``server_folder`` is where an image keeps its model servers, empty
    for PATH.
    """

    model: LocalModel
    container_name: str
    port: str
    network: str
    image: str
    server_folder: str
    cpu_only: bool
    host: str = "127.0.0.1"
    alias: str = ""


@record
class Runner:
    """A way to start a model.

    ``cannot`` are fields of a local model that the program has no words for: written, they are an
    error. ``of_files`` are those of its ``schemes`` of which it takes a single file alone, as in
    ms://OWNER/NAME/FILE; ``instead`` is a hint for a URI that it cannot fetch. ``server`` is the
    program that ``args`` are for, and ``joins_args`` says that they are handed to it in one argument.

    ``in_container``: the server runs in a container of its own, which is named after the model, holds
    its variables and is reached by its name on a network. ``may_be_unit``: systemd starts that
    container where ``services.ramalama.units`` says so. ``is_theirs``: the person wrote the command.
    """

    key: str
    argv: Callable[[Launch], tuple[str, ...]]
    stop_argv: Callable[[Launch], tuple[str, ...]]
    schemes: frozenset[str]
    placements: frozenset[str]
    kinds: frozenset[str]
    instead: str
    cannot: frozenset[str] = frozenset()
    of_files: frozenset[str] = frozenset()
    server: str = "llama-server"
    joins_args: bool = False
    in_container: bool = False
    may_be_unit: bool = False
    is_theirs: bool = False
    check_endpoint: str = ""


ALL_PLACEMENTS = frozenset({"container", "host", "embedded"})
ALL_KINDS = frozenset(KINDS)

PATH_SCHEME = "path"
_SPELLINGS = {"huggingface": "hf", "modelscope": "ms", "docker": "oci", "file": PATH_SCHEME}


def scheme_of(uri: str) -> str:
    """Return the scheme of a model URI in its shortest spelling; ``path`` for a file here."""
    if uri.startswith("/"):
        return PATH_SCHEME
    if uri.startswith("hf.co/"):
        return "hf"
    scheme = uri.partition("://")[0]
    return _SPELLINGS.get(scheme, scheme)


def path_of(uri: str) -> str:
    """Return the absolute path that a ``file://`` URI or a path names."""
    return uri.removeprefix("file://")


def folder_of(uri: str) -> str:
    """Return the folder of the file that such a URI names, without a slash at its end."""
    return path_of(uri).rpartition("/")[0]


_NAMES_A_FILE = frozenset(
    {
        *("--mmproj", "-mm", "--model-draft", "-md", "--lora", "--control-vector"),
        *("--chat-template-file", "--grammar-file", "--json-schema-file", "-jf"),
    }
)
"""Flags of llama-server whose value is a file. Source: llama.cpp, tools/server/README.md."""


def files_in(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the absolute paths of files that a server is to read beside its model.

    A path with a colon or a comma is left out: no volume can be named so.
    """
    pairs = [*pairwise(arguments), *(tuple(word.split("=", 1)) for word in arguments if "=" in word)]
    files = (value for flag, value in pairs if flag in _NAMES_A_FILE and value.startswith("/"))
    return tuple(dict.fromkeys(path for path in files if not {":", ","}.intersection(path)))


def option(flag: str, value: str | int) -> tuple[str, ...]:
    """Return a flag with its value, or nothing where the value says "no flag"."""
    return (flag, str(value)) if value not in ("", 0) else ()


def environment(model: LocalModel) -> tuple[str, ...]:
    """Return the variables of the model server as ``NAME=value``."""
    driver = (f"AMD_VULKAN_ICD={model.vulkan_driver}",) if model.vulkan_driver else ()
    return (*driver, *(f"{name}={value}" for name, value in model.env))


_KIND_FLAGS = {"embedding": ("--embedding",), "rerank": ("--reranking",)}


def server_options(model: LocalModel) -> tuple[str, ...]:
    """Return the options of llama-server that every runner of it hands over the same way.

    Source: llama.cpp, tools/server/README.md. ``--flash-attn`` always takes a value.
    """
    return (
        *_KIND_FLAGS.get(model.kind, ()),
        *option("--pooling", model.pooling),
        *option("--flash-attn", model.flash_attn if model.flash_attn != "auto" else ""),
        *option("--batch-size", model.batch_size),
        *option("--ubatch-size", model.ubatch_size),
        *option("--parallel", model.parallel),
        *option("--cache-type-k", model.cache_type_k),
        *option("--cache-type-v", model.cache_type_v),
        *option("--top-p", model.top_p),
        *option("--top-k", model.top_k),
        *option("--min-p", model.min_p),
    )

"""llama.cpp's llama-server, started directly. Source of every flag: its tools/server/README.md."""

from __future__ import annotations

import re

from chezmoi_llm.runners.base import (
    PATH_SCHEME,
    Launch,
    Runner,
    option,
    path_of,
    scheme_of,
    server_options,
)


def argv(launch: Launch) -> tuple[str, ...]:
    """Return the command that serves the model until it gets SIGTERM."""
    model = launch.model
    return (
        f"{launch.server_folder}llama-server",
        *("--host", launch.host, "--port", launch.port),
        *option("--alias", launch.alias),
        *_source(model.model),
        *(("--device", "none") if launch.cpu_only else ()),
        *("--ctx-size", str(model.ctx_size), "--n-gpu-layers", model.ngl),
        *option("--threads", model.threads),
        *option("--temp", model.temp),
        *option("--cache-reuse", model.cache_reuse),
        *server_options(model),
        *model.args,
    )


def _source(uri: str) -> tuple[str, ...]:
    """Return the flags that say where the model is: a file, a Hugging Face repository or a url."""
    scheme = scheme_of(uri)
    if scheme == PATH_SCHEME:
        return ("--model", path_of(uri))
    if scheme == "https":
        return ("--model-url", uri)
    if scheme == "ms":
        return ("--model-url", _at_modelscope(uri))
    repository = re.sub(r"^(hf://|huggingface://|hf\.co/)", "", uri)
    owner, name, *file = repository.split("/", 2)
    return ("--hf-repo", f"{owner}/{name}", *option("--hf-file", "".join(file)))


def _at_modelscope(uri: str) -> str:
    """Return the url of a file; llama-server itself knows nothing of ModelScope.

    Source: RamaLama 0.25, transports/modelscope.py.
    """
    owner, name, file = uri.partition("://")[2].split("/", 2)
    return f"https://modelscope.cn/{owner}/{name}/resolve/master/{file}"


LLAMA_SERVER = Runner(
    key="llama-server",
    argv=argv,
    stop_argv=lambda _: (),
    schemes=frozenset({"hf", "ms", "https", PATH_SCHEME}),
    of_files=frozenset({"ms"}),
    placements=frozenset({"host", "embedded"}),
    kinds=frozenset({"chat", "embedding", "rerank"}),
    instead="use hf://, ms://, https:// or a path; for others placement container or host with RamaLama",
    cannot=frozenset({"command", "stop_command", "proxy", "runner_args", "shortname"}),
)

"""RamaLama: ``ramalama serve`` in the foreground, which runs llama-server in a container.

Source of every flag: ``ramalama serve --help`` of RamaLama 0.25.
"""

from __future__ import annotations

import re
import shlex

from chezmoi_llm.runners.base import (
    PATH_SCHEME,
    Launch,
    Runner,
    environment,
    files_in,
    option,
    path_of,
    scheme_of,
    server_options,
)
from chezmoi_llm.spec import LocalModel

STOP_SECONDS = 10
"""What ``podman stop`` grants the server before it kills it; less than llama-swap's unloadTimeout."""


def argv(launch: Launch) -> tuple[str, ...]:
    """Return the command that serves the model until it is stopped.

    ``--host`` is the address that podman publishes the port on; inside its container the server
    listens everywhere. ``--engine-args=--replace`` clears away a container that a crash left
    behind, whose name would block every later start. The ``=`` form keeps argparse from reading a
    value that starts with a dash as a flag.
    """
    model = launch.model
    runtime_args = (*server_options(model), *model.args)
    return (
        *("ramalama", "serve"),
        *option("--network", launch.network),
        *("--host", launch.host, "--port", launch.port, "--name", launch.container_name),
        *("--engine-args=--replace", *_volumes(model), "--pull=missing", f"--image={launch.image}"),
        *(("--device", "none") if launch.cpu_only else ()),
        *("--ctx-size", str(model.ctx_size), "--ngl", model.ngl),
        *option("--threads", model.threads),
        *option("--temp", model.temp),
        *option("--cache-reuse", model.cache_reuse),
        *(f"--env={variable}" for variable in environment(model)),
        *((f"--runtime-args={shlex.join(runtime_args)}",) if runtime_args else ()),
        *model.runner_args,
        transport_uri(model.model),
    )


def _volumes(model: LocalModel) -> tuple[str, ...]:
    """Return the mounts of the files that arguments name: RamaLama mounts the model alone.

    One that the person mounts is left out, since Podman takes no place twice.
    """
    own = " ".join(model.runner_args)
    places = {
        path: rf"(:|(dst|destination|target)=){re.escape(path)}(?![\w./-])" for path in files_in(model.args)
    }
    files = (path for path, place in places.items() if not re.search(place, own))
    return tuple(f"--engine-args={shlex.quote(f'--volume={path}:{path}:ro')}" for path in files)


def transport_uri(uri: str) -> str:
    """Return the URI with a transport; RamaLama would look a bare path up as a short name."""
    return f"file://{path_of(uri)}" if scheme_of(uri) == PATH_SCHEME else uri


def stop_argv(launch: Launch) -> tuple[str, ...]:
    """Return the command that stops the container; one command, since no shell reads it."""
    return ("podman", "stop", "-t", str(STOP_SECONDS), launch.container_name)


RAMALAMA = Runner(
    key="ramalama",
    argv=argv,
    stop_argv=stop_argv,
    # https:// crashes RamaLama 0.25 (transports/url.py calls a property).
    schemes=frozenset({"ollama", "hf", "oci", "ms", "rlcr", PATH_SCHEME}),
    placements=frozenset({"container", "host"}),
    kinds=frozenset({"chat", "embedding", "rerank"}),
    cannot=frozenset({"command", "stop_command", "proxy"}),
    instead="use ollama://, hf://, oci://, ms://, rlcr:// or a path; RamaLama cannot fetch https://",
    joins_args=True,
    in_container=True,
    may_be_unit=True,
)

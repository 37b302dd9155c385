"""whisper.cpp's whisper-server, which turns speech into text.

Source: llama-swap's docker/unified/config.example.yaml and whisper.cpp's examples/server/README.md.
"""

from __future__ import annotations

from chezmoi_llm.runners.base import PATH_SCHEME, Launch, Runner, option, path_of

ENDPOINT = "/v1/audio/transcriptions"


def argv(launch: Launch) -> tuple[str, ...]:
    """Return the command that serves the model until it gets SIGTERM."""
    model = launch.model
    return (
        f"{launch.server_folder}whisper-server",
        *("--host", launch.host, "--port", launch.port, "--model", path_of(model.model)),
        *("--request-path", ENDPOINT, "--inference-path", ""),
        *option("--threads", model.threads),
        *(("--no-gpu",) if launch.cpu_only else ()),
        *model.args,
    )


WHISPER_SERVER = Runner(
    key="whisper-server",
    argv=argv,
    stop_argv=lambda _: (),
    schemes=frozenset({PATH_SCHEME}),
    placements=frozenset({"host", "embedded"}),
    kinds=frozenset({"transcription"}),
    instead="download it, and write the absolute path of the file as model",
    server="whisper-server",
    cannot=frozenset(
        {
            *("command", "stop_command", "proxy", "runner_args", "shortname", "ctx_size", "ngl"),
            *("flash_attn", "batch_size", "ubatch_size", "parallel", "cache_type_k", "cache_type_v"),
            *("cache_reuse", "pooling", "temp", "top_p", "top_k", "min_p"),
        }
    ),
    # whisper-server has no /health; this path answers 200 once the model is loaded.
    check_endpoint=f"{ENDPOINT}/",
)

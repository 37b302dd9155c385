"""A command of the person's own."""

from __future__ import annotations

from chezmoi_llm.formats import PORT
from chezmoi_llm.runners.base import ALL_KINDS, ALL_PLACEMENTS, PATH_SCHEME, Launch, Runner


def argv(launch: Launch) -> tuple[str, ...]:
    """Return the command as written, with a fixed port put in where the model has one."""
    return tuple(word.replace(PORT, launch.port) for word in launch.model.command)


COMMAND = Runner(
    key="command",
    argv=argv,
    stop_argv=lambda launch: launch.model.stop_command,
    schemes=frozenset({"ollama", "hf", "oci", "ms", "rlcr", "https", PATH_SCHEME, ""}),
    placements=ALL_PLACEMENTS,
    kinds=ALL_KINDS,
    instead="download it, and write the absolute path of the file as model",
    is_theirs=True,
    cannot=frozenset(
        {
            *("args", "runner_args", "shortname", "ctx_size", "ngl", "flash_attn", "threads"),
            *("batch_size", "ubatch_size", "parallel", "cache_type_k", "cache_type_v", "pooling"),
            *("temp", "top_p", "top_k", "min_p", "cache_reuse", "force_cpu"),
        }
    ),
)

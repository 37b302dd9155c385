"""Every way to start a model. A new one is a module here and a line in the table."""

from __future__ import annotations

from collections.abc import Mapping

from chezmoi_llm.runners.base import (
    Launch,
    Runner,
    environment,
    files_in,
    folder_of,
    path_of,
    scheme_of,
)
from chezmoi_llm.runners.command import COMMAND
from chezmoi_llm.runners.llama_server import LLAMA_SERVER
from chezmoi_llm.runners.ramalama import RAMALAMA
from chezmoi_llm.runners.whisper_server import WHISPER_SERVER

RUNNERS: Mapping[str, Runner] = {
    runner.key: runner for runner in (RAMALAMA, LLAMA_SERVER, WHISPER_SERVER, COMMAND)
}

DEFAULT_RUNNERS: Mapping[str, str] = {
    "container": "ramalama",
    "host": "ramalama",
    "embedded": "llama-server",
}
"""The runner of a model that writes none, by placement."""

KIND_RUNNERS: Mapping[str, tuple[str, str]] = {
    "transcription": ("whisper-server", "only whisper-server transcribes"),
}
"""Kinds of models that have one runner wherever llama-swap runs, and why."""

__all__ = [
    "COMMAND",
    "DEFAULT_RUNNERS",
    "KIND_RUNNERS",
    "RAMALAMA",
    "RUNNERS",
    "Launch",
    "Runner",
    "environment",
    "files_in",
    "folder_of",
    "path_of",
    "scheme_of",
]

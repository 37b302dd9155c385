"""Every target system. A new one is a module here and a line in this table."""

from __future__ import annotations

from collections.abc import Mapping

from chezmoi_llm.targets.base import SECRETS, File, Sources, Target, Variable
from chezmoi_llm.targets.caddy import CADDY
from chezmoi_llm.targets.desktop import DESKTOP
from chezmoi_llm.targets.litellm import LITELLM
from chezmoi_llm.targets.llama_swap import LLAMA_SWAP
from chezmoi_llm.targets.model_units import MODEL_UNITS
from chezmoi_llm.targets.open_webui import OPEN_WEBUI
from chezmoi_llm.targets.ramalama import RAMALAMA

TARGETS: tuple[Target, ...] = (LLAMA_SWAP, RAMALAMA, MODEL_UNITS, LITELLM, OPEN_WEBUI, CADDY, DESKTOP)

FILES: Mapping[str, File] = {name: file for target in TARGETS for name, file in target.files.items()}
"""Every shipped file by its name in ``.llm.files``."""

SOURCES: tuple[Sources, ...] = tuple(target.sources for target in TARGETS if target.sources)
"""Every folder of files that come without a template."""

__all__ = ["FILES", "SECRETS", "SOURCES", "TARGETS", "File", "Sources", "Target", "Variable"]

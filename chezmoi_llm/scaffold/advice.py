"""What a person does instead where a file of theirs is in the way of one of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chezmoi_llm.chezmoi import naming

AGAIN: Final = "then run chezmoi-llm init again"
MOVE_AWAY: Final = f"keep yours; to use ours, move yours away, {AGAIN}"

_CONFIG: Final = (
    "{{{{ range $key, $value := .llm.{}.config }}}}{{{{ $key }}}}: {{{{ $value | toJson }}}}\n{{{{ end }}}}"
)
"""All that a target system is told, for a YAML file of the person's own."""

_TOLD: Final[Mapping[str, str]] = {
    "llama_swap": _CONFIG.format("llama_swap"),
    "litellm": _CONFIG.format("litellm"),
    "open_webui": "{{ range $name, $value := .llm.open_webui.env }}{{ $name }}={{ $value }}\n{{ end }}",
}
"""The lines for the file that a program reads, by the key of the service."""

_LINES: Final[Mapping[str, str]] = {
    ".config/llama-swap/config.yaml": _TOLD["llama_swap"],
    ".config/litellm/config.yaml": _TOLD["litellm"],
    ".config/open-webui/env": _TOLD["open_webui"],
    ".config/caddy/Caddyfile": "import conf.d/*.caddy",
    ".local/share/applications/llama-swap.desktop": "{{ .llm.desktop.url }} is the url",
}
"""What does in a person's own file what ours would do."""


def for_file(there: str, target: str, text: bytes) -> str:
    """Return what to do about a source file of the person's own that makes the same target."""
    made = naming.file(there.rpartition("/")[2])
    if target not in _LINES or made.kind is not naming.Kind.FILE:
        return MOVE_AWAY
    lines = _LINES[target]
    if (b".llm." if "{{" in lines else lines.encode()) in text:
        return "nothing; yours reads the list"
    if "{{" not in lines:
        return f"write into yours: {lines}"
    first = "" if made.template else f"run chezmoi chattr +template ~/{target}; "
    if "\n" not in lines:
        return f"{first}in yours {lines}"
    return f"{first}write into yours, instead of its keys of these names:\n{lines}"


def for_unit(service: str, ending: str) -> str:
    """Return what to do about a unit of the person's own that becomes the same service."""
    to_use_ours = f"to use ours, rename or delete yours, {AGAIN}"
    if ending != "container" or service not in _TOLD:
        return f"keep yours; {to_use_ours}"
    return "\n".join(
        (
            "keep yours, with this in the file that its program reads:",
            _TOLD[service],
            "and this in its [Container]:",
            f"{{{{ range .llm.{service}.unit.secrets }}}}Secret={{{{ . }}}}\n{{{{ end }}}}",
            to_use_ours,
        )
    )


def for_network(theirs: str, ours: str) -> str:
    """Return what to do about a network of the person's own that becomes the same service."""
    if theirs == ours:
        return "nothing; the models join yours"
    return f"let the models join yours, in your config template: llm_stack: {{network: {{name: {theirs}}}}}"


def for_name(key: str) -> str:
    """Return what to do about a name that is taken; ``key`` is the flow mapping that changes ours."""
    return f"give ours another name, in your config template: llm_stack: {key}, {AGAIN}"

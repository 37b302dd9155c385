"""Templates of the person's that read the list as it was written, where ``.llm`` has it complete."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chezmoi_llm.diagnostics import Diagnostic, Severity
from chezmoi_llm.document import UNKNOWN
from chezmoi_llm.review import ignores
from chezmoi_llm.source.actions import Action, Kind, scan
from chezmoi_llm.source.remarks import CALL, in_actions
from chezmoi_llm.source.text import Lines, Unreadable
from chezmoi_llm.spec.lists import are_both

_AS_WRITTEN: Final = "the list as it was written, without what follows from it"
_NOWHERE: Final = "not in your data, and chezmoi stops there"
_STRING: Final = re.compile(r'"(?:\\.|[^"\\])*"|`[^`]*`|' + r"'(?:\\.|[^'\\])*'", re.DOTALL)
_MEANT: Final = {
    "local_models": "local_models",
    "cloud_models": "cloud_models",
    "models.local": "local_models",
    "models.cloud": "cloud_models",
}
"""What stands in ``.llm`` for a list, by the field that a template reads."""
_ALWAYS: Final = {
    f"{old}.{service}": f"{new}.{service}"
    for old, new in (("published_ports", "ports"), ("urls", "urls"))
    for service in ("llama_swap", "litellm", "open_webui")
}
"""What is always in ``.llm``, by the field that is in the person's data only if they wrote it."""
_FIELD: Final = re.compile(
    rf"(?<![\w)\].$])(\$?)\.({'|'.join(map(re.escape, (*_MEANT, *_ALWAYS)))})(?!\w)(\.?)"
)
_ASKING: Final = re.compile(r'output "chezmoi-llm" "expand"')
"""What stands in a template of mode output, which asks for the document itself."""
_REBINDING: Final = {"range", "with"}
_DEFINING: Final = {"define", "block"}


def findings(
    text: str, file: str, config: Mapping[str, Any], *, has_document: bool = True
) -> tuple[Diagnostic, ...]:
    """Return where a template reads the list as it was written, or what nobody wrote.

    Nothing is said where the template says to ignore it.

    ``config`` is the data of the config template, as far as it is known without rendering. Without
    ``has_document`` nothing makes ``.llm`` in this source folder yet: chezmoi would stop at a template
    that was mended, unless it asks for the document itself.
    """
    if not _FIELD.search(text) and CALL not in text:
        return ()
    found = _findings(text, file, config, is_made=has_document or bool(_ASKING.search(text)))
    try:
        return ignores.apply(tuple(found), tuple(in_actions(text)), file)
    except Unreadable:
        return ()


def _findings(text: str, file: str, config: Mapping[str, Any], *, is_made: bool) -> Iterator[Diagnostic]:
    lines = Lines(text)
    for action, knows_dot, knows_root in _actions(text):
        code = _STRING.sub(lambda found: " " * len(found[0]), text[action.start : action.end])
        for field in _FIELD.finditer(code):
            chain = field[2]
            if (knows_root if field[1] else knows_dot) and _is_to_move(chain, config):
                start = action.start + field.start()
                meant = f"{field[1]}.llm.{(_MEANT | _ALWAYS)[chain]}"
                is_same = chain in _ALWAYS or _is_list(chain, config)
                yield Diagnostic(
                    file=file,
                    at=lines.pos(start, start + len(field[1]) + 1 + len(chain)),
                    code="LLM109",
                    severity=Severity.WARNING,
                    message=f"'.{chain}' is {_AS_WRITTEN if chain in _MEANT else _NOWHERE}",
                    hint=f"read {meant}" if is_made else f"run chezmoi-llm init, then read {meant}",
                    mend=meant if is_made and is_same and not field[3] else "",
                )


def _actions(text: str) -> Iterator[tuple[Action, bool, bool]]:
    """Yield each action, with whether ``.`` and whether ``$`` are all of the data there."""
    open_blocks: list[str] = []
    for action in scan(text):
        if not isinstance(action, Action) or not action.body:
            continue
        if action.kind is Kind.END and open_blocks:
            open_blocks.pop()
        elif action.kind is Kind.ELSE and open_blocks and open_blocks[-1] in _REBINDING:
            open_blocks[-1] = "else"
        in_template = not _DEFINING & set(open_blocks)
        yield action, in_template and not _REBINDING & set(open_blocks), in_template
        if action.kind is Kind.OPEN:
            open_blocks.append(action.word)
        elif action.kind is Kind.ELSE and open_blocks and action.body.startswith("else with"):
            open_blocks[-1] = "with"


def _data(config: Mapping[str, Any]) -> Mapping[str, Any]:
    data = config.get("data")
    return data if isinstance(data, dict) else {}


def _is_to_move(chain: str, config: Mapping[str, Any]) -> bool:
    """Say whether a chain leads to a list of ours, or to nothing; ``models`` may be the person's own."""
    if chain in _ALWAYS:
        return _is_nowhere(chain, config)
    return "." not in chain or are_both(_data(config).get("models"))


def _is_nowhere(chain: str, config: Mapping[str, Any]) -> bool:
    """Say whether it is certain that the person's data have nothing there."""
    value: Any = config.get("data")
    for key in chain.split("."):
        if not isinstance(value, dict) or (key not in value and UNKNOWN in value):
            return False
        if key not in value:
            return True
        value = value[key]
    return False


def _is_list(chain: str, config: Mapping[str, Any]) -> bool:
    """Say whether it is a list that stands there, as in the document, and no mapping; or nothing at all."""
    value: Any = config.get("data")
    for key in chain.split("."):
        if not isinstance(value, dict) or (key not in value and UNKNOWN in value):
            return False
        value = value.get(key, [])
    return isinstance(value, list)

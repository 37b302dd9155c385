"""Diagnostics as SARIF 2.1.0, which code scanning and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from chezmoi_llm import __version__
from chezmoi_llm.diagnostics import Diagnostic
from chezmoi_llm.report.texts import Texts
from chezmoi_llm.review import codes

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(diagnostics: Sequence[Diagnostic], texts: Texts, *, colour: bool = False) -> str:
    """Return one run of one tool, with the rules that were broken and where; no text of the file."""
    found = sorted({one.code for one in diagnostics})
    run = {
        "tool": {"driver": _driver(found)},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, found.index(one.code)) for one in diagnostics],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _driver(found: Sequence[str]) -> dict[str, Any]:
    return {
        "name": "chezmoi-llm",
        "version": __version__,
        "informationUri": codes.HOME,
        "rules": [_rule(codes.sections()[code]) for code in found],
    }


def _rule(section: codes.Section) -> dict[str, Any]:
    return {
        "id": section.code,
        "shortDescription": {"text": section.title},
        "fullDescription": {"text": codes.prose(section)},
        "helpUri": section.url,
        "help": {"text": codes.plain_text(section), "markdown": codes.markdown(section)},
        "defaultConfiguration": {"level": str(section.severity)},
    }


def _result(one: Diagnostic, rule: int) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(one.file)}
    if one.line:
        place["region"] = {
            "startLine": one.line,
            "startColumn": one.col,
            "endLine": one.line,
            "endColumn": one.col + one.width,
        }
    return {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": str(one.severity),
        "message": {"text": f"{one.message} ({one.hint})" if one.hint else one.message},
        "locations": [{"physicalLocation": place}],
    }


def _artifact(file: str) -> dict[str, str]:
    """Return where a file is: below the root of the sources, unless its name starts at the root of all."""
    uri = quote(file.encode(errors="surrogateescape"), safe="/")
    if file.startswith("/"):
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}

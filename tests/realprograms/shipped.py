"""Puts the shipped templates into a person's source folder, with the document that they read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chezmoi_llm import expand, formats, resources
from chezmoi_llm.world import preview
from realprograms.chezmoi import Home

STARTER = ".chezmoi.yaml.tmpl"
"""The config template has its own tests; here the document is given."""


def document(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what templates see as ``.llm`` for what a person has under ``data:``."""
    expansion = expand.expand({"data": data})
    assert expansion.document is not None, expansion.findings
    read: dict[str, Any] = json.loads(formats.json_text(expansion.document))
    return read


def put(home: Home, data: Mapping[str, Any], *leave_out: str) -> dict[str, Any]:
    """Write the templates and the document into the source folder; return the document.

    Put again, the document is replaced: that is how a change of the list reaches the templates.
    ``leave_out`` are patterns of file names.
    """
    ignore = shutil.ignore_patterns(STARTER, *leave_out)
    shutil.copytree(resources.root("dot_templates"), home.source, dirs_exist_ok=True, ignore=ignore)
    llm = document(data)
    home.write({".chezmoidata/llm.json": json.dumps({"llm": llm})})
    return llm


def deploy(home: Home, data: Mapping[str, Any], *leave_out: str) -> dict[str, Any]:
    """Put the templates there and have chezmoi write the files, without running the scripts."""
    llm = put(home, data, *leave_out)
    done = home.apply("--exclude", "scripts")
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", done.stderr
    return llm


def render(home: Path, data: Mapping[str, Any], *below: str) -> dict[str, Any]:
    """Write the files that the embedded engine makes of the data, where there is no chezmoi.

    With ``below``, folders of the home, those in them alone.
    """
    expansion = expand.expand({"data": data})
    assert expansion.document is not None, expansion.findings
    made = preview.preview(
        resources.root("dot_templates"),
        {"llm": expansion.document},
        str(home),
        only=lambda entry: entry.target.startswith(below or ""),
    )
    preview.write(made, str(home))
    for folder, texts in expansion.sources.items():
        (home / folder).mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (home / folder / name).write_text(text, encoding="utf-8")
    return expansion.document

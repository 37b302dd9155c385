"""Finds ``schema/``, ``dot_templates/`` and ``docs/``, inside the package in a wheel or in the checkout."""

from __future__ import annotations

import os.path

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def root(folder: str) -> str:
    """Return the path of a shipped folder.

    A wheel carries the folder inside the package (``force-include`` in pyproject.toml); an
    editable install has no such copy and finds it one level up, in the checkout.
    """
    packaged = os.path.join(_PACKAGE, "_shipped", folder)
    return packaged if os.path.isdir(packaged) else os.path.join(os.path.dirname(_PACKAGE), folder)


STORE = os.path.join(_PACKAGE, "store_data")
"""The model store that is shipped: a file for each entry, and ``index.json`` with all of them."""


def store_index() -> str:
    """Return the text of all shipped entries, as JSON by folder and ID."""
    with open(os.path.join(STORE, "index.json"), encoding="utf-8") as file:
        return file.read()


def schema_text(name: str) -> str:
    """Return the text of ``schema/<name>.schema.json``."""
    with open(os.path.join(root("schema"), f"{name}.schema.json"), encoding="utf-8") as file:
        return file.read()


def codes_text() -> str:
    """Return the text of ``docs/reference/codes.md``."""
    with open(os.path.join(root("docs"), "reference", "codes.md"), encoding="utf-8") as file:
        return file.read()

"""Holds a document to the JSON Schema of the input, and tells what that schema says of a field.

``schema/spec.schema.json`` is the only place where a field, its type, limits and default are
written. jsonschema would take ten times the start-up of Python, and the hook runs inside every
``chezmoi status``; so ``rules`` reads the keywords that the schema uses, and a contract test holds
both to the same verdict.
"""

from __future__ import annotations

from chezmoi_llm.schema.hints import as_in_example
from chezmoi_llm.schema.lookup import (
    Node,
    at,
    defaults,
    load,
    merged,
    properties,
    synonyms,
    usable,
    written,
)
from chezmoi_llm.schema.rules import KEYWORDS, findings, place

__all__ = [
    "KEYWORDS",
    "Node",
    "as_in_example",
    "at",
    "defaults",
    "findings",
    "load",
    "merged",
    "place",
    "properties",
    "synonyms",
    "usable",
    "written",
]

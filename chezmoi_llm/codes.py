"""What each code means: the sections of ``docs/reference/codes.md``, the only place that says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from textwrap import indent
from urllib.parse import urljoin

from chezmoi_llm import resources
from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.records import record

_PAGE = "https://github.com/chezmoi-llm/chezmoi-llm/blob/main/docs/reference/codes.md"
_BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_SEVERITY_WORDS = {"A warning": Severity.WARNING, "A note": Severity.NOTE}
_LABELS = ("This is wrong:", "", "This is right:")


@record
class Section:
    """A code: its title, what it means, and an example that is wrong, what is said of it, and one right.

    ``prose`` and ``title`` are Markdown.
    """

    code: str
    title: str
    prose: str
    examples: tuple[str, ...]

    @property
    def severity(self) -> Severity:
        """How bad a finding of this code is at most."""
        found = (severity for words, severity in _SEVERITY_WORDS.items() if words in self.prose)
        return next(found, Severity.ERROR)

    @property
    def url(self) -> str:
        """Where the section stands on the web; GitHub makes the anchor of the heading."""
        heading = re.sub(r"[^\w -]", "", f"{self.code} {self.title}".lower())
        return f"{_PAGE}#{heading.replace(' ', '-')}"


@cache
def sections() -> Mapping[str, Section]:
    """Return every code with its section."""
    parts = re.split(r"^## ", resources.codes_text(), flags=re.MULTILINE)[1:]
    return {section.code: section for section in map(_section, parts)}


def _section(part: str) -> Section:
    heading, _, body = part.partition("\n")
    code, _, title = heading.partition(" ")
    prose = _BLOCK.sub("", body).strip()
    return Section(code=code, title=title, prose=prose, examples=tuple(_BLOCK.findall(body)))


def plain_text(section: Section) -> str:
    """Return a section for a terminal, its links written out."""
    prose = _LINK.sub(lambda link: f"{link[1]} ({_web(link[2])})", section.prose)
    return "\n".join((f"{section.code} {section.title}", "", prose, "", *_shown(section.examples)))


def _shown(examples: Iterable[str]) -> Iterable[str]:
    for label, text in zip(_LABELS, examples, strict=True):
        if label:
            yield f"{label}\n"
        yield indent(text, "    ")


def _web(target: str) -> str:
    """Return the address of a page that codes.md links to, seen from ``docs/reference/``."""
    return target if "://" in target else urljoin(_PAGE, target)

"""What each code means: the sections of ``docs/reference/codes.md``, the only place that says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from textwrap import indent
from urllib.parse import urljoin

from chezmoi_llm import resources
from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.records import record

HOME = "https://github.com/chezmoi-llm/chezmoi-llm"
"""Where the project is found."""

_PAGE = f"{HOME}/blob/main/docs/reference/codes.md"
_BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_SEVERITY_WORDS = {"A warning": Severity.WARNING, "A note": Severity.NOTE}
_LABELS = ("This is wrong:", "", "This is right:")


@record
class Section:
    """A code, its title, and what it means, with examples; title and body are Markdown.

    The blocks of the body are a text that is wrong, what ``check`` says of it, and one that is right.
    """

    code: str
    title: str
    body: str

    @property
    def severity(self) -> Severity:
        """How bad a finding of this code is."""
        words = _BLOCK.sub("", self.body)
        return next(
            (severity for said, severity in _SEVERITY_WORDS.items() if said in words), Severity.ERROR
        )

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
    return Section(code=code, title=title, body=body.strip() + "\n")


def markdown(section: Section) -> str:
    """Return what a code means, for another page: its links are whole."""
    return _LINK.sub(lambda link: f"[{link[1]}]({urljoin(_PAGE, link[2])})", section.body)


def prose(section: Section) -> str:
    """Return what a code means without its examples, the links written out."""
    words = _BLOCK.sub("", section.body).strip()
    return _LINK.sub(lambda link: f"{link[1]} ({urljoin(_PAGE, link[2])})", words)


def plain_text(section: Section) -> str:
    """Return a whole section for a terminal."""
    return "\n".join((f"{section.code} {section.title}", "", prose(section), "", *_examples(section)))


def _examples(section: Section) -> Iterator[str]:
    for label, text in zip(_LABELS, _BLOCK.findall(section.body), strict=True):
        if label:
            yield f"{label}\n"
        yield indent(text, "    ")

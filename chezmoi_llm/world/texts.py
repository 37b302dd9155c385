"""The files in which a person writes the list: the config file, its template, and what that includes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.document import Document
from chezmoi_llm.records import EMPTY, record, replace
from chezmoi_llm.world import files, places


@record
class Text:
    """A file of the person; ``included`` are the files that a template includes by name."""

    path: str
    data: bytes
    included: Mapping[str, bytes] = EMPTY

    @property
    def kind(self) -> str:
        """The ending that says what the text is, or renders to; chezmoi's own default is YAML."""
        ending = naming.ending(self.path)
        return ending if ending in naming.FORMATS else "yaml"

    @property
    def whole(self) -> str:
        """The text with all that it includes."""
        return "\n".join(data.decode(errors="replace") for data in (self.data, *self.included.values()))

    @property
    def checksum(self) -> str:
        """The checksum of the text with all that it includes."""
        parts = (
            self.data,
            *(part for item in self.included.items() for part in (os.fsencode(item[0]), item[1])),
        )
        return hashlib.sha256(b"\0".join(parts)).hexdigest()


def as_document(file: Text) -> Document:
    """Return what a file says without being rendered; one that cannot be read says nothing."""
    from chezmoi_llm import source  # noqa: PLC0415  a parser of YAML, only where something is wrong

    return source.parse(file.data, file.path).document or Document(file=file.path, data={})


def read_text(path: str) -> Text | None:
    """Return a file as it is, or None where there is none."""
    data = files.read(path) if path else None
    return None if data is None else Text(path=path, data=data)


def read_template(source_dir: str) -> Text | None:
    """Return the config template of a source folder with what it includes, or None."""
    text = read_text(places.config_template(source_dir))
    return with_included(text, source_dir) if text else None


def with_included(template: Text, source_dir: str) -> Text:
    """Return a template with the files that it includes by literal names."""
    return replace(template, included=dict(_included(template, source_dir)))


def _included(template: Text, source_dir: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files that a template includes by a literal name, and those that they include."""
    if b"include" not in template.data:
        return
    from chezmoi_llm.chezmoi.template_calls import includes  # noqa: PLC0415  most templates have none

    waiting, seen = [template.data], {template.path}
    while waiting:
        for function, name in includes(waiting.pop().decode(errors="replace")):
            for path in _candidates(function, name, source_dir):
                if path not in seen and os.path.isfile(path) and (data := files.read(path)) is not None:
                    seen.add(path)
                    waiting.append(data)
                    yield path, data


def _candidates(function: str, name: str, source_dir: str) -> Iterator[str]:
    """Yield where chezmoi looks for an included file."""
    if function == "includeTemplate":
        yield os.path.join(source_dir, naming.TEMPLATES_FOLDER, name)
    yield os.path.join(source_dir, name)

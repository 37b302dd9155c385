"""Takes in what the person wrote: from chezmoi's config file or from its template, whichever is true."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chezmoi_llm import truth
from chezmoi_llm.diagnostics import Diagnostic, Severity
from chezmoi_llm.records import EMPTY, record, replace
from chezmoi_llm.rootkeys import FORMATS, root_keys
from chezmoi_llm.truth import Pair
from chezmoi_llm.words import listed
from chezmoi_llm.world import files, places
from chezmoi_llm.world.chezmoi import STOPPING, Chezmoi, ChezmoiError, ChezmoiTimeoutError


@record
class Text:
    """A file of the person; ``included`` are the files that a template includes by name."""

    path: str
    data: bytes
    included: Mapping[str, bytes] = EMPTY

    @property
    def kind(self) -> str:
        """The ending that says what the text is, or renders to; chezmoi's own default is YAML."""
        ending = os.path.splitext(self.path.removesuffix(".tmpl"))[1][1:]
        return ending if ending in FORMATS else "yaml"

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


@record
class Intake:
    """What the person wrote, and how sure that is.

    ``data`` is a config file as chezmoi reads it. ``file`` is what the person edits, ``apply`` the
    command that then takes it up. ``settled`` is the pair of texts that needs no render next time;
    ``is_sure`` is false where the template may say more than could be seen. ``notices`` are
    sentences for the person. ``faults`` are what is wrong with the template itself; then ``data``
    is that of the config file.
    """

    data: Mapping[str, Any]
    file: Text | None
    apply: str = "chezmoi apply"
    settled: Pair | None = None
    is_sure: bool = True
    notices: tuple[str, ...] = ()
    faults: tuple[Diagnostic, ...] = ()


def take_in(chezmoi: Chezmoi, known: Pair | None) -> Intake:
    """Return what the person wrote; ``known`` is the pair of texts last found to say the same.

    Raises ChezmoiError where chezmoi cannot read its own config file.
    """
    config = _text(chezmoi.config_file)
    template = _template(chezmoi.source_dir)
    written = _with_misplaced(chezmoi.dump_config(), config)
    if template is None:
        return Intake(data=written, file=config)
    pair = Pair(template=template.checksum, config=config.checksum if config else "")
    intake = Intake(
        data=written,
        file=template,
        apply="chezmoi apply --init" if truth.varies(template.whole) else "chezmoi apply",
        settled=pair,
    )
    if not truth.needs_render(pair, known, is_fresh=chezmoi.has_just_rendered):
        return intake
    return _seen_in_template(intake, chezmoi, template, config, known)


def _seen_in_template(
    intake: Intake, chezmoi: Chezmoi, template: Text, config: Text | None, known: Pair | None
) -> Intake:
    """Return the intake with what the render of the template says, or with why it says nothing."""
    try:
        renders = tuple(_renders(chezmoi, template, intake.data, config))
    except ChezmoiTimeoutError as error:
        return _blind(intake, chezmoi.command, known, str(error))
    except ChezmoiError as error:
        return replace(intake, settled=None, faults=_faults(str(error), template))
    verdict = truth.choose(intake.data, renders)
    if verdict.is_blind:
        return _blind(intake, chezmoi.command, known, "its list depends on answers that only you can give")
    return replace(
        intake,
        data=verdict.data,
        settled=intake.settled if verdict.is_settled else None,
        notices=tuple(_unseen(verdict.unseen)),
    )


def _renders(
    chezmoi: Chezmoi, template: Text, written: Mapping[str, Any], config: Text | None
) -> tuple[Mapping[str, Any], ...]:
    """Return what the template says; twice where answers change its text, never where none can be given."""
    asked = truth.questions(template.whole)
    first, second = (truth.answers(asked, number) for number in (0, 1))
    if first is None or second is None:
        return ()

    def said(options: tuple[str, ...], *, is_tty: bool) -> Mapping[str, Any]:
        text = chezmoi.render_config_template(template.path, options, is_tty=is_tty)
        return written if config and text == config.data else _read(chezmoi, text, template.kind)

    rendered = said(first, is_tty=False)
    if not truth.varies(template.whole):
        return (rendered,)
    try:
        return (rendered, said(second, is_tty=True))
    except ChezmoiError:  # a choice that nobody has made yet, or a check of the person's own answers
        return ()


def _read(chezmoi: Chezmoi, text: bytes, kind: str) -> Mapping[str, Any]:
    return _with_misplaced(chezmoi.read_config_text(text, kind), Text(path=f".{kind}", data=text))


def _with_misplaced(config: Mapping[str, Any], text: Text | None) -> Mapping[str, Any]:
    """Put back the keys of ours that stand beside ``data:``, which chezmoi drops without a word."""
    if text is None:
        return config
    found = root_keys(text.whole, FORMATS[text.kind])
    return {**config, **{key: None for key in truth.OWNED if key in found}}


def _blind(intake: Intake, command: str, known: Pair | None, why: str) -> Intake:
    """Return the intake of a template that cannot be rendered without the person.

    The config file is believed. Where nothing is known of the pair, one word about it is enough,
    but not in the ``status`` of a shell prompt, which nobody reads.
    """
    if intake.file is None or intake.settled is None or not truth.may_be_stale(intake.settled, known):
        return intake
    is_told = known is None and command in STOPPING
    return replace(
        intake,
        settled=intake.settled if is_told else None,
        is_sure=is_told,
        notices=(f"{intake.file.path} is not looked at: {why}; if you changed it, run: {intake.apply}",),
    )


def _unseen(keys: tuple[str, ...]) -> Iterator[str]:
    if keys:
        differ, them = ("differs", "it") if len(keys) == 1 else ("differ", "them")
        yield (
            f"{listed(keys, last='and')} {differ} from the rendered config file; "
            f"your own templates see {them} after: chezmoi init"
        )


# --- texts ----------------------------------------------------------------------------------------


def _text(path: str) -> Text | None:
    data = files.read(path) if path else None
    return None if data is None else Text(path=path, data=data)


def _template(source_dir: str) -> Text | None:
    text = _text(places.config_template(source_dir))
    return replace(text, included=dict(_included(text, source_dir))) if text else None


def _included(template: Text, source_dir: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files that a template includes by a literal name, and those that they include."""
    waiting, seen = [template.data], {template.path}
    while waiting:
        for function, name in truth.includes(waiting.pop().decode(errors="replace")):
            for path in _candidates(function, name, source_dir):
                if path not in seen and os.path.isfile(path) and (data := files.read(path)) is not None:
                    seen.add(path)
                    waiting.append(data)
                    yield path, data


def _candidates(function: str, name: str, source_dir: str) -> Iterator[str]:
    """Yield where chezmoi looks for an included file."""
    if function == "includeTemplate":
        yield os.path.join(source_dir, ".chezmoitemplates", name)
    yield os.path.join(source_dir, name)


# --- what is wrong with a template ----------------------------------------------------------------

_IN_TEMPLATE = re.compile(
    r'template: ([^:]+):(\d+)(?::(\d+))?: (?:executing "[^"]*" at <.*?>: )?(.*)', re.DOTALL
)


def _faults(complaint: str, template: Text) -> tuple[Diagnostic, ...]:
    """Return what chezmoi says about a template, at its place in the template where that is known."""
    said = _IN_TEMPLATE.fullmatch(complaint)
    if said and said[1] == os.path.basename(template.path):
        return (_fault(template, said[4], line=int(said[2]), col=int(said[3] or 0) + 1),)
    if said:
        return (_fault(template, complaint),)
    return _unreadable(template) or (
        _fault(template, f"chezmoi cannot read what it renders to: {_plain(complaint)}"),
    )


def _unreadable(template: Text) -> tuple[Diagnostic, ...]:
    """Return where the text itself breaks the rules of its format."""
    from chezmoi_llm import source  # noqa: PLC0415  only where something is wrong

    found = source.parse(template.data, template.path).findings
    return tuple(one for one in found if one.severity is Severity.ERROR)


def _plain(complaint: str) -> str:
    return complaint.removeprefix("invalid config: ").removeprefix("/dev/stdin: ")


def _fault(template: Text, message: str, *, line: int = 0, col: int = 0) -> Diagnostic:
    return Diagnostic(
        file=template.path,
        line=line,
        col=col,
        width=1,
        code="LLM004",
        severity=Severity.ERROR,
        message=message,
    )

"""Rendering one template as chezmoi does: Go's template language, and a missing key is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from chezmoi_llm.chezmoi import directives
from chezmoi_llm.engine import json_text, toml_text, yaml_text
from chezmoi_llm.engine.errors import EmptyResult, EngineMissingError, RenderError
from chezmoi_llm.engine.values import copied

Functions: TypeAlias = Mapping[str, Callable[..., Any]]
MissingKey: TypeAlias = Literal["error", "default", "zero"]

_ATTRIBUTES = ("Major", "Minor", "Patch", "Prerelease", "Metadata", "Original")
"""Fields of what ``semver`` returns: the one value that is neither data nor a mapping."""

_LINE_ENDING = re.compile(r"\r\n|\r|\n")
_MISSING_KEYS: Mapping[str, MissingKey] = {
    "error": "error",
    "default": "default",
    "invalid": "default",
    "zero": "zero",
}
_LINE_ENDINGS = {"crlf": "\r\n", "lf": "\n", "native": "\n"}
_SETTERS: Mapping[str, Callable[[str], dict[str, Any] | None]] = {
    "encoding": lambda value: {} if value == "utf-8" else None,
    "format-indent": lambda value: {"format_indent": value},
    "format-indent-width": lambda value: {"format_indent": " " * int(value)} if value.isdecimal() else None,
    "left-delimiter": lambda value: {"left_delimiter": value},
    "line-ending": lambda value: {"line_ending": _LINE_ENDINGS.get(value, value)},
    "line-endings": lambda value: {"line_ending": _LINE_ENDINGS.get(value, value)},
    "missing-key": lambda value: {"missing_key": _MISSING_KEYS[value]} if value in _MISSING_KEYS else None,
    "right-delimiter": lambda value: {"right_delimiter": value},
}
"""What each key of a ``chezmoi:template:`` line sets; None where only chezmoi can do it."""

_IN_GO_WORDS = (
    (re.compile(r"missing key or attribute '(.*)'", re.DOTALL), r'map has no entry for key "\1"'),
    (re.compile(r"(?:attribute|method|property) '(.*)' is not allowed"), r"can't evaluate field \1"),
    (re.compile(r"function '(\w+)' failed: (.*)", re.DOTALL), r"error calling \1: \2"),
    (re.compile(r"template '(.*)' is not defined"), r'template "\1" not defined'),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a template can choose with a ``chezmoi:template:`` line."""

    left_delimiter: str = "{{"
    right_delimiter: str = "}}"
    line_ending: str = ""
    format_indent: str = ""
    missing_key: MissingKey = "error"


def render(
    template: str,
    data: Mapping[str, Any] | None,
    functions: Functions,
    *,
    name: str = "template",
    shared: Mapping[str, str] | None = None,
) -> str:
    """Return what a template makes of the data.

    ``functions`` is a table such as :func:`chezmoi_llm.engine.functions.table` returns; ``shared``
    holds the templates, by name, that ``{{ template "name" . }}`` finds. Raises RenderError, and
    EngineMissingError where gotpl is not installed.
    """
    try:
        return render_part(template, data, functions, name=name, shared=shared)
    except EmptyResult:
        return ""


def render_part(
    template: str,
    data: Any,
    functions: Functions,
    *,
    name: str,
    shared: Mapping[str, str] | None = None,
) -> str:
    """Render as :func:`render` does, but let ``abortEmpty`` end the template around this one too."""
    gotpl = _engine()
    options, body = _options(template, name), directives.without(template)
    try:
        compiled = _compiled(gotpl, {name: body, **(shared or {})}, functions, options)
        result: str = compiled.render(copied(data))
    except gotpl.TemplateSyntaxError as error:
        message = str(error).removeprefix(f"template:{error.line}:{error.column}: ")
        raise RenderError(message, template=name, line=error.line, col=error.column) from error
    except gotpl.TemplateExecutionError as error:
        raise _explained(error, name) from error
    ending = options.line_ending
    return _LINE_ENDING.sub(lambda _found: ending, result) if ending else result


def _engine() -> Any:
    try:
        import gotpl  # noqa: PLC0415  optional, and slow to load
    except ModuleNotFoundError as error:
        raise EngineMissingError from error
    return gotpl


def _compiled(gotpl: Any, sources: Mapping[str, str], functions: Functions, options: Options) -> Any:
    table = {**functions, **_indented(options.format_indent)} if options.format_indent else functions
    return gotpl.Template.from_sources(
        sources,
        delimiters=(options.left_delimiter, options.right_delimiter),
        functions=table,
        missing_key=options.missing_key,
        # Go templates see no Python attributes; this is how gotpl is told to hide them.
        sandbox=gotpl.SandboxPolicy(
            allow_attributes=_ATTRIBUTES,
            allow_properties=_ATTRIBUTES,
            allow_functions=table,
            max_template_chars=max(map(len, sources.values())),
            default_budget=gotpl.ExecutionBudget(),
        ),
    )


def _indented(indent: str) -> Functions:
    return {
        "toJson": lambda value: json_text.pretty(value, indent, html=True),
        "toToml": lambda value: toml_text.written(value, indent),
        "toYaml": lambda value: yaml_text.written(value, len(indent)),
    }


def _explained(error: Any, name: str) -> Exception:
    """Return the error to raise: the one of an included template, or this one in Go's words."""
    if isinstance(error.__cause__, RenderError | EmptyResult | MemoryError):
        return error.__cause__
    message = error.message
    for pattern, words in _IN_GO_WORDS:
        message = pattern.sub(words, message)
    place = {"line": error.line or 0, "col": error.column or 0}
    return RenderError(message, template=error.source_name or name, **place)


def _options(template: str, name: str) -> Options:
    """Return what the ``chezmoi:template:`` lines of a template choose."""
    options = Options()
    for key, value in directives.settings(template):
        options = _chosen(options, key, value, name)
    return options


def _chosen(options: Options, key: str, value: str, name: str) -> Options:
    if key not in _SETTERS:
        return options
    chosen = _SETTERS[key](value)
    if chosen is None:
        raise RenderError(f"{key}={value} is not supported without chezmoi", template=name)
    return replace(options, **chosen)

"""chezmoi's functions from data to data, and those of Go and Sprig where gotpl's differ."""

from __future__ import annotations

import itertools
import posixpath
from typing import Any, NoReturn

from chezmoi_llm.engine import dicts, json_text, toml_text, yaml_text
from chezmoi_llm.engine.errors import EmptyResult
from chezmoi_llm.engine.render import Functions
from chezmoi_llm.engine.values import WHITE_SPACE, Int64, printed, text, texts


def _abort_empty() -> NoReturn:
    raise EmptyResult


def _comment(prefix: str, value: str) -> str:
    return "".join(prefix + line for line in _lines(value))


def _ensure_line_prefix(prefix: str, *rest: str) -> str:
    if len(rest) not in (1, 2):
        raise TypeError(f"expected 2 or 3 arguments, got {len(rest) + 1}")
    added, value = rest[0] if len(rest) > 1 else prefix, rest[-1]
    return "".join(line if line.startswith(prefix) else added + line for line in _lines(value))


def _lines(value: str) -> list[str]:
    # Go's strings.Lines ends a line at "\n" alone, unlike str.splitlines.
    found = [f"{line}\n" for line in value.split("\n")]
    found[-1] = found[-1].removesuffix("\n")
    return found if found[-1] else found[:-1]


def _eq_fold(first: str, second: str, *more: str) -> bool:
    return _folded(first) in map(_folded, (second, *more))


def _folded(value: str) -> str:
    # Go folds one character to one: "ß" stays as it is.
    return "".join(
        next((one for one in (char.casefold(), char.lower()) if len(one) == 1), char) for char in value
    )


def _equal(first: Any, *others: Any) -> bool:
    return any(_same(first, other) for other in others)


def _same(left: Any, right: Any) -> bool:
    # gotpl's own refuses to compare a number or a string with nil.
    if left is None or right is None:
        return left is right
    if _comparable(left) is not _comparable(right):
        raise TypeError("incompatible types for comparison")
    return bool(left == right)


def _comparable(value: Any) -> type:
    try:
        return next(kind for kind in (bool, int, float, str) if isinstance(value, kind))
    except StopIteration:
        raise TypeError(f"non-comparable type {_type_of(value)}") from None


def _index(value: Any, *keys: Any) -> Any:
    for key in keys:
        if isinstance(value, dict):
            # gotpl's own gives a value that a following pipe drops; Go hands on the nil.
            value = value.get(key)
            continue
        if not isinstance(value, list | str) or not isinstance(key, int):
            raise TypeError(f"can't index item of type {_type_of(value)} with {_type_of(key)}")
        items = value.encode() if isinstance(value, str) else value
        if not 0 <= key < len(items):
            raise IndexError(f"index out of range: {key}")
        value = items[key]
    return value


def _type_of(value: Any) -> str:
    return printed("%T", value)


def _join_path(*parts: Any) -> str:
    joined = "/".join(filter(None, texts(list(parts))))
    # normpath keeps two leading slashes, as POSIX allows; Go does not.
    return posixpath.normpath(joined).replace("//", "/", 1) if joined else ""


def nil_list() -> list[Any]:
    """Return a list of no items that Go has not made yet: it prints as one, but in JSON it is null."""
    from gotpl.funcs.sprig._values import NilSlice  # noqa: PLC0415  optional, and there by now

    return NilSlice()


def _or_null(value: Any) -> Any:
    return None if type(value) is type(nil_list()) else value


def _json(value: Any) -> str:
    # As in Sprig, a value that JSON cannot express gives nothing.
    try:
        return json_text.compact(_or_null(value))
    except (TypeError, ValueError):
        return ""


def _pretty_json(first: Any, *rest: Any) -> str:
    if not rest:
        return json_text.pretty(_or_null(first))
    if not isinstance(first, str):
        raise TypeError(f"arg 1: expected a string, got a {_type_of(first)}")
    (value,) = rest
    return json_text.pretty(_or_null(value), first)


def _no_space(value: str) -> str:
    # Sprig takes each byte for a character, and notices only where it has removed one.
    kept = [chr(byte) for byte in value.encode() if chr(byte) not in WHITE_SPACE]
    return value if len(kept) == len(value.encode()) else "".join(kept)


def _print(*values: Any) -> str:
    # As fmt.Sprint: a space only between two values of which neither is a string.
    spaces = [isinstance(a, str) or isinstance(b, str) for a, b in itertools.pairwise(("", *values))]
    return "".join(
        printed("%v" if joined else " %v", value) for value, joined in zip(values, spaces, strict=True)
    )


def _quote(*values: Any) -> str:
    return " ".join(_quoted(value) for value in values if value is not None)


def _quoted(value: Any) -> str:
    return printed("%q", text(value))


def _regex_find_all(expression: str, value: str, count: int) -> list[Any]:
    from gotpl.funcs.sprig.regex import regex_find_all  # noqa: PLC0415  optional, and there by now

    return regex_find_all(expression, value, count) or nil_list()


def _replace_all_regex(expression: str, replacement: str, value: str) -> str:
    from gotpl.funcs.sprig.regex import regex_replace_all  # noqa: PLC0415  optional, and there by now

    return str(regex_replace_all(expression, value, replacement))


def _squote(*values: Any) -> str:
    return " ".join(f"'{text(value)}'" for value in values if value is not None)


def _kind_of(value: Any) -> str:
    from gotpl.funcs.sprig.reflect import kind_of  # noqa: PLC0415  optional, and there by now

    return value.go_type if isinstance(value, Int64) else str(kind_of(value))


DATA_FUNCTIONS: Functions = {
    "abortEmpty": _abort_empty,
    "comment": _comment,
    "deleteValueAtPath": dicts.delete_value_at_path,
    "ensureLinePrefix": _ensure_line_prefix,
    "eq": _equal,
    "eqFold": _eq_fold,
    "fromJson": json_text.parsed,
    "fromJsonc": json_text.parsed_with_comments,
    "fromToml": toml_text.parsed,
    "fromYaml": yaml_text.parsed,
    "hexDecode": lambda value: bytes.fromhex(value).decode(errors="surrogateescape"),
    "hexEncode": lambda value: value.encode(errors="surrogateescape").hex(),
    "index": _index,
    "joinPath": _join_path,
    "kindIs": lambda kind, value: _kind_of(value) == kind,
    "kindOf": _kind_of,
    "ne": lambda left, right: not _same(left, right),
    "nospace": _no_space,
    "print": _print,
    "printf": printed,
    "println": lambda *values: " ".join(printed("%v", value) for value in values) + "\n",
    "pruneEmptyDicts": dicts.prune_empty_dicts,
    "quote": _quote,
    "quoteList": lambda values: [_quoted(one) for one in texts(values)],
    "regexFindAll": _regex_find_all,
    "replaceAllRegex": _replace_all_regex,
    "setValueAtPath": dicts.set_value_at_path,
    "splitList": lambda separator, value: value.split(separator) if separator else list(value),
    "squote": _squote,
    "toJson": _json,
    "toPrettyJson": _pretty_json,
    "toString": text,
    "toStrings": lambda *values: texts(list(values)),
    "toToml": toml_text.written,
    "toYaml": yaml_text.written,
}
"""Every function by name; None stands for what Go calls nil."""

"""chezmoi's template functions: gotpl's Sprig functions, and chezmoi's own over them.

What a function must ask the machine for comes in as a :class:`World`, so that everything here
takes data and returns data.
"""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, NoReturn

from chezmoi_llm.engine import dicts, json_text, toml_text, yaml_text
from chezmoi_llm.engine.errors import EmptyResult, EngineMissingError
from chezmoi_llm.engine.render import Functions, render_part
from chezmoi_llm.engine.values import Int64, printed, text, texts

EXECUTABLE = 0o111

_INT64_RESULTS = ("add", "add1", "biggest", "div", "int64", "max", "min", "mod", "mul", "sub", "toDecimal")
"""Sprig functions whose result is an ``int64`` in Go."""

_CHEZMOI_ALONE = (
    "awsSecretsManager awsSecretsManagerRaw azureKeyVault bitwarden bitwardenAttachment "
    "bitwardenAttachmentByRef bitwardenFields bitwardenSecrets completion dashlaneNote dashlanePassword "
    "decrypt doppler dopplerProjectJson ejsonDecrypt ejsonDecryptWithKey encrypt exec fromIni "
    "getRedirectedURL gitHubKeys gitHubLatestRelease gitHubLatestReleaseAssetURL gitHubLatestTag "
    "gitHubRelease gitHubReleaseAssetURL gitHubReleases gitHubTags globCaseInsensitive gopass gopassRaw "
    "ioreg jq keepassxc keepassxcAttachment keepassxcAttribute keeper keeperDataFields keeperFindPassword "
    "keyring lastpass lastpassRaw mozillaInstallHash onepassword onepasswordDetailsFields "
    "onepasswordDocument onepasswordItemFields onepasswordRead pass passFields passRaw passhole "
    "protonPass protonPassJSON rbw rbwFields secret secretJSON toIni vault"
)
"""Functions that only chezmoi has: they parse, and fail where they are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What templates may ask of the machine; every path is as the template wrote it.

    ``read`` and ``read_template`` raise OSError, ``output`` whatever says that it was refused;
    ``stat`` and ``lstat`` return None, and ``look_path`` "", for what is not there.
    """

    read: Callable[[str], str]
    read_template: Callable[[str], str]
    output: Callable[[str, Sequence[str]], str]
    look_path: Callable[[str], str]
    stat: Callable[[str], Mapping[str, Any] | None]
    lstat: Callable[[str], Mapping[str, Any] | None]
    glob: Callable[[str], list[str]]
    environ: Mapping[str, str]
    warn: Callable[[str], None]


def table(world: World) -> Functions:
    """Return every function by name; those that only chezmoi can serve fail when called.

    Raises EngineMissingError where gotpl is not installed.
    """
    try:
        from gotpl.funcs.sprig import text_func_map  # noqa: PLC0415  optional, and slow to load
    except ModuleNotFoundError as error:
        raise EngineMissingError from error
    found: dict[str, Callable[..., Any]] = dict(text_func_map(environ=world.environ))
    found.update({name: _int64(found[name]) for name in _INT64_RESULTS})
    found.update({name: _only_in_chezmoi(name) for name in _CHEZMOI_ALONE.split()})
    found.update({name: _without_go_nil(function) for name, function in _PURE.items()})
    found.update({name: _without_go_nil(function) for name, function in _of_world(world, found).items()})
    return found


def _int64(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def typed(*values: Any) -> Int64:
        return Int64(function(*values))

    return typed


def _only_in_chezmoi(name: str) -> Callable[..., Any]:
    def refuse(*_values: Any) -> NoReturn:
        raise RuntimeError(f"{name} needs chezmoi itself: put chezmoi on PATH")

    return refuse


def _without_go_nil(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function that gets None for each of gotpl's two kinds of no value."""
    from gotpl.runtime.values import INVALID, UNTYPED_NIL  # noqa: PLC0415  as in table()

    @wraps(function)
    def called(*values: Any) -> Any:
        return function(*(None if value is INVALID or value is UNTYPED_NIL else value for value in values))

    return called


def _of_world(world: World, functions: Functions) -> Functions:
    return {
        "findExecutable": lambda name, folders: _executable(world, [name], texts(folders)),
        "findOneExecutable": lambda names, folders: _executable(world, texts(names), texts(folders)),
        "glob": world.glob,
        "include": world.read,
        "includeTemplate": _including(world, functions),
        "isExecutable": lambda path: _is_executable(world.stat(path)),
        "lookPath": world.look_path,
        "lstat": world.lstat,
        "output": lambda name, *args: world.output(name, args),
        "outputList": lambda name, args: world.output(name, texts(args)),
        "stat": world.stat,
        "warnf": _warning(world),
    }


def _including(world: World, functions: Functions) -> Callable[..., str]:
    def include_template(filename: str, data: Any = None) -> str:
        return render_part(world.read_template(filename), data, functions, name=filename)

    return include_template


def _is_executable(info: Mapping[str, Any] | None) -> bool:
    return info is not None and bool(info["perm"] & EXECUTABLE)


def _executable(world: World, names: Sequence[str], folders: Sequence[str]) -> str:
    for folder in filter(None, folders):
        for name in names:
            path = posixpath.normpath(posixpath.join(folder, name))
            info = world.stat(path)
            if info and not info["isDir"] and _is_executable(info):
                return path
    return ""


def _warning(world: World) -> Callable[..., str]:
    def warnf(message: str, *values: Any) -> str:
        world.warn(printed(message, *values))
        return ""

    return warnf


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
        raise TypeError(f"non-comparable type {value}: {_type_of(value)}") from None


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


def _json(value: Any) -> str:
    # As in Sprig, a value that JSON cannot express gives nothing.
    try:
        return json_text.compact(value)
    except (TypeError, ValueError):
        return ""


def _pretty_json(first: Any, *rest: Any) -> str:
    if not rest:
        return json_text.pretty(first)
    if not isinstance(first, str):
        raise TypeError(f"arg 1: expected a string, got a {_type_of(first)}")
    (value,) = rest
    return json_text.pretty(value, first)


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


def _replace_all_regex(expression: str, replacement: str, value: str) -> str:
    from gotpl.funcs.sprig.regex import regex_replace_all  # noqa: PLC0415  as in table()

    return str(regex_replace_all(expression, value, replacement))


def _squote(*values: Any) -> str:
    return " ".join(f"'{text(value)}'" for value in values if value is not None)


def _kind_of(value: Any) -> str:
    from gotpl.funcs.sprig.reflect import kind_of  # noqa: PLC0415  as in table()

    return value.go_type if isinstance(value, Int64) else str(kind_of(value))


_PURE: Functions = {
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
    "print": _print,
    "printf": printed,
    "println": lambda *values: " ".join(printed("%v", value) for value in values) + "\n",
    "pruneEmptyDicts": dicts.prune_empty_dicts,
    "quote": _quote,
    "quoteList": lambda values: [_quoted(one) for one in texts(values)],
    "replaceAllRegex": _replace_all_regex,
    "setValueAtPath": dicts.set_value_at_path,
    "splitList": lambda separator, value: value.split(separator) if separator else list(value),
    "squote": _squote,
    "toJson": _json,
    "toPrettyJson": _pretty_json,
    "toString": text,
    "toToml": toml_text.written,
    "toYaml": yaml_text.written,
    "toStrings": lambda *values: texts(list(values)),
}

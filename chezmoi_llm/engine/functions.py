"""chezmoi's template functions: gotpl's Sprig functions, and chezmoi's own over them.

What a function must ask the machine for comes in as a :class:`World`, so that everything here
takes data and returns data.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, NoReturn

from chezmoi_llm.engine.data_functions import DATA_FUNCTIONS, nil_list
from chezmoi_llm.engine.errors import EngineMissingError
from chezmoi_llm.engine.render import Functions, render_part
from chezmoi_llm.engine.values import Int64, printed, texts

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
    "protonPass protonPassJSON rbw rbwFields secret secretJSON toIni vault "
    "getHostByName"
)
"""Functions that only chezmoi may serve, the last since a preview uses no network: they parse, and fail
where they are called."""


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
    found.update({name: _without_go_nil(function) for name, function in DATA_FUNCTIONS.items()})
    found.update({name: _without_go_nil(function) for name, function in _of_world(world, found).items()})
    return found


def _int64(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def typed(*values: Any) -> Int64:
        return Int64(function(*values))

    return typed


def _only_in_chezmoi(name: str) -> Callable[..., Any]:
    def refuse(*_values: Any) -> NoReturn:
        raise RuntimeError(f"{name} needs chezmoi itself; see: chezmoi cat")

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
        "glob": lambda pattern: world.glob(pattern) or nil_list(),
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

"""How RamaLama and Podman read arguments, and what can be said of the words that a person hands them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from chezmoi_llm.diagnostics import Finding, Path, Severity
from chezmoi_llm.records import record
from chezmoi_llm.showing.words import shown


@record
class Reader:
    """How a program reads its arguments.

    ``managed`` are the flags that we write, each with the field to use instead; ``switches`` those
    without a value; ``spellings`` are other names. ``positional`` says what a word is that belongs to
    no flag. ``free`` are all other flags, of which any clear beginning will do; empty where a program
    takes whole names only, and has too many of them.
    """

    name: str
    managed: Mapping[str, str]
    switches: frozenset[str]
    spellings: Mapping[str, str]
    positional: str
    free: frozenset[str] = frozenset()

    @property
    def known(self) -> frozenset[str]:
        """Every flag that is named here."""
        return self.free.union(self.managed, self.spellings)


RAMALAMA = Reader(
    name="RamaLama",
    managed={
        **dict.fromkeys(("--name", "--network", "--host", "--detach", "--generate", "--pull"), ""),
        "--privileged": "",
        "--port": "port",
        "--image": "services.ramalama.image",
        "--ctx-size": "ctx_size",
        "--ngl": "ngl",
        "--threads": "threads",
        "--temp": "temp",
        "--cache-reuse": "cache_reuse",
        "--env": "env",
        "--runtime-args": "args",
    },
    free=frozenset(
        {
            *("--help", "--authfile", "--stack-image", "--device", "--engine-args", "--keep-groups"),
            *("--oci-runtime", "--seed", "--selinux", "--tls-verify", "--max-tokens", "--backend"),
            *("--ncmoe", "--logfile", "--thinking", "--model-draft", "--spec-type", "--spec-draft-n-max"),
            *("--spec-draft-n-min", "--spec-draft-p-min", "--webui", "--api", "--add-to-unit", "--dri"),
            *("--rag", "--rag-image", "--models-max"),
        }
    ),
    switches=frozenset({"--help", "--detach", "--keep-groups", "--privileged"}),
    spellings={
        "-h": "--help",
        "-d": "--detach",
        "-n": "--name",
        "-c": "--ctx-size",
        "-p": "--port",
        "-t": "--threads",
        "--net": "--network",
    },
    positional="another model",
)
"""Source: ``ramalama serve --help`` of RamaLama 0.25."""

PODMAN = Reader(
    name="Podman",
    managed={
        **dict.fromkeys(("--name", "--network", "--replace", "--rm", "--rmi", "--detach", "--pull"), ""),
        **dict.fromkeys(("--privileged", "--entrypoint", "--pod", "--restart", "--rootfs"), ""),
        "--publish": "port",
        "--publish-all": "port",
        "--env": "env",
    },
    switches=frozenset(
        {
            *("--detach", "--privileged", "--publish-all", "--replace", "--rm", "--rmi", "--rootfs"),
            *("--env-host", "--help", "--http-proxy", "--init", "--interactive", "--no-healthcheck"),
            *("--no-hostname", "--no-hosts", "--oom-kill-disable", "--passwd", "--quiet", "--read-only"),
            *("--read-only-tmpfs", "--sig-proxy", "--tls-verify", "--tty", "--unsetenv-all"),
        }
    ),
    spellings={
        "-d": "--detach",
        "-e": "--env",
        "-i": "--interactive",
        "-P": "--publish-all",
        "-p": "--publish",
        "-q": "--quiet",
        "-t": "--tty",
        "--net": "--network",
    },
    positional="the image",
)
"""What ``podman run`` is given by us and by RamaLama, and what would break it.

Source: podman, cmd/podman/common/create.go, common/netflags.go and containers/run.go.
"""

_OPENING = frozenset({"--cap-add", "--device", "--env-host", "--privileged", "--security-opt"})
_SHARING = frozenset({"--cgroupns", "--ipc", "--pid", "--userns", "--uts"})
"""Flags that give the container more than RamaLama would, the second if their value is ``host``."""


@record
class Given:
    """A word as a program reads it: a flag by its longest name with its value, or no flag."""

    at: int
    word: str
    flag: str = ""
    value: str = ""
    lacks_value: bool = False


def does_open(given: Given) -> bool:
    """Say whether a flag of Podman's, or of RamaLama's, gives a container more than it has."""
    return given.flag in _OPENING or (given.flag in _SHARING and given.value == "host")


def opening(path: Path, what: str) -> Finding:
    """Return that a setting gives a container more than it has (LLM407); who wrote it may mean it."""
    return Finding(
        code="LLM407",
        path=path,
        severity=Severity.WARNING,
        message=f"{what} gives the container more rights",
        hint="remove it, unless that is what you mean",
    )


def misread(path: Path, message: str, hint: str) -> Finding:
    """Return that a program would not read what was meant (LLM326)."""
    return Finding(code="LLM326", path=path, message=message, hint=hint)


def open_quote(path: Path, line: str) -> Finding:
    """Return that a line cannot be split into words."""
    return misread(path, f"a quote is not closed in {shown(line)}", "close it")


def stray(path: Path, word: str, reader: Reader) -> Finding:
    """Return that a word belongs to no flag."""
    return misread(path, f"{reader.name} would read {shown(word)} as {reader.positional}", "remove it")


def read(words: Sequence[str], reader: Reader) -> Iterator[Given]:
    """Yield each word as the program reads it; the value of a flag is no word of its own."""
    at = 0
    while at < len(words):
        start, word = at, words[at]
        at += 1
        flag, value = _split(word, reader) if _is_flag(word, reader) else ("", "")
        wants_value = value is None and flag not in reader.switches
        if wants_value and at < len(words) and not _is_flag(words[at], reader):
            value, wants_value = words[at], False
            at += 1
        lacks_value = wants_value and (not reader.free or flag in reader.known)
        yield Given(at=start, word=word, flag=flag, value=value or "", lacks_value=lacks_value)


def _is_flag(word: str, reader: Reader) -> bool:
    """Say whether a word is a flag; a number is none, nor the dashes alone.

    To RamaLama, whose flags are all known, a text with blanks is one only if it begins with such a flag.
    """
    if re.fullmatch(r"--?(?!-|\d*\.?\d+$)[^\s=]+(=.*)?", word, re.DOTALL) is None:
        return False
    return " " not in word or not reader.free or _split(word, reader)[0] in reader.known


def _split(word: str, reader: Reader) -> tuple[str, str | None]:
    """Return the flag of a word by its longest name, and its value if that stands in the same word.

    One dash may stand before several letters; a value ends them.
    """
    name, equals, value = word.partition("=")
    if name.startswith("--"):
        return _whole(name, reader), value if equals else None
    flags = [reader.spellings.get(f"-{letter}", f"-{letter}") for letter in word[1:]]
    for end, flag in enumerate(flags, start=len("-x")):
        if flag not in reader.switches:
            return flag, word[end:].removeprefix("=") or None
    return next(filter(reader.managed.__contains__, flags), flags[0]), None


def _whole(name: str, reader: Reader) -> str:
    begun = sorted(flag for flag in reader.known if reader.free and flag.startswith(name))
    flag = name if name in reader.known or not begun else begun[0]
    return reader.spellings.get(flag, flag)

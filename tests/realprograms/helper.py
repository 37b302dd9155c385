"""Runs ``chezmoi-llm`` in this process: starting Python takes longer than most commands run."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess

from chezmoi_llm.__main__ import main


def run(args: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> CompletedProcess[str]:
    """Run ``chezmoi-llm ARGS`` without a terminal, as ``programs.run`` runs the installed program."""
    stdout, stderr = _stream(), _stream()
    with _in_place_of_this(["chezmoi-llm", *args], env, cwd, stdout, stderr):
        try:
            code = main()
        except SystemExit as end:
            code = int(end.code or 0)
    return CompletedProcess(["chezmoi-llm", *args], code, _text(stdout), _text(stderr))


def _stream(text: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="\n", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


@contextmanager
def _in_place_of_this(
    argv: list[str], env: Mapping[str, str], cwd: Path, stdout: io.TextIOWrapper, stderr: io.TextIOWrapper
) -> Iterator[None]:
    """Give the process other arguments, variables, streams and another working folder for a while."""
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr, dict(os.environ), os.getcwd()
    try:
        sys.argv, sys.stdin, sys.stdout, sys.stderr = argv, _stream(), stdout, stderr
        _replace_environment(env)
        os.chdir(cwd)
        yield
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr, variables, folder = before
        _replace_environment(variables)
        os.chdir(folder)


def _replace_environment(env: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(env)

"""Where the real programs are, and a PATH that holds nothing but what a test asked for."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ON_PATH = ("chezmoi", "llama-swap", "quadlet", "desktop-file-validate", "systemd-analyze", "git")
"""Programs of the machine: no package of ours brings them."""

FROM_PACKAGES = ("ramalama", "caddy", "shellcheck", "pre-commit", "chezmoi-llm", "litellm", "open-webui")
"""Programs that a package puts beside the interpreter."""

MODULES = ("xllamacpp", "gotpl")
"""Packages that are used as modules."""

ALL = ON_PATH + FROM_PACKAGES + MODULES

TOOLS = (
    "awk", "basename", "cat", "chmod", "cksum", "cmp", "cp", "cut", "date", "dirname", "env", "expr",
    "find", "git", "grep", "head", "id", "ln", "ls", "mkdir", "mkfifo", "mktemp", "mv", "od", "printf",
    "pwd", "readlink", "rm", "rmdir", "sed", "sh", "sha256sum", "sleep", "sort", "stat", "tail", "tee",
    "test", "touch", "tr", "true", "uname", "uniq", "wc", "xargs",
)  # fmt: skip
"""What a script may expect of any machine."""

_OUTSIDE_PATH = {"quadlet": ("/usr/libexec/podman", "/usr/lib/podman")}
"""Where distributions keep a program that nobody types."""


def find(name: str) -> str | None:
    """Return the absolute path of a program (of a module: its file), or None where it is missing."""
    if name in MODULES:
        spec = importlib.util.find_spec(name)
        return spec.origin if spec else None
    beside = [os.path.dirname(sys.executable)] if name in FROM_PACKAGES else []
    folders = [*beside, os.environ.get("PATH", os.defpath), *_OUTSIDE_PATH.get(name, ())]
    return shutil.which(name, path=os.pathsep.join(folders))


def located(name: str) -> str:
    """Return the absolute path of a program that the test has required already."""
    found = find(name)
    if found is None:
        raise FileNotFoundError(missing(name))
    return found


def missing(name: str) -> str:
    """Return the sentence that says why a test which needs the program was skipped."""
    return f"{name} is not installed" if name in MODULES else f"{name} is not on PATH"


def toolbox(folder: Path, *names: str) -> Path:
    """Make a folder to be the whole PATH: the usual tools, and links to the named programs.

    The machine's own podman, systemctl or nvidia-smi are out of reach then: a test sees the same
    machine everywhere and cannot touch the services of the person who runs it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    usual = {tool: shutil.which(tool) for tool in TOOLS}
    for name, target in {**usual, **{name: located(name) for name in names}}.items():
        if target and not (folder / name).is_symlink():
            (folder / name).symlink_to(target)
    return folder


def environment(home: Path, *, path: Path, **more: str) -> dict[str, str]:
    """Return a complete environment: everything that is kept lies below ``home``, nothing is inherited."""
    return {
        "HOME": str(home),
        "PATH": str(path),
        "LANG": "C.UTF-8",
        "TMPDIR": os.environ.get("TMPDIR", "/tmp"),  # noqa: S108 - the system's own default
        **private_folders(home),
        **more,
    }


def private_folders(home: Path) -> dict[str, str]:
    """Return the variables that send configuration, data, caches and git's identity below ``home``."""
    return {
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_RUNTIME_DIR": str(home / ".run"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_AUTHOR_NAME": "Test",
        "GIT_AUTHOR_EMAIL": "test@localhost",
        "GIT_COMMITTER_NAME": "Test",
        "GIT_COMMITTER_EMAIL": "test@localhost",
    }


def run(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    stdin: str = "",
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, in its own session: it has no terminal to ask questions on.

    ``stdin`` is its whole input.
    """
    done = subprocess.run(
        [str(word) for word in argv],
        env=dict(env),
        cwd=cwd,
        input=stdin.encode(),
        capture_output=True,
        timeout=timeout,
        start_new_session=True,
        check=False,
    )
    # decoded here: text mode would turn a carriage return into a line end
    stdout, stderr = done.stdout.decode(), done.stderr.decode()
    return subprocess.CompletedProcess(done.args, done.returncode, stdout, stderr)

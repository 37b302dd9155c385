"""Asks chezmoi: what its config file says, and what a config template would render to."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chezmoi_llm.chezmoi.naming import FORMATS
from chezmoi_llm.records import record
from chezmoi_llm.world.failures import CouldNotRunError

RENDERING = "CHEZMOI_LLM_RENDERING"
"""Set for every chezmoi that is started here: its hooks and templates must not ask back."""

TIMEOUT_SECONDS = 30
"""How long chezmoi may take; longer means that something waits for a person."""

STOPPING = frozenset({"apply", "update", "init"})
"""Commands that write files of the person: the only ones that a problem may stop."""


class ChezmoiError(CouldNotRunError):
    """chezmoi could not do it; the text is its own first line."""


class ChezmoiTimeoutError(ChezmoiError):
    """chezmoi did not end in time."""


class ChezmoiHookError(ChezmoiError):
    """A hook has failed that the person has beside ours; chezmoi runs it in every run of its own."""


class ChezmoiExitError(ChezmoiError):
    """chezmoi has ended without an error of its own: a template called its function ``exit``."""


@record
class Chezmoi:
    """A chezmoi and its folders, all as absolute paths; ``config_file`` need not exist.

    ``command`` and ``arguments`` are those of the run that started this program, else empty.
    """

    executable: str
    config_file: str
    source_dir: str
    working_tree: str
    cache_dir: str
    dest_dir: str
    command: str = ""
    arguments: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Chezmoi | None:
        """Return the chezmoi that started this program, or None where none did."""
        if not env.get("CHEZMOI_SOURCE_DIR") or not env.get("CHEZMOI_EXECUTABLE"):
            return None
        source_dir = env["CHEZMOI_SOURCE_DIR"]
        return cls(
            executable=env["CHEZMOI_EXECUTABLE"],
            config_file=_existing_sibling(env.get("CHEZMOI_CONFIG_FILE", "")),
            source_dir=source_dir,
            working_tree=env.get("CHEZMOI_WORKING_TREE", source_dir),
            cache_dir=env.get("CHEZMOI_CACHE_DIR", ""),
            dest_dir=env.get("CHEZMOI_DEST_DIR", ""),
            command=env.get("CHEZMOI_COMMAND", ""),
            arguments=tuple(env.get("CHEZMOI_ARGS", "").split()),
        )

    @classmethod
    def on_path(cls, source_dir: str = "") -> Chezmoi | None:
        """Return the chezmoi on PATH with the folders that it says it uses; None where there is none.

        ``source_dir`` is used instead of its own where given.
        """
        from shutil import which  # noqa: PLC0415  the hook never asks

        executable = which("chezmoi")
        if executable is None:
            return None
        source = ["--source", source_dir] if source_dir else []
        asked = [executable, *source, "execute-template", "--init", "{{ .chezmoi | toJson }}"]
        says = _parsed(_rendered(asked))
        return cls(
            executable=executable,
            config_file=_existing_sibling(says["configFile"]),
            source_dir=says["sourceDir"],
            working_tree=says["workingTree"],
            cache_dir=says["cacheDir"],
            dest_dir=says["destDir"],
        )

    @property
    def has_just_rendered(self) -> bool:
        """Say whether this very run has made the config file from its template.

        ``diff --init`` and the like make it in memory alone, where nobody else can see it.
        """
        renders = self.command == "init" or (
            self.command in {"apply", "update"} and "--init" in self.arguments
        )
        return renders and not any(map(_is_dry_run, self.arguments))

    def dump_config(self) -> Mapping[str, Any]:
        """Return the config file as chezmoi reads it. It may hold secrets: never print or keep it."""
        if not os.path.exists(self.config_file):
            return {"data": {}}
        return _parsed(run([*self._itself(), "dump-config", "--format=json"]))

    def read_config_text(self, text: bytes, kind: str) -> Mapping[str, Any]:
        """Return the text of a config file as chezmoi reads it; ``kind`` is its ending.

        Raises ChezmoiError where chezmoi cannot read it.
        """
        if kind == "jsonc":  # chezmoi has no option to read it
            from chezmoi_llm.chezmoi import jsonc  # noqa: PLC0415  the hook seldom meets one

            text = jsonc.plain(text.decode(errors="surrogateescape")).encode(errors="surrogateescape")
        config = ["--config", "/dev/stdin", "--config-format", FORMATS[kind]]
        asked = [self.executable, *config, *self._folders()]
        return _parsed(run([*asked, "dump-config", "--format=json"], text))

    def render_config_template(
        self, path: str, options: Sequence[str] = (), *, is_tty: bool = False
    ) -> bytes:
        """Return what a config template renders to; questions get the answers in ``options``.

        Raises ChezmoiError where the template is wrong, ChezmoiTimeoutError where it waits.
        """
        return self._simulated(options, "--file", path, is_tty=is_tty)

    def render_text(self, text: bytes, options: Sequence[str] = (), *, is_tty: bool = False) -> bytes:
        """Return what the text of a config template renders to, like :meth:`render_config_template`."""
        return self._simulated(options, is_tty=is_tty, stdin=text)

    def _simulated(self, options: Sequence[str], *template: str, is_tty: bool, stdin: bytes = b"") -> bytes:
        """Render as ``chezmoi init`` does; ``is_tty`` is what the template is told of a terminal."""
        asked = ["execute-template", "--init", f"--stdinisatty={str(is_tty).lower()}", *options, *template]
        return _rendered([*self._itself(), *asked], stdin)

    def _itself(self) -> list[str]:
        config = ["--config", self.config_file] if self.config_file else []
        return [self.executable, *config, *self._folders()]

    def _folders(self) -> list[str]:
        folders = {
            "--source": self.source_dir,
            "--working-tree": self.working_tree,
            "--cache": self.cache_dir,
            "--destination": self.dest_dir,
        }
        return [word for option, path in folders.items() if path for word in (option, path)] + ["--no-tty"]


def _existing_sibling(config_file: str) -> str:
    """Return the config file that is there.

    In the very first ``init --apply`` chezmoi names ``chezmoi.toml``, whatever it has just written.
    """
    stem = os.path.splitext(config_file)[0]
    there = (path for path in (config_file, *(f"{stem}.{end}" for end in FORMATS)) if os.path.isfile(path))
    return next(there, config_file)


def _is_dry_run(argument: str) -> bool:
    return argument == "--dry-run" or re.fullmatch("-[a-zA-Z]*n[a-zA-Z]*", argument) is not None


def _parsed(text: bytes) -> Mapping[str, Any]:
    try:
        parsed: Mapping[str, Any] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ChezmoiError("the config file is nested too deeply, or holds a number too long") from error
    return parsed


def _rendered(argv: Sequence[str], stdin: bytes = b"") -> bytes:
    """Run chezmoi and return the text that it makes, apart from what a person's own hooks print."""
    from tempfile import TemporaryDirectory  # noqa: PLC0415  only where something is rendered

    with TemporaryDirectory(prefix="chezmoi-llm-") as folder:
        file = os.path.join(folder, "text")
        run([*argv, "--output", file], stdin)
        if not os.path.exists(file):
            raise ChezmoiExitError("chezmoi has rendered nothing")
        with open(file, "rb") as made:
            return made.read()


def run(argv: Sequence[str], stdin: bytes = b"") -> bytes:
    """Run chezmoi without a terminal to ask questions on, and return what it prints.

    Raises ChezmoiError where it fails, ChezmoiTimeoutError where it waits for somebody.
    """
    with (
        subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {RENDERING: "1"},
            start_new_session=True,
        ) as process,
        _not_left_behind(process),
    ):
        try:
            stdout, stderr = process.communicate(stdin, timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            raise ChezmoiTimeoutError(f"chezmoi did not end within {TIMEOUT_SECONDS} s") from None
    if process.returncode:
        raise _failure(stderr)
    return stdout


@contextlib.contextmanager
def _not_left_behind(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End chezmoi where it is not waited for any more, with whatever it has started and holds our pipes."""
    try:
        yield
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _failure(stderr: bytes) -> ChezmoiError:
    """Return an error with chezmoi's own line about it, from among what hooks and vaults have said."""
    lines = [line for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    own = [line.removeprefix("chezmoi: ") for line in lines if line.startswith("chezmoi: ")]
    complaints = [line for line in own if not line.startswith("warning: ")]
    if complaints:
        kind = ChezmoiHookError if complaints[0].startswith("read-source-state: ") else ChezmoiError
        return kind(_without_values(complaints[0].strip()))
    return ChezmoiExitError(_without_values(lines[0].strip()) if lines else "chezmoi failed without a word")


_QUOTED = r"""(parsing (?:time |regexp: [^`]*)?)(?:"(?:[^"\\]|\\.)*"|`[^`]*`)"""
_FROM_A_VAULT = (
    r"(?s)(error calling (?:bitwarden|dashlane|doppler|ejson|gopass|keepassxc|keeper|keyring|lastpass"
    r"|onepassword|pass|protonPass|rbw|secret|vault|awsSecrets|azureKey|hcp)\w*: )"
    r"(?!.*(?:exit status|not found)).*"
)


def _without_values(complaint: str) -> str:
    """Return what chezmoi says without the values that it may quote: some come from a vault."""
    from chezmoi_llm.showing.veil import veiled  # noqa: PLC0415  only where something is wrong

    plain = re.sub(_QUOTED, r'\1"..."', complaint)
    return veiled(re.sub(_FROM_A_VAULT, r"\1it went wrong", plain))

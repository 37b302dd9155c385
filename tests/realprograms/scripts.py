"""A home in which chezmoi runs the shipped scripts, and a machine that writes down what they ask for.

Podman, systemd and whatever else a script may call are stand-ins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from realprograms import podman, programs, shipped, standins
from realprograms.chezmoi import Done, Home

UNITS = {"litellm": "litellm", "open_webui": "open-webui", "llama_swap": "llama-swap"}
"""The services that are units, and the name of each."""

KEYS = ("llama_swap_api_key", "litellm_master_key", "webui_secret_key")
"""Secrets that the stack would otherwise make, which takes longer than all the rest of an apply."""


def written(*, placement: str = "container", cloud: bool = False, **services: Any) -> dict[str, Any]:
    """Return a person's data; Caddy is on, on a tailnet."""
    return {
        "tailscale": {"hostname": "box", "tailnet": "tail1234"},
        "local_models": [{"name": "a", "model": "hf://org/a"}],
        "cloud_models": [{"name": "gpt-5", "model": "openai/gpt-5"}] if cloud else [],
        "llm_stack": {"services": {"llama_swap": {"placement": placement}, **services}},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMachine:
    """A home, and a machine below it on which every call is written down."""

    home: Home
    log: Path
    podman: podman.Podman

    def apply(self, data: dict[str, Any]) -> list[str]:
        """Let chezmoi apply the data; return what the scripts say."""
        shipped.put(self.home, data)
        return said(self.home.apply())

    def asked(self, unit: str = "") -> list[str]:
        """Return what systemctl was told since the last time about a unit, or about all."""
        return [order for order in standins.orders(self.log) if unit in order]

    def calls(self, program: str) -> list[str]:
        """Return the calls of another program since the last time, as lines."""
        return [" ".join(call.args) for call in standins.calls(self.log, program)]

    def forget(self) -> None:
        """Forget what was asked so far."""
        self.log.write_text("", encoding="utf-8")

    def systemd(self, *running: str, linger: bool = True, **answers: tuple[int, str]) -> None:
        """Put a systemd in place in which those services run; ``answers`` are to other questions."""
        files = {service: file_of(service, self.home) for service in running}
        standins.record_systemd(self.home.bin, self.log, linger=linger, running=files, **answers)


def file_of(service: str, home: Home) -> str:
    """Return the unit file of a service as it is deployed now, empty where there is none."""
    stem = service.removesuffix(".service")
    quadlets = (f"containers/systemd/llm{folder}/{stem}.container" for folder in ("", "/models"))
    files = (home.path / ".config" / place for place in (*quadlets, f"systemd/user/{service}"))
    return str(next((file for file in files if file.exists()), ""))


def said(done: Done) -> list[str]:
    """Return what the scripts of a run said; it must have gone well."""
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return done.stderr.splitlines()


def rendered(home: Home, *scripts: str) -> dict[str, str]:
    """Return what chezmoi makes of scripts, by their names in the source folder."""
    folder = home.source / ".chezmoiscripts"
    done = {name: home.execute((folder / f"{name}.tmpl").read_text("utf-8")) for name in scripts}
    assert {(one.returncode, one.stderr) for one in done.values()} == {(0, "")}
    return {name: one.stdout for name, one in done.items()}


def shellcheck(texts: Mapping[str, str], folder: Path) -> str:
    """Return what shellcheck has to say of scripts, which are written to a folder."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    files = [folder / name for name in texts]
    words = [programs.located("shellcheck"), "--shell=sh", "--severity=style", *files]
    checked = programs.run(words, env={"LANG": "C.UTF-8"})
    assert (checked.returncode != 0) == bool(checked.stdout), checked.stderr
    return checked.stdout + checked.stderr


@contextmanager
def recorded_machine(
    folder: Path, *, has_podman: bool = True, keys: Sequence[str] = KEYS
) -> Iterator[RecordedMachine]:
    """Make a machine below a folder; a Podman there keeps the keys already."""
    home = Home.make(folder)
    made = RecordedMachine(home=home, log=folder / "calls", podman=podman.Podman(state=folder / "podman"))
    made.systemd()
    if not has_podman:
        yield made
        return
    with podman.standing_in(home.bin, folder / "podman", "llm") as engine:
        engine.keep(*keys)
        yield made

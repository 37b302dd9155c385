"""A person's machine: dotfiles, what chezmoi makes of them, and the programs that run there.

Real are chezmoi, llama-swap, RamaLama and the model servers; Podman and systemd are stand-ins.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from realprograms import llama_swap, podman, podnet, programs, standins
from realprograms.chezmoi import Home

CONFIG = ".config/llama-swap/config.yaml"
KEY_FILE = ".config/llm/llama-swap.env"
KEY = "LLAMA_SWAP_API_KEY"
STORE = ".local/share/ramalama"

HOOK = r"""{{ if ne .chezmoi.os "windows" -}}
hooks:
  read-source-state:
    pre:
      command: sh
      args: ["-c", "f=$CHEZMOI_SOURCE_DIR/.chezmoi-llm-hook.sh; [ ! -f \"$f\" ] || exec sh \"$f\""]
{{- end }}
warnings: {configFileTemplateHasChanged: false}
"""
"""The head of a config template in YAML; what the person lists comes after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A home with dotfiles, and what runs there; ``orders`` is what systemd was told."""

    home: Home
    podman: podman.Podman
    proxy: str
    orders: Path

    @property
    def config(self) -> Path:
        """The file that llama-swap reads."""
        return self.home.path / CONFIG

    def write(self, text: str) -> None:
        """Write the config template: the hook, and then the text."""
        self.home.write({".chezmoi.yaml.tmpl": HOOK + text})

    def take_up(self, *options: str) -> None:
        """Add the stack to the dotfiles, and have chezmoi render and apply all of them."""
        done = programs.run([self.home.bin / "chezmoi-llm", "init", "--yes"], env=self.home.env)
        assert done.returncode == 0, done.stdout + done.stderr
        done = self.home.init("--apply", *options)
        assert done.returncode == 0, done.stderr

    def files(self) -> list[Path]:
        """Return the files that chezmoi has written and looks after."""
        managed = self.home.managed("--include", "files", "--path-style", "absolute").stdout
        return [file for file in map(Path, managed.splitlines()) if file.exists()]

    def restarts(self) -> int:
        """Return how often systemd was told to start llama-swap anew."""
        calls = standins.calls(self.orders, "systemctl")
        return sum("restart" in call.args and "llama-swap.service" in call.args for call in calls)

    def keep_secret(self, name: str, value: str) -> None:
        """Make a Podman secret, as a person does who has a key already."""
        done = programs.run(
            [self.home.bin / "podman", "secret", "create", name, "-"], env=self.home.env, stdin=value
        )
        done.check_returncode()

    def written_key(self) -> str:
        """Return the key that the secrets script has written for llama-swap on the host."""
        return self.home.read(KEY_FILE).removeprefix(f"{KEY}=").removesuffix("\n")

    @contextmanager
    def llama_swap(self, key: str, port: int = 0) -> Iterator[llama_swap.LlamaSwap]:
        """Run llama-swap on the configuration that is there, with the environment of its unit.

        Without ``port`` it listens on a free one.
        """
        env = {
            **self.home.env,
            "HTTP_PROXY": self.proxy,
            "RAMALAMA_STORE": str(self.home.path / STORE),
            KEY: key,
        }
        log = self.home.path / ".run/llama-swap.log"
        with llama_swap.serving(self.config, env=env, log=log, key=key, port=port) as swap:
            yield swap


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """Make a machine below a folder; its person has chezmoi, and no dotfiles yet."""
    home = Home.make(folder, "chezmoi-llm", "ramalama")
    orders = folder / "orders"
    standins.record_systemd(home.bin, orders)
    standins.install(home.bin, "llama-server")
    with (
        podman.standing_in(home.bin, folder / "podman", "llm") as engine,
        podnet.serving(engine.port) as proxy,
    ):
        yield Machine(home=home, podman=engine, proxy=proxy, orders=orders)

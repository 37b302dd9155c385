"""What the hook costs: a no-op ``chezmoi apply``, and a full run of ``chezmoi-llm hook``.

Prints ratios beside their budgets. What is compared runs in turns, and the least time of each
counts, so that a busy machine disturbs both alike.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chezmoi_llm import resources

ROUNDS = 40
MODELS = 20
TEMPLATES = 50
APPLY_BUDGET = 1.15
FULL_BUDGET = 8.0

HELPER = Path(sys.executable).with_name("chezmoi-llm")
SCRIPT = Path(resources.root("dot_templates"), ".chezmoi-llm-hook.sh")

HOOK = r"""
hooks:
  read-source-state:
    pre:
      command: sh
      args: ["-c", "f=$CHEZMOI_SOURCE_DIR/.chezmoi-llm-hook.sh; [ ! -f \"$f\" ] || exec sh \"$f\""]
"""

TEMPLATE = """\
{{- if not (hasKey . "llm") }}{{ $_ := set . "llm" (output "chezmoi-llm" "expand" | fromJson) }}{{ end -}}
{{- with .llm.error }}{{ fail . }}{{ end -}}
{{ range .llm.local_models }}{{ .name }}: {{ .cmd | toJson }}
{{ end }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command, and the environment that it runs in."""

    argv: tuple[str, ...]
    env: Mapping[str, str]

    def seconds(self) -> float:
        """Run it once and return how long that took."""
        start = time.perf_counter()
        subprocess.run(self.argv, env=dict(self.env), check=True, stdin=subprocess.DEVNULL)
        return time.perf_counter() - start


def compare(name: str, measured: Command, base: Command, budget: float) -> None:
    """Run two commands in turns and print how many times as long the first takes."""
    rounds = [(measured.seconds(), base.seconds()) for _ in range(ROUNDS)]
    least, least_base = (min(times) for times in zip(*rounds, strict=True))
    print(
        f"{name}: {least / least_base:.2f} (budget {budget}); "
        f"{least * 1000:.0f} ms against {least_base * 1000:.0f} ms"
    )


def models() -> str:
    """Return the data of a list."""
    lines = ["data:", "  local_models:"]
    for number in range(MODELS):
        lines += [
            f"    - name: model-{number}",
            f"      model: ollama://family{number}:8b",
            f"      description: The model with the number {number}",
            f"      ctx_size: {4096 + number}",
        ]
    return "\n".join([*lines, ""])


def make_home(home: Path, config: str) -> dict[str, str]:
    """Make a home with a source folder of many templates, and return its environment."""
    source = home / ".local/share/chezmoi"
    source.mkdir(parents=True)
    (source / ".chezmoi.yaml.tmpl").write_text(config)
    shutil.copy(SCRIPT, source)
    for number in range(TEMPLATES):
        (source / f"dot_file{number}.tmpl").write_text(TEMPLATE)
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "TMPDIR"}}
    return {**kept, "HOME": str(home), "CHEZMOI_LLM": str(HELPER)}


def chezmoi(*words: str, env: Mapping[str, str]) -> Command:
    """Return a command of the chezmoi on PATH."""
    return Command(argv=(shutil.which("chezmoi") or "chezmoi", *words), env=env)


def no_op_apply(folder: Path) -> None:
    """Compare an apply that has nothing to do with one that has neither, nor a hook."""
    hooked, static = make_home(folder / "hook", HOOK + models()), make_home(folder / "static", models())
    chezmoi("init", "--apply", env=hooked).seconds()
    document = Path(".local/share/chezmoi/.chezmoidata/llm.json")
    (folder / "static" / document).parent.mkdir()
    shutil.copy(folder / "hook" / document, folder / "static" / document)
    chezmoi("init", "--apply", env=static).seconds()
    compare(
        f"no-op chezmoi apply of {TEMPLATES} templates, hook / static data file",
        chezmoi("apply", env=hooked),
        chezmoi("apply", env=static),
        APPLY_BUDGET,
    )


def full_run(folder: Path) -> None:
    """Compare a full run that needs no render with a Python that does nothing."""
    home = folder / "full"
    env = make_home(home, HOOK + models())
    chezmoi("init", "--apply", env=env).seconds()
    given = {
        "CHEZMOI_EXECUTABLE": shutil.which("chezmoi") or "chezmoi",
        "CHEZMOI_COMMAND": "status",
        "CHEZMOI_CONFIG_FILE": str(home / ".config/chezmoi/chezmoi.yaml"),
        "CHEZMOI_SOURCE_DIR": str(home / ".local/share/chezmoi"),
        "CHEZMOI_WORKING_TREE": str(home / ".local/share/chezmoi"),
        "CHEZMOI_CACHE_DIR": str(home / ".cache/chezmoi"),
        "CHEZMOI_DEST_DIR": str(home),
    }
    compare(
        f"chezmoi-llm hook, full run of {MODELS} models / python -c pass",
        Command(argv=(str(HELPER), "hook"), env=env | given),
        Command(argv=(sys.executable, "-c", "pass"), env=env),
        FULL_BUDGET,
    )


def main() -> None:
    """Print both ratios."""
    if not shutil.which("chezmoi"):
        sys.exit("chezmoi is not on PATH")
    with tempfile.TemporaryDirectory() as folder:
        no_op_apply(Path(folder))
        full_run(Path(folder))


if __name__ == "__main__":
    main()

"""How long ``check`` takes: cold processes on templates of 20 and 2,000 models.

Prints seconds beside the budget, and the ratio to ``python -c pass`` of the same environment.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
BUDGETS = {20: 0.5, 2000: 3.0}


def template(models: int) -> str:
    """Return a template with that many models, some of them in a block of the template."""
    lines = ["data:", "  local_models:", '{{- if eq .chezmoi.os "linux" }}']
    for number in range(models):
        lines += [
            f"    - name: model-{number}",
            f"      model: ollama://family{number}:8b",
            f"      description: The model with the number {number}",
            "      ctx_size: 16384",
            "      args: [--override-kv, 'a=str:b c']",
        ]
    return "\n".join([*lines, "{{- end }}", ""])


def seconds(command: list[str]) -> float:
    """Return the least time of several cold runs."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    """Print a line for each size."""
    nothing = seconds([sys.executable, "-c", "pass"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, ".chezmoi.yaml.tmpl")
        for models, budget in BUDGETS.items():
            path.write_text(template(models))
            taken = seconds([sys.executable, "-m", "chezmoi_llm", "check", str(path)])
            print(
                f"check of {models:>5} models: {taken:.2f} s (budget {budget} s), "
                f"{taken / nothing:.1f} x python -c pass"
            )


if __name__ == "__main__":
    main()

"""How long ``expand --data`` takes, and how much memory: cold processes on 2,000 and 20,000 models.

Prints each number beside its budget, and the ratio of the two sizes within this run. Time is that of
the processor, start-up included: on a machine with nothing else to do it is the time on the clock.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SMALL, LARGE = 2_000, 20_000
ROUNDS = {SMALL: 5, LARGE: 2}
MOST_SECONDS, MOST_TIMES, MOST_MIB = 1.0, 12.0, 256


def models(count: int) -> str:
    """Return a list of that many local models as a JSON document."""
    written = [
        {
            "name": f"model-{number}",
            "model": f"hf://owner/repository-{number}/file.gguf",
            "description": f"The model with the number {number}",
            "ctx_size": 4096,
            "aliases": [f"alias-{number}"],
        }
        for number in range(count)
    ]
    return json.dumps({"local_models": written})


def measured(path: Path) -> tuple[float, float]:
    """Return the seconds that one cold process takes, and the most memory that it had, in MiB."""
    command = [sys.executable, "-m", "chezmoi_llm", "expand", "--data", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20


def main() -> None:
    """Print a line for each budget."""
    taken = {}
    with tempfile.TemporaryDirectory() as folder:
        for count, rounds in ROUNDS.items():
            path = Path(folder, f"{count}.json")
            path.write_text(models(count), encoding="utf-8")
            taken[count] = min(measured(path) for _ in range(rounds))
    (small, _), (large, mib) = taken[SMALL], taken[LARGE]
    print(f"expand of {SMALL:>6} models: {small:.2f} s (budget {MOST_SECONDS} s)")
    print(f"expand of {LARGE:>6} models: {large / small:.1f} x that (budget {MOST_TIMES} x)")
    print(f"expand of {LARGE:>6} models: {mib:.0f} MiB (budget {MOST_MIB} MiB)")


if __name__ == "__main__":
    main()

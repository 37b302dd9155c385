"""Puts all shipped entries into one file, so that the hook reads them quickly.

``python -m chezmoi_llm.world.store_index`` does it in a checkout, after any change of an entry.
"""

from __future__ import annotations

import json
import os
import sys

from chezmoi_llm import report, resources
from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.store import FOLDERS
from chezmoi_llm.world.model_store import open_store, read_entry


def index_text() -> str:
    """Return all shipped entries as JSON, a line for each; exits where one of them has a fault."""
    store = open_store(resources.STORE)
    read = {key: read_entry(key, store) for key in sorted(store.files)}
    faults = [fault for one in read.values() for fault in one.faults]
    if faults:
        sys.stderr.write(report.concise(faults, {}, colour=False))
        raise SystemExit(Exit.PROBLEMS)
    folders = []
    for folder in FOLDERS:
        lines = [
            f"{_json(one.entry.id)}: {_json({'fields': one.entry.fields, 'facts': one.entry.facts})}"
            for key, one in read.items()
            if key[0] == folder
        ]
        folders.append("\n".join([f'"{folder}": {{', ",\n".join(lines), "}"]))
    return "{" + ",\n".join(folders) + "}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> None:
    """Write the file anew."""
    with open(os.path.join(resources.STORE, "index.json"), "w", encoding="utf-8", newline="\n") as file:
        file.write(index_text())


if __name__ == "__main__":
    main()

"""Writes the reference of the docs; ``python -m chezmoi_llm.world.reference`` does it in a checkout."""

from __future__ import annotations

import os

from chezmoi_llm import resources
from chezmoi_llm.reference import PAGES, text_of


def main() -> None:
    """Write every page anew."""
    for name, page in PAGES.items():
        path = os.path.join(resources.root("docs"), "reference", name)
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text_of(page))


if __name__ == "__main__":
    main()

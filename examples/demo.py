"""What ``make demo`` runs: one list of models becomes every file, in a scratch home.

It copies ``examples/dotfiles`` to ``.demo/source``, adds the stack as ``chezmoi-llm init`` does, applies
all of it to ``.demo/home``, and shows where each model ended up. Your own home is neither read nor
written.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from chezmoi_llm import expand, formats
from chezmoi_llm.world import preview

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXAMPLE = "examples/dotfiles"
TEMPLATE = ".chezmoi.yaml.tmpl"
DOCUMENT = ".chezmoidata/llm.json"
SERVICES = ("llama_swap", "ramalama", "litellm", "open_webui")


# --- what is shown --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of the table: its command, and each file and line that names it."""

    name: str
    command: Sequence[str]
    places: Sequence[str]


def models(document: Mapping[str, Any], files: Mapping[str, str]) -> list[Model]:
    """Return the models of a document; ``files`` are texts by their path below the home."""
    return [
        Model(name=one["name"], command=one["cmd_argv"], places=list(places(one["name"], files)))
        for one in document["local_models"]
    ]


def places(name: str, files: Mapping[str, str]) -> Iterator[str]:
    """Yield ``path:line`` of the first line that names a model, for each file that does."""
    word = re.compile(rf"(?<![\w./:-]){re.escape(name)}(?![\w-]|[./:]\w)")
    for path, text in files.items():
        if found := word.search(text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{path}:{line}"


def shortened(words: Sequence[str], width: int) -> str:
    """Return a command in one line of at most so many columns; what is too much is left out inside.

    The first two words say what runs, the last ones what is particular to this model.
    """
    whole, first = formats.llama_swap_line(words), formats.llama_swap_line(words[:2])
    cut = (f"{first} ... {formats.llama_swap_line(words[end:])}" for end in range(3, len(words)))
    return next((line for line in (whole, *cut) if len(line) <= width), f"{whole[: width - 3]}...")


def table(shown: Iterable[Model], width: int) -> Iterator[str]:
    """Yield the lines of the table for a terminal of so many columns."""
    for model in shown:
        yield model.name
        yield f"  {shortened(model.command, width - 2)}"
        lines = wrap("  ".join(model.places), width - 2, break_long_words=False, break_on_hyphens=False)
        yield from (f"  {line}" for line in lines)
        yield ""


def heading(who: str, number: int, files: int) -> tuple[str, ...]:
    """Return what was done: by whom, for how many models, and how many files came of it."""
    return (
        f"One list of {number} models: {EXAMPLE}/{TEMPLATE}",
        f"{who} made {files} files of it, below .demo/home.",
        "",
    )


def next_steps(program: str) -> tuple[str, ...]:
    """Return what to try next; ``program`` is chezmoi-llm as it is called from the checkout."""
    return (
        "Try next:",
        "  less .demo/home/.config/llama-swap/README.md",
        f"  mistype a key in {EXAMPLE}/{TEMPLATE}, then: make demo",
        f"  {program} init --dry-run    (what your own dotfiles would get)",
    )


def called(folder: str, checkout: str) -> str:
    """Return how the chezmoi-llm of a folder of programs is called from the checkout."""
    program = os.path.join(os.path.relpath(folder, checkout), "chezmoi-llm")
    return "chezmoi-llm" if program.startswith(os.pardir) else program


# --- what is run ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """The folder of the demo: ``source`` are the dotfiles, ``home`` is where they are applied."""

    source: str
    home: str

    @property
    def env(self) -> dict[str, str]:
        """The environment of every program that is run: nothing in it leads to the person's home."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("CHEZMOI")}
        folders = {
            "HOME": "",
            "XDG_CONFIG_HOME": ".config",
            "XDG_CONFIG_DIRS": ".config",
            "XDG_DATA_HOME": ".local/share",
            "XDG_STATE_HOME": ".local/state",
            "XDG_CACHE_HOME": ".cache",
        }
        private = {name: os.path.join(self.home, folder) for name, folder in folders.items()}
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
        return kept | private | {"PATH": path}


def run(argv: Sequence[str], scratch: Scratch) -> None:
    """Run a program that asks nobody; where it fails, end with what it said."""
    done = subprocess.run(
        argv,
        env=scratch.env,
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stdout.rstrip("\n"))


def prepare(scratch: Scratch) -> None:
    """Check the example, copy it, and add to the copy what ``chezmoi-llm init`` adds."""
    program = [sys.executable, "-m", "chezmoi_llm"]
    run([*program, "check", f"{EXAMPLE}/{TEMPLATE}"], scratch)
    shutil.copytree(os.path.join(CHECKOUT, EXAMPLE), scratch.source)
    services = (word for service in SERVICES for word in ("--with", service))
    run([*program, "init", "--yes", "--source", scratch.source, *services], scratch)


def apply_with_chezmoi(scratch: Scratch) -> None:
    """Let chezmoi render the config template and write the files; scripts would start services."""
    folders = ("--source", scratch.source, "--working-tree", scratch.source, "--destination", scratch.home)
    run(["chezmoi", *folders, "init", "--apply", "--promptDefaults", "--exclude", "scripts"], scratch)


def apply_embedded(scratch: Scratch) -> None:
    """Do the same without chezmoi, and write the document where its hook does."""
    config = preview.config(scratch.source, scratch.home)
    document = expand.expand(config.values).document
    if document is None:
        sys.exit(f"the list that {EXAMPLE}/{TEMPLATE} renders to is wrong")
    data = {**config.values["data"], "llm": document}
    preview.write(preview.preview(scratch.source, data, scratch.home), scratch.home)
    os.makedirs(os.path.join(scratch.source, os.path.dirname(DOCUMENT)))
    with open(os.path.join(scratch.source, DOCUMENT), "w", encoding="utf-8") as file:
        file.write(formats.json_text({"llm": document}))


def read(path: str) -> str:
    """Return the text of a file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def applied(home: str) -> dict[str, str]:
    """Return the texts of the files in a home by their sorted paths, without chezmoi's own."""
    every = (os.path.join(folder, name) for folder, _, names in os.walk(home) for name in names)
    paths = sorted(os.path.relpath(path, home) for path in every)
    own = (".cache/", ".config/chezmoi/")
    return {path: read(os.path.join(home, path)) for path in paths if not path.startswith(own)}


def main() -> None:
    """Run the demo; ``.demo`` is made anew each time."""
    folder = os.path.join(CHECKOUT, ".demo")
    scratch = Scratch(source=os.path.join(folder, "source"), home=os.path.join(folder, "home"))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(scratch.home)
    prepare(scratch)
    has_chezmoi = shutil.which("chezmoi") is not None
    (apply_with_chezmoi if has_chezmoi else apply_embedded)(scratch)
    files = applied(scratch.home)
    found = models(json.loads(read(os.path.join(scratch.source, DOCUMENT)))["llm"], files)
    who = "chezmoi" if has_chezmoi else "chezmoi-llm, where there is no chezmoi,"
    program = called(os.path.dirname(sys.executable), CHECKOUT)
    width = shutil.get_terminal_size((80, 24)).columns
    lines = (*heading(who, len(found), len(files)), *table(found, width), *next_steps(program))
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    main()

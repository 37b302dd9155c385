"""``chezmoi-llm render``: the files that come of the list, without applying them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

import click

from chezmoi_llm.chezmoi.naming import NameProblemError
from chezmoi_llm.engine.errors import PACKAGE, EngineError, EngineMissingError
from chezmoi_llm.engine.source_state import Entry
from chezmoi_llm.expand import sources as made_files
from chezmoi_llm.records import replace
from chezmoi_llm.resolve import House
from chezmoi_llm.resources import root
from chezmoi_llm.showing.words import did_you_mean
from chezmoi_llm.targets import FILES, TARGETS
from chezmoi_llm.world import installing, preview
from chezmoi_llm.world.bounds import bounded
from chezmoi_llm.world.commands.options import input_options
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.places import source_folder
from chezmoi_llm.world.preview import Target, Tree
from chezmoi_llm.world.reading import Read, read
from chezmoi_llm.world.streams import say

SYSTEMS = {target.key: {file.path for file in target.files.values()} for target in TARGETS}
OURS = {file.path for file in FILES.values()}


@click.command("render")
@click.argument("what", nargs=-1)
@input_options
@click.option("--out", default="", metavar="DIR", help="Write the files below DIR instead.")
def command(what: tuple[str, ...], data: str, source: str, out: str) -> None:
    """Print the files that come of the list: all of ours, or those that WHAT names.

    WHAT is a target system (llama_swap), a path below the home (.config/llama-swap/config.yaml)
    or a template (dot_config/llama-swap/config.yaml.tmpl). The templates are those of your source
    folder, with --data the shipped ones. They run no program, and nothing is applied.

    Example: chezmoi-llm render llama_swap
    """
    stack = read(data=data, folder=source)
    tree = _rendered(stack, what, root("dot_templates") if data else source_folder(source))
    for warning in tree.warnings:
        say(f"a template warns: {warning}")
    if not tree.files:
        say("no file comes of it: what is asked for is switched off")
    if out:
        written = preview.write(tree, out)
        click.echo(f"wrote {len(written)} files below {out}", err=True)
        return
    for path, target in tree.files.items():
        click.echo(f"# {path}")
        sys.stdout.flush()
        sys.stdout.buffer.write(target.content)
        sys.stdout.buffer.flush()
        click.echo()


def _rendered(stack: Read, what: Iterable[str], templates: str) -> Tree:
    """Return the files that are asked for, and say so where one is not to be had."""
    made = _made(stack.house)
    wanted = {word: SYSTEMS.get(word, {_relative(word)}) | _made_for(word, made) for word in what}
    paths = set().union(*wanted.values()) if wanted else OURS | made.keys()
    sources = paths & made.keys()

    def is_wanted(entry: Entry) -> bool:
        found = paths & {entry.source, entry.target}
        sources.update(found)
        return bool(found)

    data = {**stack.data, "llm": stack.document}
    try:
        with bounded(f"rendering the templates of {templates}"):
            tree = preview.preview(templates, data, os.path.expanduser("~"), only=is_wanted)
    except EngineMissingError as error:
        raise CouldNotRunError(f"{error}; run: {installing.command(PACKAGE)}") from error
    except (EngineError, NameProblemError) as error:
        raise CouldNotRunError(str(error)) from error
    for word, places in wanted.items():
        if places and not places & sources:
            raise CouldNotRunError(f"{templates} has no template for {word!r}; {_hint(word)}")
    files = {**tree.files, **{path: made[path] for path in paths & made.keys()}}
    return replace(tree, files=dict(sorted(files.items())))


def _made(house: House) -> dict[str, Target]:
    """Return the files that come without a template, by path below the home."""
    return {
        f"{folder}/{name}": Target(content=text.encode())
        for folder, texts in made_files(house).items()
        for name, text in texts.items()
    }


def _made_for(word: str, made: Iterable[str]) -> set[str]:
    folders = [target.sources.folder for target in TARGETS if target.key == word and target.sources]
    return {path for path in made if path.rpartition("/")[0] in folders}


def _hint(word: str) -> str:
    if word in SYSTEMS:
        return f"run chezmoi-llm init --with {word}"
    return did_you_mean(word, [*SYSTEMS, *sorted(OURS)]) or "run chezmoi-llm init to add ours"


def _relative(path: str) -> str:
    """Return a path below the home or the source folder, as both name their files."""
    return path.removeprefix("~/").removeprefix(f"{os.path.expanduser('~')}/")

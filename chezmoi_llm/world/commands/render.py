"""``chezmoi-llm render``: the files that come of the list, without applying them."""

from __future__ import annotations

import os
import sys

import click

from chezmoi_llm.engine.errors import EngineError
from chezmoi_llm.resources import root
from chezmoi_llm.targets import FILES, TARGETS
from chezmoi_llm.words import did_you_mean
from chezmoi_llm.world import preview
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.places import source_folder
from chezmoi_llm.world.preview import Tree
from chezmoi_llm.world.reading import input_options, read


@click.command("render")
@click.argument("what", nargs=-1)
@input_options
@click.option("--out", default="", metavar="DIR", help="Write the files below DIR instead of printing them.")
def command(what: tuple[str, ...], data: str, folder: str, out: str) -> None:
    """Print the files that come of the list: all of ours, or those that WHAT names.

    WHAT is a target system (llama_swap), a path below the home (.config/llama-swap/config.yaml)
    or a template (dot_config/llama-swap/config.yaml.tmpl). Your own templates are rendered where
    your source folder has them, else the ones shipped. Nothing of yours is run.

    Example: chezmoi-llm render llama_swap
    """
    document = read(data=data, folder=folder).document
    source = _templates(data, folder)
    try:
        tree = preview.preview(source, {"llm": document}, os.path.expanduser("~"))
    except EngineError as error:
        raise CouldNotRunError(str(error)) from error
    chosen = _chosen(tree, what)
    if out:
        preview.write(chosen, out)
        click.echo(f"wrote {len(chosen.files)} files below {out}", err=True)
        return
    for path, target in chosen.files.items():
        click.echo(f"# {path}")
        sys.stdout.flush()
        sys.stdout.buffer.write(target.content)
        click.echo()


def _templates(data: str, folder: str) -> str:
    """Return the folder of the templates: the person's where it has ours, else the shipped one."""
    return root("dot_templates") if data else source_folder(folder)

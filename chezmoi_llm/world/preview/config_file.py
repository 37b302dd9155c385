"""The config file that chezmoi would make of a config template, its questions answered by default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.engine.functions import table
from chezmoi_llm.engine.prompts import answers
from chezmoi_llm.engine.render import render
from chezmoi_llm.records import record
from chezmoi_llm.world.places import required_template
from chezmoi_llm.world.template_data import machine_facts, parsed
from chezmoi_llm.world.template_world import read_text, world


@record
class Config:
    """chezmoi's config file: its path below the home folder, its text, and what that says."""

    path: str
    text: str
    values: Mapping[str, Any]
    warnings: tuple[str, ...] = ()


def config(source_dir: str, home_dir: str, *, commands: bool = False) -> Config:
    """Return the config file that ``chezmoi init`` would make of a source folder's config template.

    Questions are answered with their defaults, as in ``chezmoi execute-template --init``. Templates
    run no program unless ``commands`` is set. Raises EngineError, or CouldNotRunError where there is
    no config template.
    """
    source_dir = os.path.abspath(source_dir)
    template = required_template(source_dir)
    warnings: list[str] = []
    asked = world(source_dir, home_dir, document="", warn=warnings.append, commands=commands)
    facts = {"chezmoi": machine_facts(source_dir, home_dir)}
    name = os.path.basename(template)
    text = render(read_text(template), facts, {**table(asked), **answers()}, name=name)
    path = os.path.join(".config", "chezmoi", name[1:].removesuffix(naming.TEMPLATE_SUFFIX))
    return Config(path=path, text=text, values=parsed(text, path), warnings=tuple(warnings))

"""Renders a source folder of chezmoi's without chezmoi, and writes the result to a folder if asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from chezmoi_llm.chezmoi import naming
from chezmoi_llm.engine import source_state
from chezmoi_llm.engine.functions import table
from chezmoi_llm.engine.json_text import compact
from chezmoi_llm.engine.source_state import Entry
from chezmoi_llm.records import replace
from chezmoi_llm.world.preview.config_file import Config, config
from chezmoi_llm.world.preview.renderer import Renderer, rendered
from chezmoi_llm.world.preview.tree import Script, Target, Tree, write
from chezmoi_llm.world.template_data import template_data
from chezmoi_llm.world.template_world import read_text, world


def everything(_entry: Entry) -> bool:
    """Want every entry of a source folder."""
    return True


def preview(
    source_dir: str,
    data: Mapping[str, Any],
    home_dir: str,
    *,
    only: Callable[[Entry], bool] = everything,
    commands: bool = False,
) -> Tree:
    """Return what ``chezmoi apply`` would put into an empty home folder.

    ``source_dir`` is the source state itself, as ``places.source_folder`` returns it.

    ``data`` is what templates see, with the document under ``llm``; the data files of the source
    folder, and facts under ``chezmoi``, are added where ``data`` has nothing. ``only`` chooses by
    source and target what is rendered. Targets that render to nothing are absent, as chezmoi
    removes them. Templates run no program unless ``commands`` is set. Raises EngineError,
    NameProblemError, or OSError where the source folder cannot be read.
    """
    source_dir = os.path.abspath(source_dir)
    seen = template_data(source_dir, home_dir, data)
    warnings: list[str] = []
    asked = world(
        source_dir,
        home_dir,
        document=compact(seen.get("llm", {})),
        warn=warnings.append,
        commands=commands,
    )
    found = list(_walk(source_dir))
    folders = [path for path, is_folder in found if is_folder]
    renderer = Renderer(
        source_dir=source_dir,
        home_dir=home_dir,
        data=seen,
        functions=table(asked),
        shared=dict(_shared(source_dir, ["", *folders])),
    )
    files = [path for path, is_folder in found if not is_folder]
    ignored = renderer.ignored(files)
    managed = [path for path in files if not naming.is_special(path.rpartition("/")[2])]
    tree = rendered(renderer, filter(only, source_state.entries(managed, folders, ignored)))
    outside = {path: "is taken over as it is" for path in folders if _is_external(path)}
    return replace(tree, skipped=tree.skipped | outside, warnings=tuple(warnings))


def _walk(source_dir: str, folder: str = "") -> Iterator[tuple[str, bool]]:
    """Yield path and whether it is a folder, of all that chezmoi looks at, in order."""
    for entry in sorted(os.scandir(os.path.join(source_dir, folder)), key=lambda entry: entry.name):
        path = os.path.join(folder, entry.name)
        if naming.is_ignored(entry.name):
            continue
        if not entry.is_dir():
            yield path, False
        elif entry.name == naming.SCRIPTS_FOLDER:
            yield from ((inner, is_folder) for inner, is_folder in _walk(source_dir, path) if not is_folder)
        elif not naming.is_special(entry.name):
            yield path, True
            # chezmoi does not go into a folder that is a symbolic link.
            is_walked = not entry.is_symlink() and not _is_external(path)
            yield from _walk(source_dir, path) if is_walked else ()


def _is_external(path: str) -> bool:
    return naming.folder(path.rpartition("/")[2]).external


def _shared(source_dir: str, folders: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield name and text of the templates that every template can call."""
    for folder in folders:
        templates_dir = os.path.join(source_dir, folder, naming.TEMPLATES_FOLDER)
        if os.path.isdir(templates_dir):
            found = (path for path, is_folder in _walk(templates_dir) if not is_folder)
            yield from ((path, read_text(os.path.join(templates_dir, path))) for path in found)


__all__ = ["Config", "Script", "Target", "Tree", "config", "everything", "preview", "write"]

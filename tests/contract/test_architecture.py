"""The shape of the code: one direction, effects at the edge, tables that match their folders."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chezmoi_llm import checks
from chezmoi_llm.expand import error_document
from chezmoi_llm.runners import RUNNERS
from chezmoi_llm.spec import SERVICES
from chezmoi_llm.targets import FILES, TARGETS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "chezmoi_llm"
MODULES = sorted(PACKAGE.rglob("*.py"))

ORDER = (
    # what everything may use
    *("resources", "records", "showing", "formats"),
    # texts and problems in them
    *("diagnostics", "document", "chezmoi", "source", "edits"),
    # from what was written to what programs are told
    *("schema", "store", "spec", "runners", "choices", "resolve", "targets", "checks", "expand"),
    # what is made of it for people
    *("review", "report", "editing", "views"),
    *("reference", "engine", "scaffold", "health"),
    # the edge
    *("world", "__main__"),
)
"""Each module, or folder of modules, imports from those before it and from itself."""

EDGE = {"world", "resources", "__main__"}
"""Where files, processes, the environment and the terminal are touched."""

EFFECTS = {
    *("os", "sys", "io", "fcntl", "pathlib", "shutil", "tempfile", "glob", "subprocess", "signal"),
    *("socket", "urllib.request", "http", "time", "threading", "getpass", "platform", "random"),
    *("logging", "click"),
}
EFFECTIVE_CALLS = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}

HEAVY = {"click", "yaml", "tomlkit", "jsonschema", "gotpl"}
"""Packages that would make every chezmoi command wait, were they imported by the hook."""


def unit(path: Path) -> str:
    """Return the module at the top of the package, or the folder, that a file belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> Iterator[str]:
    """Yield the whole name of every module that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(path: Path) -> set[str]:
    names = {name.split(".")[1] for name in imported(path) if name.startswith("chezmoi_llm.")}
    return {name for name in names if not name.startswith("__version")}


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


EVERY_MODULE = pytest.mark.parametrize("path", MODULES, ids=name_of)


def test_every_module_has_its_place() -> None:
    assert sorted({unit(path) for path in MODULES} - {"__init__"}) == sorted(ORDER)


def test_every_part_is_explained() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    _, _, table = page.partition("## What is where")
    table, _, _ = table.partition("\n## ")
    named = set(re.findall(r"`(\w+)(?:/|\.py)`", table))
    assert set(ORDER) - named == set()


@EVERY_MODULE
def test_imports_go_one_way(path: Path) -> None:
    if unit(path) != "__init__":
        allowed = {*ORDER[: ORDER.index(unit(path)) + 1]}
        assert ours(path) <= allowed


@EVERY_MODULE
def test_effects_stay_at_the_edge(path: Path) -> None:
    if unit(path) in EDGE:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    roots = {name.split(".")[0] for name in imported(path)} | set(imported(path))
    assert roots & EFFECTS == set()
    assert called & EFFECTIVE_CALLS == set()


@pytest.mark.parametrize("folder", ["targets", "runners"])
def test_one_of_a_kind_does_not_know_another(folder: str) -> None:
    shared = {"base"}
    for path in (PACKAGE / folder).glob("*.py"):
        if path.stem != "__init__":
            inside = {
                name.split(".")[2] for name in imported(path) if name.startswith(f"chezmoi_llm.{folder}.")
            }
            assert inside <= shared, path.name


def stems(folder: str) -> set[str]:
    return {path.stem for path in (PACKAGE / folder).glob("*.py")} - {"__init__", "base"}


def test_the_tables_are_the_folders() -> None:
    assert sorted(target.key for target in TARGETS) == sorted(stems("targets"))
    assert sorted(key.replace("-", "_") for key in RUNNERS) == sorted(stems("runners"))


def test_every_rule_is_in_the_table_of_its_module() -> None:
    for path in (PACKAGE / "checks").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        rules = [
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
            and [arg.arg for arg in node.args.args] == ["spec", "choices"]
            and not node.name.startswith("_")
        ]
        listed = [rule.__name__ for rule in checks.RULES if rule.__module__.endswith(f".{path.stem}")]
        assert sorted(rules) == sorted(listed), path.name


def test_every_target_has_its_page_and_its_tests() -> None:
    assert {path.stem for path in (ROOT / "docs" / "targets").glob("*.md")} == stems("targets")
    tested = (ROOT / "tests" / "unit").glob("test_targets_*.py")
    assert {path.stem.removeprefix("test_targets_") for path in tested} == stems("targets")


def test_every_target_with_files_can_be_switched_off() -> None:
    """``init`` offers such a target as a service, and switches it off where nobody wants it."""
    assert {target.key for target in TARGETS if target.files} <= set(SERVICES)


def test_files_have_one_target_each_and_are_in_the_document() -> None:
    named = [name for target in TARGETS for name in target.files]
    assert len(named) == len(set(named))
    assert set(named) == set(FILES) == set(error_document("")["files"])


@pytest.mark.parametrize("module", ["chezmoi_llm.world.hook", "chezmoi_llm.world.output"])
def test_what_chezmoi_starts_imports_nothing_heavy(module: str) -> None:
    program = f"import sys, {module}; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded & HEAVY == set()


def test_every_module_can_be_imported_on_windows() -> None:
    """Windows has no such modules; what needs one of them imports it where it does."""
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in MODULES]
    missing = dict.fromkeys(("fcntl", "grp", "pwd", "resource", "termios"))
    program = f"import sys; sys.modules.update({missing}); " + "; ".join(
        f"import {name.removesuffix('.__init__')}" for name in names if not name.endswith("__main__")
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_functions_are_small() -> None:
    long = [
        f"{name_of(path)}: {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


def test_modules_say_in_their_first_line_what_they_are() -> None:
    silent = [
        name_of(path)
        for path in MODULES
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []

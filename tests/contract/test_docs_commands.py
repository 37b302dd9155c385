"""Every command line of ours in the docs, the templates and the messages can be typed as it stands."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from chezmoi_llm.world.cli import BEHIND, EVERYDAY, WORDS_OF_OTHERS, Commands

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"^```(?:sh|console)\n(?P<block>.*?)^```|`(?P<inline>[^`\n]+)`", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
TOLD = re.compile(r"(?:run|see|with|or|next|:) `?chezmoi-llm ([a-z_]+)")
CALL = re.compile(r"^(?:\$ |.*[;|&(] ?)?chezmoi(?:-llm| llm) (?P<words>[^|;&)<>#\n]*)", re.MULTILINE)

OVERVIEW = {**EVERYDAY, **BEHIND}

program = Commands(name="chezmoi-llm")


def calls(page: Path) -> Iterator[str]:
    """Yield what stands behind ``chezmoi-llm`` in blocks of commands and between backquotes."""
    for code in CODE.finditer(page.read_text(encoding="utf-8")):
        for call in CALL.finditer(code["block"] or code["inline"] or ""):
            yield call["words"].strip()


def unknown(words: list[str], command: click.Command) -> Iterator[str]:
    """Yield options and commands that a command does not have."""
    ctx = click.Context(command)
    if isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(ctx, words[0])
        yield from unknown(words[1:], inner) if inner else [words[0]]
        return
    known = {name for param in command.get_params(ctx) for name in (*param.opts, *param.secondary_opts)}
    given = (word.partition("=")[0] for word in words if word.startswith("--"))
    yield from (option for option in given if option not in known)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_a_page_exist(page: Path) -> None:
    typed = [shlex.split(call.replace("...", ""), comments=True) for call in calls(page)]
    assert [(words, wrong) for words in typed if (wrong := list(unknown(words, program)))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_for_a_shell_are_read_by_it(page: Path) -> None:
    for block in SHELL.findall(page.read_text(encoding="utf-8")):
        read = subprocess.run(["sh", "-n"], input=block, capture_output=True, text=True, check=False)
        assert read.stderr == "", block


def told() -> Iterator[str]:
    """Yield the commands that messages, and the files in a person's dotfiles, tell a person to run."""
    for path in (ROOT / "chezmoi_llm").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from TOLD.findall(node.value)
    for path in (ROOT / "dot_templates").rglob("*"):
        yield from TOLD.findall(path.read_text(encoding="utf-8")) if path.is_file() else ()


def test_commands_that_messages_name_exist() -> None:
    named = set(told())
    assert {"init", "check", "list", "store"} <= named <= {*OVERVIEW}


@pytest.mark.parametrize("call", [f"{name} {entry.example}" for name, entry in OVERVIEW.items()])
def test_the_overview_can_be_typed(call: str) -> None:
    assert list(unknown(shlex.split(call), program)) == []


@pytest.mark.parametrize(("word", "call"), WORDS_OF_OTHERS.items())
def test_a_word_of_others_leads_to_a_command(word: str, call: str) -> None:
    helper, *words = call.split()
    assert helper == "chezmoi" or list(unknown(words, program)) == []
    with pytest.raises(click.UsageError, match=f"^there is no command '{word}'; it is: {call}$"):
        program.main([word], standalone_mode=False)


def test_every_command_is_in_the_readme() -> None:
    named = {call.split()[0] for call in calls(ROOT / "README.md") if call}
    assert {*OVERVIEW} - {"hook"} - named <= {"remove", "enable", "disable"}

"""Checks of a source folder: is it set up, does the list reach the templates, and are these ours."""

from __future__ import annotations

from collections.abc import Iterator

from chezmoi_llm.chezmoi.naming import DOCUMENT
from chezmoi_llm.health.facts import Facts
from chezmoi_llm.health.programs import quoted
from chezmoi_llm.health.rows import Row, error, info, ok, warning
from chezmoi_llm.scaffold.starter import Mode
from chezmoi_llm.scaffold.tree import HOOK
from chezmoi_llm.showing.words import counted, listed

DECLARE = "chezmoi-llm init --print-config"
"""Shows the lines that declare the hook."""


def source_folder(facts: Facts) -> Iterator[Row]:
    """Yield whether there is a source folder that is set up, and which chezmoi can use."""
    found = facts.dotfiles
    set_up = facts.at("chezmoi-llm init")
    if not found.is_there:
        yield error("source-folder", f"{found.folder} is not there", set_up)
    elif found.disorder:
        message = f"chezmoi cannot use {found.folder}: {found.disorder}"
        yield error("source-folder", message, "rename what it names")
    elif found.mode is None:
        yield error("source-folder", f"{found.folder} has nothing of chezmoi-llm in it", set_up)
    else:
        yield ok("source-folder", found.folder)


def config(facts: Facts) -> Iterator[Row]:
    """Yield whether chezmoi has a config file that it can read, and a template of it."""
    found = facts.dotfiles
    if not found.is_there or not (found.mode or found.template):
        return
    if found.trouble:
        yield error("config", found.trouble, "mend that, then run: chezmoi init")
    elif not found.template and not found.config_file:
        yield error("config", f"{found.folder} has no config template", facts.at("chezmoi-llm init"))
    elif not found.template:
        yield ok("config", f"{found.config_file}, without a template")
    elif not found.config_file:
        yield error("config", f"{found.template} is not rendered yet", facts.at("chezmoi init --apply"))
    else:
        yield ok("config", f"{found.config_file}, from {found.template}")


def mode(facts: Facts) -> Iterator[Row]:
    """Yield how the list reaches the templates."""
    found = facts.dotfiles
    if found.mode is None:
        return
    if found.mode is Mode.COMMIT and found.document.is_tracked and found.hook.in_config:
        message = f"commit: git tracks {DOCUMENT}, and the hook leaves it alone"
        untrack = f"git -C {quoted(found.folder)} rm --cached {DOCUMENT}"
        yield info("mode", message, f"if the hook is to write it: {untrack}")
    else:
        yield ok("mode", str(found.mode))


def hook(facts: Facts) -> Iterator[Row]:
    """Yield whether the hook runs: it is declared where chezmoi reads it, and its script is there."""
    if facts.dotfiles.mode is not Mode.HOOK:
        return
    found = facts.dotfiles.hook
    declare = facts.at(DECLARE)
    if not found.has_script:
        message = f"it is declared, but {HOOK} is not there"
        yield error("hook", message, facts.at("chezmoi-llm init"))
    elif not found.in_template and not found.in_config:
        yield error("hook", f"nothing runs {HOOK}; it has to be declared", declare)
    elif not found.in_template:
        yield warning("hook", "the next chezmoi init drops it: the config template lacks it", declare)
    elif found.in_config is False:
        message = "the config template declares it, but not the config file that is made of it"
        yield error("hook", message, facts.at("chezmoi init"))
    elif found.is_edited:
        yield info("hook", f"{HOOK} is edited", facts.at("chezmoi-llm init --upgrade"))
    else:
        yield ok("hook", f"declared, and {HOOK} is as shipped")


def document(facts: Facts) -> Iterator[Row]:
    """Yield whether the document that templates read is there, and is that of the list."""
    judge = {Mode.HOOK: _made, Mode.COMMIT: _committed}.get(facts.dotfiles.mode or Mode.OUTPUT)
    if judge and facts.dotfiles.config_file:
        yield from judge(facts)


def _made(facts: Facts) -> Iterator[Row]:
    found, last = facts.dotfiles.document, facts.dotfiles.hook.last_run
    if not found.is_there:
        yield error("document", f"{DOCUMENT} is not made yet", facts.at("chezmoi apply"))
    elif found.error:
        yield error("document", found.error, facts.at("chezmoi-llm check"))
    elif changed := facts.dotfiles.hook.changed:
        has = "has" if len(changed) == 1 else "have"
        message = f"{listed(changed, last='and')} {has} changed since the last full run"
        yield info("document", message, facts.at("chezmoi apply"))
    elif last == "":
        message = f"{DOCUMENT}; the last run of the hook had errors, or was not a full one"
        yield info("document", message, facts.at("chezmoi apply"))
    else:
        yield ok("document", f"{DOCUMENT}, last full run {last}" if last else DOCUMENT)
    if found.is_exposed:
        message = f"{DOCUMENT} is made anew on each machine, and git would take it in"
        yield warning("git", message, facts.at("chezmoi-llm init"))


def _committed(facts: Facts) -> Iterator[Row]:
    found = facts.dotfiles.document
    if not found.is_tracked:
        message = f"nothing keeps {DOCUMENT} up to date, and git does not track it"
        track = f"git -C {quoted(facts.dotfiles.folder)} add --force {DOCUMENT}"
        yield warning("document", message, f"{track}; or {facts.at('chezmoi-llm init --mode hook')}")
    elif found.outdated:
        yield error("document", found.outdated, facts.at("chezmoi-llm expand --write"))
    else:
        yield ok("document", f"{DOCUMENT} is that of the list")


def the_list(facts: Facts) -> Iterator[Row]:
    """Yield how many errors and warnings ``check`` finds."""
    found = facts.dotfiles.findings
    errors, warnings = counted(found.errors, "error"), counted(found.warnings, "warning")
    look = facts.at("chezmoi-llm check")
    if not facts.dotfiles.template:
        return
    if found.unreadable:
        yield error("list", found.unreadable, look)
    elif found.errors:
        yield error("list", f"{errors} and {warnings}" if found.warnings else errors, look)
    elif found.warnings:
        yield warning("list", warnings, look)
    else:
        yield ok("list", "no problems found")


def templates(facts: Facts) -> Iterator[Row]:
    """Yield how many of our files are those of an older release."""
    found = facts.dotfiles
    if not found.files:
        return
    if found.older:
        message = f"{found.older} of {counted(found.files, 'file')} came with an older release"
        yield warning("templates", message, facts.at("chezmoi-llm init --upgrade"))
    else:
        yield ok("templates", f"{counted(found.files, 'file')} of this release, or edited")


def units(facts: Facts) -> Iterator[Row]:
    """Yield the units of the person's own that take the name of one of ours.

    Quadlet takes the one that it finds first, and says nothing of the other.
    """
    for clash in facts.dotfiles.clashes:
        message = f"{clash.path} is not alone: {clash.reason}"
        yield error("unit", message, "delete or rename one of the two, then run: chezmoi apply")

"""The command line: finds the command, and turns every failure into a sentence and an exit code."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import click

from chezmoi_llm import __version__
from chezmoi_llm.diagnostics import Exit
from chezmoi_llm.records import record
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.streams import say


@record
class Entry:
    """A command in the overview: where it is, what it does in one line, and what may stand behind it."""

    module: str
    summary: str
    example: str = ""


EVERYDAY: Mapping[str, Entry] = {
    "init": Entry(module="init", summary="Add the stack to your dotfiles."),
    "check": Entry(module="check", summary="Tell what is wrong, and how to mend it."),
    "list": Entry(module="list_", summary="Show the models and where they run."),
    "add": Entry(module="add", summary="Add a model to the list.", example="qwen3-8b ollama://qwen3:8b"),
    "remove": Entry(module="remove", summary="Remove models, and what names them.", example="qwen3-8b"),
    "set": Entry(
        module="set_", summary="Set fields of a model, or rename it.", example="qwen3-8b ctx_size=32768"
    ),
    "enable": Entry(module="enable", summary="Enable models.", example="qwen3-8b"),
    "disable": Entry(module="disable", summary="Keep models without running them.", example="qwen3-8b"),
    "use": Entry(module="use", summary="Choose the model for a role.", example="task qwen3-0.6b"),
    "pull": Entry(module="pull", summary="Fetch models before they are needed.", example="--images"),
    "try": Entry(module="try_", summary="Ask each model one small question.", example="--all"),
    "explain": Entry(
        module="explain", summary="Say where each value of a model comes from.", example="qwen3-8b"
    ),
}

BEHIND: Mapping[str, Entry] = {
    "hook": Entry(module="hook", summary="Bring llm.json up to date; chezmoi calls this."),
    "expand": Entry(module="expand", summary="Print the document that templates read.", example="--pretty"),
    "render": Entry(
        module="render",
        summary="Print the files that come of it, without applying them.",
        example="llama_swap",
    ),
    "secrets": Entry(module="secrets", summary="Show which secrets are needed, by name."),
    "store": Entry(
        module="store",
        summary="Find models that a list may name by ID; check a store.",
        example="search coder",
    ),
    "doctor": Entry(module="doctor", summary="Look for what keeps the stack from working."),
    "schema": Entry(module="schema", summary="Print a JSON Schema, for an editor.", example="spec"),
}

WORDS_OF_OTHERS: Mapping[str, str] = {
    "apply": "chezmoi apply",
    "delete": "chezmoi-llm remove",
    "diff": "chezmoi diff",
    "edit": "chezmoi-llm set",
    "lint": "chezmoi-llm check",
    "ls": "chezmoi-llm list",
    "models": "chezmoi-llm list",
    "rename": "chezmoi-llm set NAME name=NEW",
    "rm": "chezmoi-llm remove",
    "search": "chezmoi-llm store search",
    "show": "chezmoi-llm explain",
    "status": "chezmoi-llm doctor",
    "test": "chezmoi-llm try",
    "uninstall": "chezmoi-llm init --remove",
    "update": "chezmoi-llm init --upgrade",
    "upgrade": "chezmoi-llm init --upgrade",
    "validate": "chezmoi-llm check",
}
"""What is asked for by words that other programs have for it."""


class Commands(click.Group):
    """Commands that are imported when they are called, so that ``--help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, the everyday ones first."""
        return [*EVERYDAY, *BEHIND]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        entry = {**EVERYDAY, **BEHIND}.get(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(f"chezmoi_llm.world.commands.{entry.module}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for, or say which one is near."""
        from chezmoi_llm.showing.words import did_you_mean  # noqa: PLC0415  only for a typo

        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            meant = WORDS_OF_OTHERS.get(args[0])
            near = f"it is: {meant}" if meant else did_you_mean(args[0], self.list_commands(ctx))
            ctx.fail(f"there is no command {args[0]!r}; {near or 'see chezmoi-llm --help'}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview: each command with an example of its words, importing none of them."""
        for title, entries in (("Everyday", EVERYDAY), ("Behind the scenes", BEHIND)):
            with formatter.section(title):
                formatter.write_dl(
                    [(f"{name} {entry.example}".rstrip(), entry.summary) for name, entry in entries.items()]
                )


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="All of it also works as 'chezmoi llm ...'.",
)
@click.version_option(__version__, prog_name="chezmoi-llm")
def group() -> None:
    """Keep one list of language models, and every dotfile right.

    Below, each command has an example of what may stand behind it.
    """


def main() -> int:
    """Run the command line of this process and return its exit code."""
    try:
        result = group.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return Exit.INTERRUPTED
    except CouldNotRunError as error:
        say(str(error))
        return error.exit_code
    return result if isinstance(result, int) else Exit.FINE

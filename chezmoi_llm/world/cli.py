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
    """A command in the overview: where it is, what it does in one line, and how it is called."""

    module: str
    summary: str
    example: str


EVERYDAY: Mapping[str, Entry] = {
    "init": Entry(module="init", summary="Add the stack to your dotfiles.", example="chezmoi-llm init"),
    "check": Entry(
        module="check",
        summary="Tell what is wrong, where, and how to mend it.",
        example="chezmoi-llm check",
    ),
    "list": Entry(
        module="list_", summary="Show the models and where they run.", example="chezmoi-llm list"
    ),
    "add": Entry(
        module="add",
        summary="Add a model to the list.",
        example="chezmoi-llm add qwen3-8b ollama://qwen3:8b",
    ),
    "remove": Entry(
        module="remove",
        summary="Remove models, and what names them.",
        example="chezmoi-llm remove qwen3-8b",
    ),
    "set": Entry(
        module="set_",
        summary="Set fields of a model, or rename it.",
        example="chezmoi-llm set qwen3-8b ctx_size=32768",
    ),
    "enable": Entry(module="enable", summary="Enable models.", example="chezmoi-llm enable qwen3-8b"),
    "disable": Entry(
        module="disable",
        summary="Keep models in the list without running them.",
        example="chezmoi-llm disable qwen3-8b",
    ),
    "use": Entry(
        module="use",
        summary="Choose the model for a role.",
        example="chezmoi-llm use task qwen3-0.6b",
    ),
    "pull": Entry(
        module="pull",
        summary="Fetch models before they are needed.",
        example="chezmoi-llm pull --images",
    ),
    "try": Entry(
        module="try_",
        summary="Ask each model one small question.",
        example="chezmoi-llm try --all",
    ),
    "explain": Entry(
        module="explain",
        summary="Say where each value of a model comes from.",
        example="chezmoi-llm explain qwen3-8b",
    ),
}

BEHIND: Mapping[str, Entry] = {
    "hook": Entry(module="hook", summary="Bring llm.json up to date; chezmoi calls this.", example=""),
    "expand": Entry(
        module="expand",
        summary="Print the document that templates read.",
        example="chezmoi-llm expand | jq .local_models[].cmd",
    ),
    "render": Entry(
        module="render",
        summary="Print the files that come of it, without applying them.",
        example="chezmoi-llm render llama_swap",
    ),
    "secrets": Entry(
        module="secrets",
        summary="Show which secrets are needed, by name.",
        example="chezmoi-llm secrets",
    ),
    "store": Entry(
        module="store",
        summary="Look for models that can be asked for by ID; check a store of your own.",
        example="chezmoi-llm store search coder",
    ),
    "doctor": Entry(
        module="doctor",
        summary="Look for what keeps the stack from working.",
        example="chezmoi-llm doctor",
    ),
    "schema": Entry(
        module="schema",
        summary="Print a JSON Schema, for an editor.",
        example="chezmoi-llm schema spec > llm.schema.json",
    ),
}


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
            near = did_you_mean(args[0], self.list_commands(ctx))
            ctx.fail(f"there is no command {args[0]!r}; {near or 'see chezmoi-llm --help'}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview: what each command does, with an example, importing none of them."""
        for title, entries in (("Everyday", EVERYDAY), ("Behind", BEHIND)):
            with formatter.section(title):
                formatter.write_dl([(name, _overview(entry)) for name, entry in entries.items()])


def _overview(entry: Entry) -> str:
    return f"{entry.summary}  ({entry.example})" if entry.example else entry.summary


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="All of it also works as 'chezmoi llm ...'.",
)
@click.version_option(__version__, prog_name="chezmoi-llm")
def group() -> None:
    """Keep one list of language models, and every dotfile right."""


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

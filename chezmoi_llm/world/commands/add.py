"""``chezmoi-llm add``: a new model in the list."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import click

from chezmoi_llm import schema
from chezmoi_llm.editing.adding import Addition, add
from chezmoi_llm.world.editing import asked, assignments, carry_out, editing_options

SHOWN = {
    *("ctx_size", "ttl", "roles", "aliases", "description", "group", "kind", "runner"),
    *("display_name", "quantization", "ram_required_gb", "context_window", "fallback", "env"),
}
"""Fields whose options ``--help`` lists; the others have options as well."""

_SPELLINGS = {"roles": "--role", "aliases": "--alias", "ram_required_gb": "--ram"}
_WRITTEN_OTHERWISE = {"name", "id", "model", "enabled"}
_ASSIGNMENT = re.compile(r"[A-Za-z_][\w-]*(?:\.[^=/]*)?=")


def _field_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each field of a model, as the schema describes it."""
    fields = {**schema.properties("cloud_model"), **schema.properties("local_model")}
    for field, node in reversed(fields.items()):
        if field not in _WRITTEN_OTHERWISE:
            command = _option(field, node)(command)
    return command


def _option(field: str, node: Mapping[str, Any]) -> Callable[..., Any]:
    types = {branch.get("type") for branch in (node, *node.get("anyOf", ()))}
    plain = f"--{field.replace('_', '-')}"
    return click.option(
        plain,
        *filter(None, (_SPELLINGS.get(field),)),
        field,
        multiple=bool(types & {"array", "object"}),
        metavar="|".join(filter(None, node["enum"])) if "enum" in node else _metavar(types),
        help=node.get("description", "").partition(".")[0] + ".",
        hidden=field not in SHOWN,
    )


def _metavar(types: set[str | None]) -> str:
    if "object" in types:
        return "NAME=VALUE"
    return "N" if types & {"integer", "number"} else "TEXT"


@click.command("add")
@click.argument("name")
@click.argument("words", nargs=-1, metavar="[URI] [KEY=VALUE]...")
@_field_options
@click.option("--cloud", is_flag=True, help="Add to cloud_models, whatever the URI looks like.")
@editing_options
def command(name: str, words: tuple[str, ...], *, cloud: bool, **options: Any) -> int:
    """Add the model NAME, which comes from URI; without a URI, NAME is an entry of the model store.

    A URI such as ollama://qwen3:8b is a model of this machine, PROVIDER/MODEL one of the cloud.
    Every field of a model can be given, as an option or as KEY=VALUE.

    \b
    Examples:
      chezmoi-llm add qwen3-8b ollama://qwen3:8b --ctx-size 32768
      chezmoi-llm add gpt-5 openai/gpt-5-2025-08-07
      chezmoi-llm add bge-m3 hf://gpustack/bge-m3-GGUF kind=embedding pooling=cls
    """  # noqa: D301  click reads the escape: these lines are not to be joined
    if "://" in name:
        raise click.UsageError(f"a name comes first: chezmoi-llm add NAME {name}")
    what = asked(options)
    uri, rest = _split(words)
    fields = {**_given(options), **assignments(rest)}
    addition = Addition(name=name, uri=uri, fields=fields, cloud=cloud)
    return carry_out(what, [partial(add, addition=addition)])


def _split(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return the URI, empty where there is none, and the words behind it."""
    if words and not _ASSIGNMENT.match(words[0]):
        return words[0], words[1:]
    return "", words


def _given(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that were given as options, lists as JSON, entries of mappings one by one."""
    fields: dict[str, str] = {}
    for field, given in options.items():
        if field in {"env", "metadata"}:
            fields |= {f"{field}.{key}": text for key, text in assignments(given).items()}
        elif isinstance(given, tuple) and given:
            fields[field] = ",".join(given) if len(given) > 1 else given[0]
        elif isinstance(given, str):
            fields[field] = given
    return fields

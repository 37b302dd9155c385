"""What replaces a deprecated model takes its place in the list."""

from __future__ import annotations

from functools import partial

import pytest

from chezmoi_llm.editing import edited, page
from chezmoi_llm.editing.migrating import migrate, outdated
from chezmoi_llm.editing.refusal import RefusedError
from chezmoi_llm.store import Entry, Stock

FILE = ".chezmoi.yaml.tmpl"


def entry(name, **fields):
    return Entry(
        folder="local", id=name, file=f"{name}.yaml", fields={"model": f"ollama://{name}:1b", **fields}
    )


ENTRIES = (entry("old", replaced_by="mid"), entry("mid", replaced_by="new"), entry("new"))


def look_up(_data):
    return Stock(entries={one.key: one for one in ENTRIES})


def whole(models, stack=""):
    return f"data:\n  local_models:\n{models}{stack}"


def after(text, name, **how):
    return edited(text.encode(), FILE, [partial(migrate, name=name, **how)], look_up).decode()


STACK = """\
  llm_stack:
    chat_model: {0}
    groups: {{g: {{members: [{0}]}}}}
"""

MIGRATIONS = {
    "an ID": (
        (whole("    - old  # mine\n", STACK.format("old")), {}),
        whole("    - new  # mine\n", STACK.format("new")),
    ),
    "an ID that keeps its name": (
        (whole("    - old\n"), {"keep_name": True}),
        whole("    - {id: new, aliases: [old]}\n"),
    ),
    "an ID with fields": (
        (whole("    - id: old\n      ttl: 5\n"), {}),
        whole("    - id: new\n      ttl: 5\n"),
    ),
    "an ID with fields that keeps its name": (
        (whole("    - id: old\n      aliases: [first]\n"), {"keep_name": True}),
        whole("    - id: new\n      aliases: [first, old]\n"),
    ),
    "a name of its own stays": (
        (whole("    - {id: old, name: mine}\n", STACK.format("mine")), {}),
        whole("    - {id: new, name: mine}\n", STACK.format("mine")),
    ),
    "a name that is a key stays": (
        (whole("    mine: {id: old}\n", STACK.format("mine")), {}),
        whole("    mine: {id: new}\n", STACK.format("mine")),
    ),
    "into one that is there": (
        (whole("    - old\n    - new\n", STACK.format("old")), {}),
        whole("    - new\n", STACK.format("new")),
    ),
    "into one that is there, and keeps its name": (
        (whole("    - old\n    - new\n"), {"keep_name": True}),
        whole("    - {id: new, aliases: [old]}\n"),
    ),
    "with roles and other names, into one that stands beside it": (
        (whole("    - {id: old, name: mine, roles: [task], aliases: [small, new]}\n    - new\n"), {}),
        whole("    - {id: new, aliases: [small], roles: [task]}\n"),
    ),
    "into one that has roles and other names": (
        (
            whole("    - {id: old, roles: [task]}\n    - {id: new, roles: [chat], aliases: [a]}\n"),
            {"keep_name": True},
        ),
        whole("    - {id: new, roles: [chat, task], aliases: [a, old]}\n"),
    ),
    "into one that stands beside it": (
        (
            whole(
                "    - old\n    - {id: new, fallback: [old]}\n",
                "  llm_stack:\n    groups: {g: {members: [old, new]}}\n",
            ),
            {},
        ),
        whole("    - {id: new, fallback: []}\n", "  llm_stack:\n    groups: {g: {members: [new]}}\n"),
    ),
}


@pytest.mark.parametrize(("given", "expected"), MIGRATIONS.values(), ids=MIGRATIONS)
def test_the_successor_takes_the_place(given, expected):
    text, how = given
    name = "mine" if "mine" in text.replace("# mine", "") else "old"
    assert after(text, name, **how) == expected


def test_a_model_that_is_written_out_goes_where_its_successor_is():
    text = whole("    - {name: a, model: ollama://a, replaced_by: b}\n    - {name: b, model: ollama://b}\n")
    assert after(text, "a") == whole("    - {name: b, model: ollama://b}\n")


REFUSED = {
    "nothing replaces it": ("    - new\n", "new", "nothing replaces 'new'"),
    "written out": (
        "    - {name: a, model: ollama://a, replaced_by: new}\n",
        "a",
        "'a' is written out, and 'new' is not in the list",
    ),
    "a circle": (
        (
            "    - {name: a, model: ollama://a, replaced_by: b}\n"
            "    - {name: b, model: ollama://b, replaced_by: a}\n"
        ),
        "a",
        "'a' and 'b' replace each other",
    ),
    "another kind": (
        "    - {name: a, model: ollama://a, kind: embedding, replaced_by: new}\n",
        "a",
        "'new' cannot replace 'a': it is a model for chat",
    ),
}


@pytest.mark.parametrize(("models", "name", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_replaced(models, name, why):
    with pytest.raises(RefusedError) as refused:
        after(whole(models), name)
    assert refused.value.why == why


def test_those_that_can_be_replaced_are_known_by_name():
    text = whole("    - new\n    - old\n    - {id: mid, name: mine}\n")
    assert outdated(page(text, FILE, look_up)) == ("old", "mine")

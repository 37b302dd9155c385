"""Editing a list whose models are IDs of the model store."""

from __future__ import annotations

from functools import partial

import pytest

from chezmoi_llm.editing import edited
from chezmoi_llm.editing.adding import Addition, add
from chezmoi_llm.editing.assigning import assign, switch
from chezmoi_llm.editing.refusal import RefusedError
from chezmoi_llm.editing.removing import remove
from chezmoi_llm.editing.roles import use
from chezmoi_llm.store import Entry, Stock

FILE = ".chezmoi.yaml.tmpl"


def look_up(_data):
    """Return a store with one entry that gives a model, and one that is switched off."""
    entries = [
        Entry(folder="local", id="there", file="there.json", fields={"model": "ollama://there"}),
        Entry(
            folder="local", id="away", file="away.json", fields={"model": "ollama://away", "enabled": False}
        ),
    ]
    return Stock(entries={entry.key: entry for entry in entries})


def after(text, *intents):
    whole = f"data:\n  local_models:\n{text}"
    return edited(whole.encode(), FILE, intents, look_up).decode().removeprefix("data:\n  local_models:\n")


ADDED = Addition(name="there", fields={})


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("    - away\n", partial(add, addition=ADDED), "    - away\n    - there\n"),
        (
            "    - there\n",
            partial(assign, name="there", fields={"ttl": "5"}),
            "    - {id: there, ttl: 5}\n",
        ),
        ("    - away\n", partial(switch, name="away", on=True), "    - {id: away, enabled: true}\n"),
        (
            "    - {id: away, enabled: false}\n",
            partial(switch, name="away", on=True),
            "    - {id: away, enabled: true}\n",
        ),
        ("    - there\n", partial(switch, name="there", on=False), "    - {id: there, enabled: false}\n"),
        ("    - there\n    - away\n", partial(remove, name="there"), "    - away\n"),
    ],
    ids=["add", "set", "enable", "enable-again", "disable", "remove"],
)
def test_an_id_is_edited_like_any_model(text, intent, expected):
    assert after(text, intent) == expected


def test_a_role_for_an_id_that_is_not_in_the_list():
    with pytest.raises(RefusedError) as refused:
        after("    - away\n", partial(use, role="task", name="there"))
    assert (refused.value.why, refused.value.hint) == (
        "'there' is not in the list",
        "run: chezmoi-llm add there",
    )


@pytest.mark.parametrize(
    ("uri", "why", "hint"),
    [
        (
            "openia/gpt-5",
            "'openia' is no provider that LiteLLM knows",
            "did you mean openai/gpt-5, or hf://openia/gpt-5 on this machine?",
        ),
        (
            "there",
            "'there' is no URI, but the ID of an entry in the model store",
            "add it under its own name: chezmoi-llm add there",
        ),
    ],
)
def test_a_near_miss_of_a_uri_is_told_what_it_may_mean(uri, why, hint):
    with pytest.raises(RefusedError) as refused:
        after("    - away\n", partial(add, addition=Addition(name="foo", uri=uri, fields={})))
    assert (refused.value.why, refused.value.hint) == (why, hint)


def test_an_id_that_nobody_has_is_refused():
    with pytest.raises(RefusedError) as refused:
        after("    - there\n", partial(add, addition=Addition(name="nobody", fields={})))
    assert [one.code for one in refused.value.wrong.found] == ["LLM209"]

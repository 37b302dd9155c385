"""No secret is repeated: whatever the list looks like, in no format, message or source line."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chezmoi_llm import report
from chezmoi_llm.expand import judge
from chezmoi_llm.review.findings import review

FILE = ".chezmoi.yaml.tmpl"
CANARY = "c4nary-Zq7"
TOKEN = "hf_" + "c4naryZq7" * 4
"""Known by its form wherever it stands; the canary is a secret only by what it is called."""

NAMES = ("DB_PASSWORD", "PGPASS", "OPENAI_API_KEY", "HF_TOKEN", "clientSecret", "API_KEY", "auth", "PASSWD")
FLAGS = ("--api-key", "--hf-token", "-password", "--client_secret")
URLS = (f"https://u:{CANARY}@host/x.gguf", f"https://host/x.gguf?a=1&token={CANARY}", f"hf://{CANARY}@o/r")

names = st.sampled_from(NAMES)
flags = st.sampled_from(FLAGS)
urls = st.sampled_from(URLS)
tokens = st.sampled_from((TOKEN, f"uses {TOKEN} now", f"{TOKEN}\n", f"sk-{CANARY * 3}"))
everywhere = tokens | urls

values = st.sampled_from((CANARY, f"{CANARY}\n", f"{CANARY} {CANARY}"))
lists = values | st.lists(values, min_size=1, max_size=2)
mappings = lists | st.dictionaries(st.sampled_from(("a", "b")), lists, min_size=1)
"""A secret in shapes that the schema knows, and in others."""

assigned = st.builds(lambda name, mark: f"{name}{mark}{CANARY}", names, st.sampled_from(("=", ": ", " = ")))
flagged = st.builds(lambda flag, mark: f"{flag}{mark}{CANARY}", flags, st.sampled_from(("=", " ")))
following = st.builds(lambda flag: [flag, CANARY], flags)
arguments = following | st.lists(flagged, min_size=1) | flagged | st.just([TOKEN])


def configs(shapes: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return config files with secrets in them, the named ones in the given shapes."""
    named = st.builds(lambda name, value: {name: value}, names, shapes)
    environments = named | assigned | st.lists(assigned | named, min_size=1, max_size=2)
    model = {
        "name": st.just("a") | tokens,
        "model": everywhere | st.just("olama://x"),
        "display_name": everywhere,
        "description": everywhere | st.just(f"set DB_PASSWORD={CANARY}"),
        "check_endpoint": st.just(f"/health?api_key={CANARY}") | tokens,
        "env": environments,
        "args": arguments,
        "runner_args": arguments,
        "metadata": named | st.dictionaries(st.sampled_from(("note", "unknown")), everywhere),
        "nonsense": named | everywhere,
        "ttl": everywhere,
        "aliases": st.lists(tokens),
        "enabled": st.booleans() | tokens,
        "api_key": shapes,
    }
    service = {
        "env": environments,
        "args": arguments,
        "secrets": st.dictionaries(names, tokens),
        "extra": st.fixed_dictionaries({"Service": st.dictionaries(st.just("ExecStartPre"), flagged)}),
        "image": everywhere,
        "bind": tokens,
    }
    models = st.fixed_dictionaries({}, optional=model)
    data = {
        "local_models": st.lists(models, max_size=2) | st.dictionaries(st.just("token-x"), models | urls),
        "cloud_models": st.lists(models, max_size=1),
        "llm_stack": st.fixed_dictionaries(
            {"services": st.fixed_dictionaries({"litellm": st.fixed_dictionaries({}, optional=service)})},
            optional=dict.fromkeys(("chat_model", "slice", "nonsense"), tokens),
        ),
    }
    return st.fixed_dictionaries({"data": st.fixed_dictionaries(data)})


def said(text: str) -> str:
    """Return everything that any format says of a text."""
    found = review(text.encode(), FILE)
    return "".join(form(found, {FILE: text}) for form in report.FORMATS.values())


def block(value: Any, indent: str = "") -> str:
    """Return a value as YAML in block style, every text in double quotes."""
    if isinstance(value, dict) and value:
        rows = ((f"{json.dumps(key)}:", item) for key, item in value.items())
        return "".join(f"\n{indent}{key}{block(item, indent + '  ')}" for key, item in rows)
    if isinstance(value, list) and value:
        return "".join(f"\n{indent}-{block(item, indent + '  ')}" for item in value)
    return f" {json.dumps(value)}"


def borders(text: str) -> list[int]:
    """Return where the quotes are, and outside of them all that says what belongs to what."""
    inside = [at for found in re.finditer(r'"((?:[^"\\]|\\.)*)"', text) for at in range(*found.span(1))]
    marks = {at for at, char in enumerate(text) if char in '"{}[],:'}
    return sorted(marks.difference(inside))


def holds(text: str) -> bool:
    return CANARY in text or TOKEN[3:] in text


@settings(max_examples=60)
@given(configs(mappings))
def test_no_secret_is_repeated(config: dict[str, Any]) -> None:
    assert not holds(said(block(config)))
    assert not holds(said(json.dumps(config)))
    findings = judge(config).findings
    assert not any(holds(f"{one.message} {one.hint}") for one in findings)


@settings(max_examples=60)
@given(configs(lists), st.data())
def test_nor_where_the_text_cannot_be_read(config: dict[str, Any], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from((block, json.dumps)))(config)
    at = data.draw(st.sampled_from(borders(text)))
    spoiled = data.draw(st.sampled_from(("", '"', "'", "{{", "[", "}", ":", "\t", ": x: ")))
    assert not holds(said(text[:at] + spoiled + text[at + 1 :]))

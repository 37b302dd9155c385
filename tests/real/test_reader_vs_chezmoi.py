"""Our reader and chezmoi's own make the same data of the same text.

A config file is read by both; a template is rendered by chezmoi, and what came out must be one of the
renderings that our reading without running it allows.
"""

from __future__ import annotations

import json
import math
import random
import re

import pytest
from data import toml_files, yaml_files
from data.template_texts import Maker
from data.yaml_texts import SCALARS, VALUES, WRONG
from hypothesis import given, settings
from hypothesis import strategies as st
from realprograms.chezmoi import Home

from chezmoi_llm import source
from chezmoi_llm.document import UNKNOWN

pytestmark = pytest.mark.real("chezmoi")

REFUSED = object()
"""Stands for the data of a text that cannot be read."""


@pytest.fixture(scope="module")
def chezmoi(tmp_path_factory):
    return Home.make(tmp_path_factory.mktemp("reader"))


def theirs(chezmoi, text, form="yaml"):
    """Return the data that chezmoi reads from the text of a config file, and what it said."""
    config = chezmoi.path / f"config.{form}"
    config.write_bytes(text.encode())
    done = chezmoi.run("--config", str(config), "--config-format", form, "dump-config", "--format=json")
    if done.returncode:
        return REFUSED, done.stderr
    return json.loads(done.stdout)["data"], done.stderr


def ours(text, form="yaml"):
    reading = source.parse_plain(text.encode(), f"config.{form}")
    return REFUSED if reading.findings else reading.document.data.get("data") or {}


def same(data):
    """Return data in a form in which 1 and 1.0 are equal, as chezmoi prints them, but 1 is not true."""
    match data:
        case dict():
            return {key: same(value) for key, value in data.items()}
        case list():
            return [same(item) for item in data]
        case bool() | str() | None:
            return data
        case _:
            return ("number", float(data))


def below_data(text):
    return "data:\n" + "".join(f"  {line}\n" if line.strip() else line + "\n" for line in text.split("\n"))


def test_table_of_scalars(chezmoi):
    texts = [text for text in SCALARS if text not in {"", "-"}]
    found, _ = theirs(chezmoi, "data:\n  l:\n" + "".join(f"    - {text}\n" for text in texts))
    assert [same(value) for value in found["l"]] == [same(SCALARS[text]) for text in texts]


@pytest.mark.parametrize("word", [".inf", "-.INF", ".nan"])
def test_chezmoi_takes_these_for_numbers_too(chezmoi, word):
    assert "json: unsupported value" in theirs(chezmoi, f"data:\n  a: {word}\n")[1]


WHOLE = {"empty", "comment only", "null root", "directive", "document marks", "json"}
"""Texts that cannot be put below a key."""


@pytest.mark.parametrize("name", [name for name in VALUES if name not in WHOLE])
def test_table_of_texts(chezmoi, name):
    text, data = VALUES[name]
    found, said = theirs(chezmoi, below_data(text))
    assert found is not REFUSED, said
    assert same(found) == same(data)


LENIENT = {
    "question mark", "own tag", "python tag", "undefined tag", "two documents", "behind the end",
    "brace in a line", "alias of itself", "alias that becomes null", "no space in braces",
    "half a pair", "version",
}  # fmt: skip
"""What chezmoi reads, but not as it was meant, or only by chance; we refuse it."""
ROOTS = {"list", "one value"}
"""What only the root must not be."""


@pytest.mark.parametrize("name", [name for name in WRONG if name not in LENIENT | ROOTS])
def test_what_we_refuse_chezmoi_refuses(chezmoi, name):
    text, _ = WRONG[name]
    assert ours(below_data(text)) is REFUSED
    assert theirs(chezmoi, below_data(text))[0] is REFUSED


NUMBERS = st.text("0123456789abcdefxXoO+-._eE", min_size=1, max_size=10)
FIRST = "abzAZ019.+~<=/%$()é日_^;\\-"
WORDS = st.tuples(
    st.sampled_from(FIRST), st.text(f"{FIRST} :#,[]{{}}'\"&*!|>@`?\u2028\x85\xa0", max_size=14)
)


@given(st.lists(NUMBERS | WORDS.map("".join), min_size=30, max_size=60))
@settings(max_examples=25)
def test_plain_scalars(chezmoi, texts):
    single = {text: ours(f"data:\n  l:\n    - {text}\n") for text in texts}
    values = {text: found["l"] for text, found in single.items() if found is not REFUSED}
    plain = [text for text, found in values.items() if isinstance(found, list) and is_finite(found[0])]
    found, said = theirs(chezmoi, "data:\n  l:\n" + "".join(f"    - {text}\n" for text in plain))
    assert found is not REFUSED, said
    assert [same(value) for value in found["l"]] == [same(values[text][0]) for text in plain]


def is_finite(value):
    return not isinstance(value, float) or math.isfinite(value)


CONFIG = """\
data:
  email: "me@example.com"
  # a comment
  local_models:
    - name: qwen3:8b
      model: ollama://qwen3:8b   # big
      ctx_size: 32768
      aliases: [gpt-4, "x y", 'z']
      env: {A: b, C: "d"}
      description: >-
        Fast and
        good

    - {name: a, model: ollama://a, ttl: 0}
    -   id: smol
        enabled: true
        args: ["--temp", "0.7"]
        text: |
          one
            two
  defaults: &def
    ttl: 900
  cloud_models:
  - name: gpt-5
    <<: *def
  llm_stack:
    groups:
      big: {members: [a, smol]}
    quoted: 'it''s
      long'
    plain: some words
      over lines
  n: -5
"""


def mistyped(seed):
    """Return the config with one to three slips of the hand."""
    chance = random.Random(seed)  # noqa: S311  no secret
    lines = CONFIG.split("\n")
    for _ in range(chance.choice((1, 1, 2, 3))):
        index = chance.randrange(1, len(lines))
        line = lines[index]
        at = chance.randrange(len(line) + 1)
        slip = chance.choice(":-#[]{},'\"|>&*!%?@` ~x0")
        lines[index : index + 1] = chance.choice(
            (
                [],
                [line, chance.choice(lines)],
                [" " * chance.randrange(9) + line.lstrip()],
                [line[:at] + slip + line[at:]],
                [line[:at] + slip + line[at:]],
                [line[:at] + line[at + 1 :]],
            )
        )
    return "\n".join(lines)


def test_slips_of_the_hand(chezmoi):
    """What both read, they read alike; what chezmoi refuses, we refuse, and little more."""
    stricter = 0
    for seed in range(100):
        text = mistyped(seed)
        found, said = theirs(chezmoi, text)
        mine = ours(text)
        assert not (found is REFUSED and mine is not REFUSED), f"{said}\n{text}"
        if mine is REFUSED:
            stricter += found is not REFUSED
        else:
            assert same(mine) == same(found), text
    assert stricter <= 3


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("json", '{"data": {"a": [1, -2, 0.5, 1e3, true, null, "\\ud83d\\ude42"], "b": {"c": {}}}}'),
        ("toml", "data.a = 0x10\n[data.b]\nc = [1, 'x', \"\\u00e9\"]\n[[data.d]]\ne = 1_000\n[[data.d]]\n"),
    ],
)
def test_other_formats(chezmoi, form, text):
    assert same(ours(text, form)) == same(theirs(chezmoi, text, form)[0])


def test_the_place_of_a_double_key_is_chezmois(chezmoi):
    text = "data:\n  a: 1\n  b:\n    c: 1\n    'c': 2\n"
    (finding,) = source.parse_plain(text.encode(), "config.yaml").findings
    place = re.search(r"\[(\d+):(\d+)\] mapping key", theirs(chezmoi, text)[1])
    assert (finding.line, finding.col) == (int(place[1]), int(place[2]))


GROUP = 25
"""Generated texts that one run of chezmoi reads."""


@pytest.mark.parametrize("first", range(0, 12 * GROUP, GROUP))
def test_generated_yaml(chezmoi, first):
    text = "data:\n" + "\n".join(yaml_files.texts(range(first, first + GROUP)).values()) + "\n"
    found, said = theirs(chezmoi, text)
    assert found is not REFUSED, said
    assert same(ours(text)) == same(found)


@pytest.mark.parametrize("first", range(0, 4 * GROUP, GROUP))
def test_generated_toml(chezmoi, first):
    text = "\n".join(toml_files.texts(range(first, first + GROUP)).values())
    found, said = theirs(chezmoi, text, "toml")
    assert found is not REFUSED, said
    assert same(ours(text, "toml")) == same(found)


SEEDS = range(150)
BORDER = "\n# ----- next -----\n"


@pytest.fixture(scope="module")
def renderings(chezmoi):
    """Return what chezmoi makes of each template, all in one run."""
    done = chezmoi.execute(BORDER.join(Maker(seed).template() for seed in SEEDS))
    assert done.returncode == 0, done.stderr
    return done.stdout.split(BORDER)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_template_renders_to_was_foreseen(renderings, seed):
    template = Maker(seed).template()
    rendered = source.parse_plain(renderings[seed].encode(), "config.yaml")
    assert rendered.findings == (), template
    reading = source.parse(template.encode(), ".chezmoi.yaml.tmpl")
    assert [one.message for one in reading.findings] == []
    views = [(document, document.data) for document in reading.documents]
    assert is_foreseen(rendered.document.data, views, ()), f"{template}\n{views}"
    check_places(template, reading.documents)


def is_foreseen(value, views, path):
    """Say whether a rendered value is what one of the symbolic documents says, or is left open by it."""
    return any(fits(value, view, document, path) for document, view in views) or (
        isinstance(value, dict) and is_mixed(value, views, path)
    )


def is_mixed(value, views, path):
    """Say whether each key of a mapping is foreseen by one document or another."""
    views = [(document, view) for document, view in views if isinstance(view, dict)]
    for key, item in value.items():
        inner = [(document, view[key]) for document, view in views if key in view]
        is_open = any(UNKNOWN in view for _, view in views)
        if not (is_foreseen(item, inner, (*path, key)) if inner else is_open):
            return False
    return all(not missing(value, view, document, path) for document, view in views)


def missing(value, view, document, path):
    return [key for key in view if key not in value and not may_be_absent(key, document, path)]


def may_be_absent(key, document, path):
    return key is UNKNOWN or document.is_conditional((*path, key))


def fits(value, view, document, path):
    match view:
        case _ if view is UNKNOWN:
            return True
        case dict():
            if value is None:
                return not missing({}, view, document, path)
            return isinstance(value, dict) and (
                not missing(value, view, document, path)
                and all(
                    fits(item, view[key], document, (*path, key)) if key in view else UNKNOWN in view
                    for key, item in value.items()
                )
            )
        case list():
            value = [] if value is None else value
            return isinstance(value, list) and items_fit(value, view, document, path, 0)
        case _:
            return same(value) == same(view)


def items_fit(values, view, document, path, index):
    """Say whether the items of a list come in the order of the view, those left out that may be absent."""
    if index == len(view):
        return not values or UNKNOWN in view
    if view[index] is UNKNOWN:
        return any(
            items_fit(values[skip:], view, document, path, index + 1) for skip in range(len(values) + 1)
        )
    if may_be_absent(index, document, path) and items_fit(values, view, document, path, index + 1):
        return True
    most_skipped = len(values) if UNKNOWN in view else min(len(values), 1)
    return any(
        fits(values[skip], view[index], document, (*path, index))
        and items_fit(values[skip + 1 :], view, document, path, index + 1)
        for skip in range(most_skipped)
    )


def check_places(template, documents):
    """Every key stands in the template where it is said to stand."""
    lines = template.split("\n")
    for document in documents:
        for path, pos in document.keys.items():
            assert lines[pos.line - 1][pos.col - 1 :].startswith(path[-1]), (path, pos)

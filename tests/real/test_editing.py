"""What chezmoi reads before and after an edit differs by what was wanted and by nothing else.

Templates come from a generator; chezmoi renders and reads all of them in two runs.
"""

from __future__ import annotations

import copy
import difflib
import json
from collections import Counter
from functools import partial

import pytest
from data.list_texts import ListMaker
from realprograms.chezmoi import Home
from realprograms.dotfiles import Dotfiles, quiet

from chezmoi_llm.editing import edited
from chezmoi_llm.editing.adding import Addition, add
from chezmoi_llm.editing.assigning import assign, switch
from chezmoi_llm.editing.refusal import RefusedError
from chezmoi_llm.editing.removing import remove
from chezmoi_llm.editing.roles import use

pytestmark = pytest.mark.real("chezmoi")

FILE = ".chezmoi.yaml.tmpl"
SEEDS = range(60)
BORDER = "\n\x1e\n"
NEW = {"name": "new", "model": "ollama://new:1b", "description": "{{ a }}: b", "ttl": 7}
CLOUD = {"name": "gpt-new", "model": "openai/gpt-new", "context_window": 4096}


def addition(item):
    fields = {key: str(value) for key, value in item.items() if key not in {"name", "model"}}
    return partial(add, addition=Addition(name=item["name"], uri=item["model"], fields=fields))


def entry(data, name):
    """Return the entry of a model, None where it is not rendered."""
    models = data.get("local_models") or []
    if isinstance(models, dict):
        return models.get(name)
    return next((model for model in models if model.get("name") == name), None)


def without(value, name):
    """Take a name out of every list of names, and out of roles."""
    for key in list(value):
        if key in {"members", "preload", "fallback"}:
            value[key] = [one for one in value[key] if one != name]
        elif key.endswith("_model") and value[key] == name:
            del value[key]
        else:
            for inner in value[key] if isinstance(value[key], list) else [value[key]]:
                if isinstance(inner, dict):
                    without(inner, name)


def renamed(value, name, new):
    for key in list(value):
        if key in {"members", "preload", "fallback"}:
            value[key] = [new if one == name else one for one in value[key]]
        elif key.endswith("_model") and value[key] == name:
            value[key] = new
        else:
            for inner in value[key] if isinstance(value[key], list) else [value[key]]:
                if isinstance(inner, dict):
                    renamed(inner, name, new)


def add_local(data, _):
    models = data.get("local_models")
    if isinstance(models, dict) and models:
        models["new"] = {key: value for key, value in NEW.items() if key != "name"}
    else:
        data["local_models"] = [*(models or []), NEW]


def add_cloud(data, _):
    data["cloud_models"] = [*(data.get("cloud_models") or []), CLOUD]


def take_out(data, name):
    models = data["local_models"]
    if isinstance(models, dict):
        del models[name]
    else:
        data["local_models"] = [model for model in models or [] if model.get("name") != name]
    for key in ("llm_stack", "cloud_models"):
        without({key: data.get(key)}, name)


def rename(data, name):
    models = data["local_models"]
    if isinstance(models, dict):
        models["new.name"] = models.pop(name)
    elif entry(data, name):
        entry(data, name)["name"] = "new.name"
    for key in ("llm_stack", "cloud_models"):
        renamed({key: data.get(key)}, name, "new.name")


def put(values, data, name):
    if (found := entry(data, name)) is not None:
        found.update(values)


def unset(keys, data, name):
    for key in keys:
        (entry(data, name) or {}).pop(key, None)


def choose(data, name):
    data["llm_stack"] = {**(data.get("llm_stack") or {}), "chat_model": name}


EDITS = {
    "add": (lambda _: addition(NEW), add_local),
    "add to the cloud": (lambda _: addition(CLOUD), add_cloud),
    "remove": (lambda name: partial(remove, name=name), take_out),
    "rename": (lambda name: partial(assign, name=name, fields={"name": "new.name"}), rename),
    "set": (
        lambda name: partial(assign, name=name, fields={"ttl": "7", "quantization": "yes"}),
        partial(put, {"ttl": 7, "quantization": "yes"}),
    ),
    "unset": (
        lambda name: partial(assign, name=name, fields={"ttl": "", "description": ""}),
        partial(unset, ["ttl", "description"]),
    ),
    "disable": (lambda name: partial(switch, name=name, on=False), partial(put, {"enabled": False})),
    "enable": (lambda name: partial(switch, name=name, on=True), partial(put, {"enabled": True})),
    "use": (lambda name: partial(use, role="chat", name=name), choose),
}


def template_and_name(seed):
    maker = ListMaker(seed)
    return maker.template(), maker.names[seed % len(maker.names)] if maker.names else "none"


def attempt(seed, kind):
    """Return the template and what an edit makes of it, None where it is refused."""
    text, name = template_and_name(seed)
    try:
        return text, edited(text.encode(), FILE, [EDITS[kind][0](name)]).decode()
    except RefusedError:
        return text, None


@pytest.fixture(scope="module")
def chezmoi(tmp_path_factory):
    return Home.make(tmp_path_factory.mktemp("editing"))


@pytest.fixture(scope="module")
def cases(chezmoi):
    """Return (kind, seed, text before, text after, data before, data after) of every edit that is made."""
    made = [(kind, seed, *attempt(seed, kind)) for kind in EDITS for seed in SEEDS]
    done = [case for case in made if case[3] is not None]
    texts = list(dict.fromkeys(text for case in done for text in case[2:]))
    data = dict(zip(texts, read(chezmoi, rendered(chezmoi, texts)), strict=True))
    return [(*case, data[case[2]], data[case[3]]) for case in done]


def rendered(chezmoi, texts):
    """Return what chezmoi renders of templates, in one run."""
    done = chezmoi.execute(BORDER.join(texts))
    assert done.returncode == 0, done.stderr
    return done.stdout.split(BORDER)


def read(chezmoi, texts):
    """Return what chezmoi reads of YAML texts, in one run."""
    chezmoi.write({"texts.json": json.dumps(texts)})
    program = '{{ range include "texts.json" | fromJson }}{{ fromYaml . | toJson }}\n{{ end }}'
    done = chezmoi.execute(program)
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["data"] for line in done.stdout.splitlines()]


def alike(data):
    """Return data in which every model is a mapping, and a list of them has no order."""
    data = data or {}
    models = data.get("local_models")
    if isinstance(models, list):
        models = sorted(models, key=lambda model: model["name"])
    elif isinstance(models, dict):
        models = {name: {"model": m} if isinstance(m, str) else m for name, m in models.items()}
    return copy.deepcopy({**data, "local_models": models} if "local_models" in data else data)


@pytest.mark.parametrize("kind", EDITS)
def test_chezmoi_reads_what_was_wanted(cases, kind):
    for _, seed, text, new, before, after in (case for case in cases if case[0] == kind):
        name = template_and_name(seed)[1]
        wanted, found = alike(before), alike(after)
        EDITS[kind][1](wanted, name)
        if kind == "enable":
            (entry(found, name) or {}).setdefault("enabled", True)
        assert found == alike(wanted), f"{seed}\n{text}\n{new}"


SPANS = {"rename": 4, "remove": 4, "set": 2, "unset": 2}
"""How many places of a file the generator can make an edit touch; the others touch one."""


@pytest.mark.parametrize("kind", EDITS)
def test_the_text_changes_in_the_spans_alone(cases, kind):
    for _, seed, text, new, *_ in (case for case in cases if case[0] == kind):
        old_lines, new_lines = ([line for line in t.splitlines() if line.strip()] for t in (text, new))
        steps = difflib.SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes()
        touched = [step for step in steps if step[0] != "equal"]
        assert len(touched) <= SPANS.get(kind, 1), f"{seed}\n{text}\n{new}"
        lost = Counter(old_lines) - Counter(new_lines)
        assert kind in {"remove", "unset"} or lost.total() <= SPANS.get(kind, 1), f"{seed}\n{text}\n{new}"


HOSTILE = (
    *("1e3", "yes", "null", "0x1f", "017", "1_0", "1:30", "2024-01-31", ".5", "+1", "=", "<<", "~", "- a"),
    *(
        "? a",
        "a: b",
        "a #b",
        "#a",
        "[a]",
        "{a}",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "it's",
        'a "b"',
    ),
    *("a\\b", "{{ .x }}", "{{", "}}", "{{{{", "{{/* a */}}", "{{- 1 -}}", "é🦙", "[[", "]]", "x [[ 1 ]]"),
    *(
        "chezmoi:template:left-delimiter=[[",
        "a" * 200,
        "a, b",
        "a  b",
        "...",
        "---",
        "%h/x",
        "$HOME",
        "\\x7b",
    ),
)


@pytest.mark.parametrize("head", ["", "# chezmoi:template:left-delimiter=[[ right-delimiter=]]\n"])
@pytest.mark.parametrize(
    "item", ["    - name: a\n      model: ollama://a\n", "    - {name: a, model: ollama://a}\n"]
)
def test_chezmoi_reads_every_text_as_it_was_meant(chezmoi, head, item):
    """One file for all of them: ``metadata`` takes any text that has one line."""
    fields = {f"metadata.k{number}": text for number, text in enumerate(HOSTILE)}
    text = f"{head}data:\n  local_models:\n{item}".encode()
    new = edited(text, FILE, [partial(assign, name="a", fields=fields)])
    again = edited(new, FILE, [partial(assign, name="a", fields={"metadata.k0": "other"})])
    chezmoi.write({"template": again.decode()})
    done = chezmoi.run("execute-template", "--init", "-f", str(chezmoi.source / "template"))
    assert done.returncode == 0, done.stderr
    (data,) = read(chezmoi, [done.stdout])
    meant = {f"k{number}": text for number, text in enumerate(("other", *HOSTILE[1:]))}
    assert data["local_models"][0]["metadata"] == meant


def test_most_edits_are_made(cases):
    made = Counter(kind for kind, *_ in cases)
    assert min(made.values()) > len(SEEDS) / 3, made


LIFE = (
    (("add", "gemma", "ollama://gemma:4b", "--ctx-size", "4096"), "gemma ollama://gemma:4b 4096"),
    (("set", "gemma", "name=tiny", "ctx_size=2048"), "tiny ollama://gemma:4b 2048"),
    (("disable", "tiny"), None),
    (("enable", "tiny"), "tiny ollama://gemma:4b 2048"),
    (("remove", "tiny"), None),
)


@pytest.mark.real("chezmoi-llm")
def test_plain_apply_takes_up_what_a_command_edits(tmp_path):
    """The commands are run as ``chezmoi llm ...``, the way of a plugin."""
    dotfiles = Dotfiles.make(tmp_path)
    quiet(dotfiles.home.init("--apply"))
    template = dotfiles.template
    before, models = template.read_bytes(), dotfiles.home.read(".models")
    for words, line in LIFE:
        done = dotfiles.home.run("llm", *words)
        assert (done.returncode, done.stderr) == (0, "next: chezmoi apply\n")
        quiet(dotfiles.home.apply())
        assert dotfiles.home.read(".models") == models + (f"{line}\n" if line else "")
    assert template.read_bytes() == before

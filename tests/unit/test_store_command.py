"""``chezmoi-llm store``: what it prints, and what it finds wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from chezmoi_llm.world.cli import group
from chezmoi_llm.world.model_store import shipped

LOCAL = {
    "id": "small-one",
    "name": "Small One",
    "model": "ollama://small:1b",
    "family": "tiny",
    "size": "small",
    "parameters_b": 1.2,
    "file_size_gb": 0.8,
    "context_window": 4096,
    "license": "mit",
    "also": ["ollama://small-1b"],
}
TOKEN = "hf_abcdefghijklmnopqrstuvwxyz"  # noqa: S105  none, but it has the form of one
EXPERTS = {"model": "hf://org/experts-GGUF", "parameters_b": 30, "active_parameters_b": 3, "size": "large"}
EMBED = {"model": "ollama://embed", "capabilities": ["embeddings"], "embedding_dimension": 768}
CLOUD = {"model": "openai/big", "context_window": 400000, "pricing": {"input_per_1m": "$1.25"}}


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Return dotfiles with a store of their own, which are the working folder."""
    entries = {"local/small-one": LOCAL, "local/experts": EXPERTS, "local/embed": EMBED, "cloud/big": CLOUD}
    for name, entry in entries.items():
        file = tmp_path / ".llm/models" / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(entry))
    (tmp_path / ".chezmoi.yaml.tmpl").write_text("data:\n  local_models: [small-one]\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHEZMOI_SOURCE_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(*words):
    done = CliRunner().invoke(group, ["store", *words], standalone_mode=False)
    error = f"{done.exception}" if done.exception else ""
    return done.stdout, done.stderr + error, done.return_value or (1 if error else 0)


def own(text):
    """Return the lines of a table that are about entries of the dotfiles, and its head."""
    return [line for line in text.splitlines() if not line.endswith("  chezmoi-llm")]


@pytest.mark.usefixtures("source")
def test_a_table_shows_what_matters():
    out, _, code = run("list")
    rows = {line.split()[0]: " ".join(line.split()) for line in own(out)}
    file = ".llm/models/local/small-one.json"
    assert code == 0
    assert rows["small-one"] == f"small-one chat small 1.2B 4096 0.8 GB mit {file}"
    assert rows["experts"] == "experts chat large 30B, 3B active .llm/models/local/experts.json"
    assert rows["embed"] == "embed embedding .llm/models/local/embed.json"
    assert rows["big"] == "big chat, openai 400000 $1.25 / ? .llm/models/cloud/big.json"


@pytest.mark.usefixtures("source")
def test_a_narrow_terminal_gets_fewer_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    head = run("list")[0].splitlines()[0]
    assert head.split() == ["ID", "FOR", "SIZE", "CONTEXT"]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        pytest.param(["list", "--local"], {"small-one", "experts", "embed"}, id="local"),
        pytest.param(["list", "--cloud"], {"big"}, id="cloud"),
        pytest.param(["list", "--size", "large"], {"experts"}, id="size"),
        pytest.param(["list", "--kind", "embedding"], {"embed"}, id="kind"),
        pytest.param(["search", "TINY", "one"], {"small-one"}, id="all-words"),
        pytest.param(["search", "small-1b"], {"small-one"}, id="wrong-name"),
        pytest.param(["search", "openai", "big"], {"big"}, id="provider"),
    ],
)
@pytest.mark.usefixtures("source")
def test_entries_are_chosen(words, ids):
    listed = json.loads(run(*words, "--json")[0])
    assert {entry["id"] for entry in listed if entry["file"].startswith(".llm")} == ids


@pytest.mark.usefixtures("source")
@pytest.mark.parametrize(
    ("words", "instead"),
    [
        (["no-such", "qwen", "thing-y"], "leave out 'no-such' and 'thing-y'"),
        (["qwen", "nomic"], "use fewer words"),
    ],
    ids=["unknown words", "words of several"],
)
def test_a_search_that_finds_nothing_says_what_to_do(words, instead):
    said = f"no entry is like that; {instead}, or see chezmoi-llm store list\n"
    assert run("search", *words) == ("", said, 1)


@pytest.mark.usefixtures("source")
def test_an_entry_is_shown_with_its_file():
    shown = dict(line.split("  ", 1) for line in run("show", "small-one")[0].splitlines())
    shown = {key: value.strip() for key, value in shown.items()}
    assert shown == {
        "id": "small-one",
        "folder": "local",
        "name": "Small One",
        "model": "ollama://small:1b",
        "context_window": "4096",
        "family": "tiny",
        "size": "small",
        "parameters_b": "1.2",
        "file_size_gb": "0.8",
        "license": "mit",
        "also": '["ollama://small-1b"]',
        "file": ".llm/models/local/small-one.json",
    }
    assert json.loads(run("show", "small-one", "--json")[0])["parameters_b"] == 1.2


def test_what_would_move_the_cursor_of_a_terminal_is_not_shown(source):
    entry = {"model": "ollama://a", "parameters": "\x1b[31m", "also": ["\u202e"]}
    (source / ".llm/models/local/a.json").write_text(json.dumps(entry))
    out, _, _ = run("show", "a")
    assert out.splitlines()[3:5] == ["parameters  \ufffd[31m", 'also        ["\ufffd"]']


def test_a_secret_is_not_shown_in_a_hint_either(source):
    (source / ".llm/models/local/a.json").write_text(json.dumps({"model": "ollama://a", "also": TOKEN}))
    out, _, code = run("check")
    assert code == 1
    assert "'also' must be a list" in out
    assert TOKEN not in out


@pytest.mark.parametrize("command", ["show", "path"])
@pytest.mark.usefixtures("source")
def test_an_entry_that_is_not_there_is_answered_with_the_nearest(command):
    said = "there is no entry 'smal-one' in the model store; did you mean 'small-one'?"
    assert run(command, "smal-one") == ("", said, 1)


@pytest.mark.usefixtures("source")
def test_the_folders_are_printed_in_their_order():
    first, last = run("path")[0].splitlines()
    assert (first, last.rpartition("/")[2]) == (".llm/models", "store_data")
    assert run("path", "big")[0] == ".llm/models/cloud/big.json\n"
    (some, *_) = shipped()
    assert run("path", some.id)[0].endswith(f"/store_data/{some.folder}/{some.id}.yaml\n")


@pytest.mark.usefixtures("source")
def test_a_store_without_a_fault():
    assert run("check") == ("4 entries: no problems found\n", "", 0)
    assert run("check", ".llm/models/cloud/big.json", ".llm/models") == run("check")


def test_a_fault_is_shown_at_its_place(source):
    (source / ".llm/models/local/embed.json").write_text('{\n  "model": "ollama:embed"\n}\n')
    out, _, code = run("check", "--format", "concise")
    assert code == 1
    assert out.startswith(".llm/models/local/embed.json:2:12: LLM103 'model' is 'ollama:embed', but")


REPLACED = [
    pytest.param({"a": "b", "b": ""}, [], id="right"),
    pytest.param({"a": "nobody"}, ["a 'nobody' is to replace 'a', but there is no such entry"], id="lost"),
    pytest.param(
        {"a": "b", "b": "a"},
        [
            "a the replacements of 'a' go in a circle: a -> b -> ...",
            "b the replacements of 'b' go in a circle: b -> a -> ...",
        ],
        id="circle",
    ),
    pytest.param(
        {"a-embedding": "b", "b": ""},
        ["a 'b' is to replace 'a-embedding', but that is a model for chat"],
        id="other-kind",
    ),
]


@pytest.mark.parametrize(("replaced", "said"), REPLACED)
def test_replacements_have_to_lead_somewhere(tmp_path, replaced, said):
    for name, by in replaced.items():
        file = tmp_path / "local" / f"{name}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"model: ollama://{name}\n" + (f"replaced_by: {by}\n" if by else ""))
    out, _, code = run("check", str(tmp_path), "--format", "json")
    found = [f"{Path(one['file']).name[0]} {one['message']}" for one in json.loads(out)]
    assert (found, code) == (said, 0)
    assert run("check", str(tmp_path), "--strict")[2] == bool(said)


def test_a_file_that_cannot_be_read_is_one_finding(source):
    (source / ".llm/models/local/gone.json").symlink_to("/no/such/file")
    out, _, code = run("check", "--format", "concise")
    assert code == 1
    assert out == (
        ".llm/models/local/gone.json: LLM001 the file cannot be read: No such file or directory\n"
    )
    assert "gone" in run("list")[0]


def test_a_folder_that_is_not_there_is_named():
    assert run("check", "nowhere") == ("", "nowhere: No such file or directory", 1)


def test_what_is_no_store_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = f"{tmp_path} is no model store: it has neither local/ nor cloud/ in it"
    assert run("check", str(tmp_path)) == ("", said, 1)


@pytest.mark.usefixtures("source")
def test_local_entries_come_first_and_options_that_fit_nothing_are_told_apart():
    folders = [entry["folder"] for entry in json.loads(run("list", "--json")[0])]
    assert folders == sorted(folders, key=["local", "cloud"].index)
    assert run("list", "--cloud", "--kind", "rerank", "--size", "small") == (
        "",
        "no entry is like that; leave out --size, --kind, --local or --cloud\n",
        0,
    )


@pytest.mark.usefixtures("source")
def test_where_nothing_is_outdated_nothing_is_replaced():
    assert run("migrate") == ("", "nothing in the list is to be replaced\n", 0)

"""``chezmoi-llm check`` as it is called: files, options, streams and exit codes."""

from __future__ import annotations

import errno
import json
import os

import pytest
from click.testing import CliRunner

from chezmoi_llm.world.cli import group

TEMPLATE = ".chezmoi.yaml.tmpl"
WRONG = "data:\n  local_models:\n    - name: a\n      model: ollama://a\n      ctx_sise: '8192'\n"
RIGHT = WRONG.replace("ctx_sise: '8192'", "ctx_size: 8192")
OWN = "{{ range .local_models }}{{ .name }}{{ end }}\n"
ASKING = '{{ $_ := set . "llm" (output "chezmoi-llm" "expand" | fromJson) }}\n'
HOOK = "hooks: {read-source-state: {pre: {command: sh, args: [.chezmoi-llm-hook.sh]}}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    (tmp_path / TEMPLATE).write_text(WRONG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def declare_hook(folder, *, is_declared=True, has_script=True):
    if is_declared:
        (folder / TEMPLATE).write_text((folder / TEMPLATE).read_text() + HOOK)
    if has_script:
        (folder / ".chezmoi-llm-hook.sh").touch()


def check(*arguments, stdin=""):
    """Return exit code, standard output and standard error."""
    done = CliRunner().invoke(group, ["check", *arguments], standalone_mode=False, input=stdin)
    refused = done.exception
    code = getattr(refused, "exit_code", None) if refused else done.return_value
    said = refused.format_message() if hasattr(refused, "format_message") else str(refused or "")
    return code, done.stdout, done.stderr + said


DIFF = """\
--- .chezmoi.yaml.tmpl
+++ .chezmoi.yaml.tmpl
@@ -2,4 +2,4 @@
   local_models:
     - name: a
       model: ollama://a
-      ctx_sise: '8192'
+      ctx_size: 8192

"""


def test_the_files_are_shown_as_seen_from_here(folder):
    code, out, err = check("--format", "concise")
    assert (code, err) == (1, "")
    assert out.splitlines()[-1] == (
        ".chezmoi.yaml.tmpl:5:7: LLM101 unknown key 'ctx_sise' in item 1 of 'local_models'"
    )
    assert check("--format", "concise", str(folder / TEMPLATE)) == (code, out, err)


def test_an_entry_that_cannot_be_read_is_one_finding(folder):
    store = folder / ".llm/models/local"
    store.mkdir(parents=True)
    (store / "a.yaml").symlink_to("a.yaml")
    (folder / TEMPLATE).write_text("data:\n  local_models: [a]\n")
    code, out, err = check("--format", "concise")
    assert (code, err) == (1, "")
    why = os.strerror(errno.ELOOP)
    assert out.splitlines()[-1] == f".llm/models/local/a.yaml: LLM001 the file cannot be read: {why}"


def test_the_last_line_says_how_to_mend():
    assert check()[1].endswith("\nfound 1 error, 1 note; to mend 1 of them, run: chezmoi-llm check --fix\n")


def test_fix_shows_the_change_makes_it_and_says_what_is_left(folder):
    code, out, err = check("--fix", "--format", "concise")
    assert (code, err) == (0, "")
    assert out.startswith(DIFF)
    assert out.count("LLM") == 1
    assert (folder / TEMPLATE).read_text() == RIGHT
    assert check("--fix", "--format", "concise")[1] == out.removeprefix(DIFF)


def test_a_dry_run_changes_nothing(folder):
    code, out, err = check("--fix", "--dry-run")
    assert (code, err) == (1, "nothing was changed\n")
    assert out.startswith(DIFF)
    assert (folder / TEMPLATE).read_text() == WRONG


@pytest.mark.parametrize(
    ("name", "text"),
    [(".chezmoidata.toml", "[llm]\na = 1\n"), (".chezmoidata/deep/mine.yaml", "llm: {a: 1}\n")],
)
def test_a_data_file_that_would_replace_the_document_is_named(folder, name, text):
    (folder / TEMPLATE).write_text(RIGHT)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    code, said, _ = check("--format", "concise")
    assert code == 1
    assert said.splitlines()[-1].startswith(f"{name}: LLM105 'llm' is the root of the expanded document")
    assert (folder / name).read_text() == text


@pytest.mark.parametrize(("name", "number"), [(".chezmoidata.yaml", 0), ("dot_x.yaml", 1)])
def test_what_a_data_file_says_is_in_the_data(folder, name, number):
    (folder / TEMPLATE).write_text(RIGHT)
    (folder / name).write_text("urls:\n  llama_swap: http://x\n")
    (folder / "dot_y.tmpl").write_text("{{ .urls.llama_swap }}\n")
    code, said, _ = check("--format", "concise")
    assert (code, said.count("LLM109")) == (0, number)


def test_templates_beside_it_are_looked_at_and_moved(folder):
    for name in ("dot_a.tmpl", ".chezmoiscripts/run_b.sh.tmpl", "dot_config/c.tmpl"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(OWN)
    others = ("dot_d", ".chezmoitemplates/e.tmpl", ".hidden/f.tmpl", "external_g/h.tmpl", ".i.tmpl")
    for name in others:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(OWN)
    (folder / "j.tmpl").write_bytes(b"\xff{{ .local_models }}")
    (folder / "k.tmpl").symlink_to("nowhere")
    declare_hook(folder)
    found = [
        line.partition(":")[0] for line in check("--format", "concise")[1].splitlines() if "LLM109" in line
    ]
    assert found == [".chezmoiscripts/run_b.sh.tmpl", "dot_a.tmpl", "dot_config/c.tmpl", "j.tmpl"]
    assert check("--fix", "--yes")[0] == 0
    assert (folder / "dot_a.tmpl").read_text() == OWN.replace(".local", ".llm.local")
    assert (folder / "j.tmpl").read_bytes() == b"\xff{{ .llm.local_models }}"
    assert all((folder / name).read_text() == OWN for name in others)


@pytest.mark.parametrize(("is_declared", "has_script"), [(False, False), (True, False), (False, True)])
def test_a_template_is_not_moved_to_what_nothing_makes(folder, is_declared, has_script):
    declare_hook(folder, is_declared=is_declared, has_script=has_script)
    (folder / "dot_a.tmpl").write_text(OWN)
    (folder / "dot_b.tmpl").write_text(ASKING + OWN)
    assert "hint: run chezmoi-llm init, then read .llm.local_models" in check("--fix", "--yes")[1]
    assert (folder / "dot_a.tmpl").read_text() == OWN
    assert (folder / "dot_b.tmpl").read_text() == ASKING + OWN.replace(".local", ".llm.local")


def test_a_file_of_another_name_is_checked_alone(folder):
    (folder / "dot_a.tmpl").write_text(OWN)
    (folder / "other.yaml").write_text(RIGHT)
    assert check("--strict", "other.yaml")[0] == 0


def test_standard_input():
    code, out, _ = check("--format", "concise", "-", stdin=WRONG)
    assert code == 1
    assert out.splitlines()[-1].startswith("-:5:7: LLM101 ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--yes"], "--yes and --dry-run are for --fix"),
        (["--dry-run"], "--yes and --dry-run are for --fix"),
        (["--fix", "--format", "json"], "--fix shows what it changes, which has no place in --format json"),
        (["--fix", "-"], "--fix cannot change standard input"),
        (["--explain", "LLM999"], "there is no code 'LLM999'"),
        (["--format", "xml"], "'xml' is not one of"),
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments, said):
    code, out, err = check(*arguments)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize("arguments", [["missing.yaml"], ["--source", "missing"]], ids=" ".join)
def test_what_is_not_there(arguments):
    code, out, err = check(*arguments)
    assert (code, out) == (3, "")
    assert "missing" in err


def test_strict_lets_warnings_fail(folder):
    (folder / TEMPLATE).write_text("data:\n  published_ports: {litellm: 81}\n")
    assert check()[0] == 0
    assert check("--strict")[0] == 1


def test_a_changed_embedding_model_is_told_by_the_document_applied_last(folder):
    before = {
        "embedding_model": "e",
        "local_models": [{"name": "e", "model": "ollama://e", "dimensions": 5}],
    }
    (folder / ".chezmoidata").mkdir()
    (folder / ".chezmoidata/llm.json").write_text(json.dumps({"llm": {"error": "", **before}}))
    text = "data:\n  local_models: [{name: e, model: 'ollama://f', kind: embedding}]\n"
    (folder / TEMPLATE).write_text(text)
    assert "LLM332" in check()[1]
    (folder / ".chezmoidata/llm.json").write_text("{")
    assert "LLM332" not in check()[1]

"""The editing commands as a person calls them: streams, exit codes, files, and two at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.shell_completion import ShellComplete

from chezmoi_llm.choices import CHOSEN_ROLES
from chezmoi_llm.editing.references import references
from chezmoi_llm.expand import judge
from chezmoi_llm.schema import load
from chezmoi_llm.world import cli

LIST = """\
data:
  local_models:
    - name: a
      model: ollama://a
    - name: b
      model: ollama://b
"""


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / ".chezmoi.yaml.tmpl").write_text(LIST, encoding="utf-8")
    return folder


@pytest.fixture
def file(source):
    return source / ".chezmoi.yaml.tmpl"


def start(*words, source, **options):
    command = [sys.executable, "-m", "chezmoi_llm", *words, "--source", str(source)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, **pipes, **options)


def run(*words, source, **options):
    with start(*words, source=source, **options) as process:
        out, err = process.communicate()
    return process.returncode, out, err


def test_the_change_goes_to_stdout_and_what_comes_next_to_stderr(source, file):
    code, out, err = run("add", "c", "ollama://c", source=source)
    assert (code, err) == (0, "next: chezmoi apply\n")
    assert out == (
        f"--- {file}\n+++ {file}\n@@ -4,3 +4,5 @@\n       model: ollama://a\n     - name: b\n"
        "       model: ollama://b\n+    - name: c\n+      model: ollama://c\n"
    )
    assert file.read_text(encoding="utf-8") == LIST + "    - name: c\n      model: ollama://c\n"


def test_a_secret_beside_the_change_is_not_shown(source, file):
    file.write_text(f"{LIST}  token: hunter2\n", encoding="utf-8")
    _, out, _ = run("disable", "b", source=source)
    assert "token: *******" in out
    assert "hunter2" not in out


def test_a_secret_is_not_repeated_where_nothing_is_done(tmp_path):
    (tmp_path / ".chezmoi.toml.tmpl").write_text("[data]\n", encoding="utf-8")
    words = ("add", "c", "ollama://c", "env.HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyz", "env.MY_TOKEN=hunter2")
    code, out, err = run(*words, source=tmp_path)
    assert (code, "hunter2" in out + err, "hf_abc" in out + err) == (1, False, False)


@pytest.mark.parametrize(
    ("is_tracked", "has_hook", "written"),
    [(True, False, True), (False, False, True), (True, True, True), (False, True, False)],
)
def test_where_the_document_is_committed_it_is_written_next(source, is_tracked, has_hook, written):
    (source / ".chezmoidata").mkdir()
    (source / ".chezmoidata/llm.json").write_text("{}", encoding="utf-8")
    for words in (["init", "-q"], *([["add", "."]] if is_tracked else [])):
        subprocess.run(["git", "-C", source, *words], check=True)
    if has_hook:
        (source / ".chezmoi-llm-hook.sh").touch()
    assert (
        run("use", "task", "a", source=source)[2]
        == "the chat model is now 'b', it was 'a'\nnext: "
        + "chezmoi-llm expand --write, then " * written
        + "chezmoi apply\n"
    )


def test_two_at_once_are_both_there(source, file):
    names = [f"m{number}" for number in range(4)]
    running = [start("add", name, f"ollama://{name}", source=source) for name in names]
    for process in running:
        with process:
            process.communicate()
    assert [process.returncode for process in running] == [0] * len(names)
    assert sorted(line[12:] for line in file.read_text(encoding="utf-8").split("\n")[6:-1:2]) == names


def test_of_two_that_add_one_name_one_is_refused(source, file):
    running = [start("add", "c", "ollama://c", source=source) for _ in range(2)]
    for process in running:
        with process:
            process.communicate()
    assert sorted(process.returncode for process in running) == [0, 1]
    assert file.read_text(encoding="utf-8").count("name: c") == 1


def test_what_cannot_be_read_or_written_is_exit_3(source, file, tmp_path):
    file.chmod(0o444)
    assert run("disable", "a", source=source) == (
        3,
        "",
        f"chezmoi-llm: {file} is read-only; nothing was changed\n",
    )
    file.unlink()
    said = (
        f"chezmoi-llm: {source} has no config template such as .chezmoi.yaml.tmpl; run chezmoi-llm init\n"
    )
    assert run("disable", "a", source=source) == (3, "", said)
    code, _, err = run("disable", "a", "--file", str(tmp_path / "none"), source=source)
    assert (code, err) == (3, f"chezmoi-llm: {tmp_path / 'none'}: No such file or directory\n")


USAGE = {
    "no name": (["add"], "Missing argument 'NAME'."),
    "no field": (["set", "a"], "Missing argument 'KEY=VALUE...'."),
    "no value": (["set", "a", "ttl"], "'ttl' is not KEY=VALUE, such as ttl=300"),
    "no key": (["set", "a", "=5"], "'=5' is not KEY=VALUE, such as ttl=300"),
    "two uris": (
        ["add", "c", "ollama://c", "ollama://d"],
        "'ollama://d' is not KEY=VALUE, such as ttl=300",
    ),
    "no name before the uri": (
        ["add", "ollama://c"],
        "a name comes first: chezmoi-llm add NAME ollama://c",
    ),
    "no such role": (["use", "poet", "a"], "'poet' is not one of"),
}


@pytest.mark.parametrize(("words", "said"), USAGE.values(), ids=USAGE)
def test_wrong_usage(words, said, source, file):
    code, out, err = run(*words, source=source)
    assert (code, out, said in err) == (2, "", True), err
    assert file.read_text(encoding="utf-8") == LIST


def test_a_uri_with_an_equals_sign_is_a_uri(source, file):
    assert run("add", "c", "hf://a/b?c=d", "ttl=5", source=source)[0] == 0
    assert "model: hf://a/b?c=d\n      ttl: 5\n" in file.read_text(encoding="utf-8")


def test_names_are_completed(source):
    def completed(*words, incomplete=""):
        complete = ShellComplete(cli.group, {}, "chezmoi-llm", "_CHEZMOI_LLM_COMPLETE")
        return [item.value for item in complete.get_completions([*words], incomplete)]

    os.environ["CHEZMOI_SOURCE_DIR"] = str(source)
    assert completed("remove") == ["a", "b"]
    assert completed("disable", "a", incomplete="b") == ["b"]
    assert completed("use", "task") == ["a", "b"]
    assert completed("use", incomplete="t") == ["task", "transcription"]
    (source / ".chezmoi.yaml.tmpl").write_text("data: [", encoding="utf-8")
    assert completed("set") == []


def test_every_field_that_names_a_model_is_followed():
    """A field of the schema that holds a model's name is a name itself, or is known to ``references``."""

    def places(node, path=()):
        if not isinstance(node, dict):
            return
        if str(node.get("$ref")).endswith(("/served_name", "/optional_name")):
            yield next(step for step in reversed(path) if step not in {"items", "anyOf", "propertyNames"})
        for key, inner in node.items():
            yield from places(inner, (*path, key))

    own = {"name", "aliases", "variants", "shortname"}
    followed = {
        "members",
        "preload",
        "pinned_models",
        "fallback",
        "replaced_by",
        *(f"{role}_model" for role in CHOSEN_ROLES),
    }
    assert set(places(load())) == own | followed
    data = {
        "local_models": [{"name": "a", "model": "ollama://a", "replaced_by": "a", "fallback": ["a"]}],
        "cloud_models": [{"name": "c", "model": "openai/c", "replaced_by": "a", "fallback": ["a"]}],
        "llm_stack": {
            **{f"{role}_model": "a" for role in CHOSEN_ROLES},
            "groups": {"g": {"members": ["a"]}},
            "services": {"llama_swap": {"preload": ["a"]}, "open_webui": {"pinned_models": ["a"]}},
        },
    }
    found = [json.dumps(path) for path in references(judge({"data": data}).spec, "a")]
    assert len(found) == len(set(found)) == len(CHOSEN_ROLES) + 7

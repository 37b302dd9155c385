from __future__ import annotations

import os
import sys
import time

import pytest

from chezmoi_llm.records import replace
from chezmoi_llm.world import chezmoi as module
from chezmoi_llm.world.chezmoi import (
    RENDERING,
    Chezmoi,
    ChezmoiError,
    ChezmoiExitError,
    ChezmoiTimeoutError,
)

SAID = f"""\
import json, os, sys
guard = os.environ.get({RENDERING!r})
print(json.dumps(dict(argv=sys.argv[1:], stdin=sys.stdin.read(), guard=guard, sid=os.getsid(0))))
"""


@pytest.fixture
def make(tmp_path):
    """Return a function that makes a chezmoi out of a Python program."""

    def make(program, **fields):
        executable = tmp_path / "chezmoi"
        executable.write_text(f"#!{sys.executable}\n{program}\n")
        executable.chmod(0o755)
        given = {
            "config_file": "",
            "source_dir": "/s",
            "working_tree": "/w",
            "cache_dir": "/c",
            "dest_dir": "/d",
        }
        return Chezmoi(executable=str(executable), **given | fields)

    return make


FOLDERS = ["--source", "/s", "--working-tree", "/w", "--cache", "/c", "--destination", "/d", "--no-tty"]


def test_the_config_is_dumped_with_the_folders_of_the_outer_run(make, tmp_path):
    config = tmp_path / "chezmoi.yaml"
    config.write_text("data: {}\n")
    said = make(SAID, config_file=str(config)).dump_config()
    assert said["argv"] == ["--config", str(config), *FOLDERS, "dump-config", "--format=json"]
    assert (said["stdin"], said["guard"]) == ("", "1")
    assert said["sid"] != os.getsid(0)


def test_where_there_is_no_config_file_there_is_no_data(make):
    assert make("raise SystemExit(1)", config_file="/nowhere/chezmoi.yaml").dump_config() == {"data": {}}


@pytest.mark.parametrize(
    ("kind", "as_kind", "text", "as_text"),
    [
        ("yaml", "yaml", "a: 1 # b\n", "a: 1 # b\n"),
        ("yml", "yaml", "a: 1\n", "a: 1\n"),
        ("toml", "toml", "a = 1\n", "a = 1\n"),
        ("json", "json", '{"a": 1}', '{"a": 1}'),
        ("jsonc", "json", '{"a": "// ,]", /* b */ "c": [1,], // d\n}', '{"a": "// ,]",   "c": [1 ]   \n}'),
    ],
)
def test_a_text_is_read_from_stdin(make, kind, as_kind, text, as_text):
    said = make(SAID).read_config_text(text.encode(), kind)
    options = ["--config", "/dev/stdin", "--config-format", as_kind]
    assert said["argv"] == [*options, *FOLDERS, "dump-config", "--format=json"]
    assert said["stdin"] == as_text


TO_FILE = (
    "import sys; print('a hook'); assert sys.argv[-2] == '--output'; "
    "made = open(sys.argv.pop(), 'w'); sys.argv.pop(); "
)
"""Prints what is no answer, and opens the file that the answer goes to."""


@pytest.mark.parametrize(
    ("is_tty", "option"), [(False, "--stdinisatty=false"), (True, "--stdinisatty=true")]
)
def test_a_template_is_rendered_without_a_person(make, is_tty, option):
    program = f"{TO_FILE}print(sys.argv[1:], file=made)"
    text = make(program).render_config_template("/t", ["--x=y"], is_tty=is_tty)
    words = [*FOLDERS, "execute-template", "--init", option, "--x=y", "--file", "/t"]
    assert text.decode() == f"{words}\n"


@pytest.mark.parametrize(
    ("stderr", "complaint"),
    [
        pytest.param("chezmoi: no such template\nmore\n", "no such template", id="its own line"),
        pytest.param(
            "vault: locked\nchezmoi: warning: config\nchezmoi: template: a:1: b\n",
            "template: a:1: b",
            id="behind other lines",
        ),
        pytest.param("sh: boom\n", "sh: boom", id="somebody else's line"),
        pytest.param("", "chezmoi failed without a word", id="nothing"),
    ],
)
def test_a_failure_is_told_in_the_words_of_chezmoi(make, stderr, complaint):
    chezmoi = make(f"import sys; sys.stderr.write({stderr!r}); sys.exit(1)")
    with pytest.raises(ChezmoiError) as caught:
        chezmoi.render_config_template("/t")
    assert str(caught.value) == complaint


@pytest.mark.parametrize("code", [0, 1, 3])
def test_a_template_that_calls_exit_is_no_failure_of_chezmoi(make, code):
    with pytest.raises(ChezmoiExitError):
        make(f"import sys; sys.exit({code})").render_config_template("/t")


@pytest.mark.parametrize("text", ["{", "[" * 200_000, "9" * 5000], ids=["torn", "deep", "long"])
def test_an_answer_that_cannot_be_read_is_a_failure(make, text):
    chezmoi = make(f"print({text[:1]!r} * {len(text)})")
    with pytest.raises(ChezmoiError, match="nested too deeply, or holds a number too long"):
        chezmoi.read_config_text(b"", "yaml")


def test_a_chezmoi_that_waits_is_ended_with_all_that_it_started(make, monkeypatch):
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.5)
    chezmoi = make("import subprocess; subprocess.run(['sleep', '60'])")
    start = time.monotonic()
    with pytest.raises(ChezmoiTimeoutError, match=r"chezmoi did not end within 0\.5 s"):
        chezmoi.render_config_template("/t")
    assert time.monotonic() - start < 10


ENVIRONMENT = {
    "CHEZMOI_EXECUTABLE": "/bin/chezmoi",
    "CHEZMOI_SOURCE_DIR": "/s",
    "CHEZMOI_WORKING_TREE": "/w",
    "CHEZMOI_CACHE_DIR": "/c",
    "CHEZMOI_DEST_DIR": "/d",
    "CHEZMOI_COMMAND": "apply",
    "CHEZMOI_ARGS": "chezmoi apply --init -v",
}


def test_the_folders_come_from_the_environment(tmp_path):
    chezmoi = Chezmoi.from_environment(
        ENVIRONMENT | {"CHEZMOI_CONFIG_FILE": str(tmp_path / "chezmoi.yaml")}
    )
    assert chezmoi == Chezmoi(
        executable="/bin/chezmoi",
        config_file=str(tmp_path / "chezmoi.yaml"),
        source_dir="/s",
        working_tree="/w",
        cache_dir="/c",
        dest_dir="/d",
        command="apply",
        arguments=("chezmoi", "apply", "--init", "-v"),
    )


@pytest.mark.parametrize("missing", ["CHEZMOI_EXECUTABLE", "CHEZMOI_SOURCE_DIR"])
def test_without_chezmoi_around_there_is_none(missing):
    assert Chezmoi.from_environment({**ENVIRONMENT, missing: ""}) is None


@pytest.mark.parametrize("ending", ["yaml", "yml", "json", "jsonc"])
def test_the_config_file_that_is_there_is_taken(tmp_path, ending):
    (tmp_path / f"chezmoi.{ending}").write_text("")
    chezmoi = Chezmoi.from_environment(
        ENVIRONMENT | {"CHEZMOI_CONFIG_FILE": str(tmp_path / "chezmoi.toml")}
    )
    assert chezmoi.config_file == str(tmp_path / f"chezmoi.{ending}")


@pytest.mark.parametrize(
    ("command", "arguments", "expected"),
    [
        ("init", "chezmoi init --apply", True),
        ("apply", "chezmoi apply --init", True),
        ("update", "chezmoi update --init -v", True),
        ("apply", "chezmoi apply", False),
        ("diff", "chezmoi diff --init", False),
        ("apply", "chezmoi apply --init --dry-run", False),
        ("init", "chezmoi init --apply -nv", False),
    ],
)
def test_whether_this_run_has_made_the_config_file(make, command, arguments, expected):
    chezmoi = replace(make(""), command=command, arguments=tuple(arguments.split()))
    assert chezmoi.has_just_rendered is expected


def test_without_a_chezmoi_on_path_there_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Chezmoi.on_path() is None


def test_the_chezmoi_on_path_says_which_folders_it_uses(make, monkeypatch, tmp_path):
    says = {
        "configFile": "/x.yaml",
        "sourceDir": "/s",
        "workingTree": "/w",
        "cacheDir": "/c",
        "destDir": "/d",
    }
    asked = "assert sys.argv[1:3] == ['--source', '/o'], sys.argv"
    made = make(f"{TO_FILE}import json; {asked}; json.dump({says}, made)")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Chezmoi.on_path("/o") == replace(made, config_file="/x.yaml")

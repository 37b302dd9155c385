"""The hook inside the real chezmoi: what a person sees who edits one file and runs ``chezmoi apply``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from realprograms import programs
from realprograms.dotfiles import HOOK, SCRIPT, TEMPLATE, Dotfiles, quiet

pytestmark = pytest.mark.real("chezmoi", "chezmoi-llm", "git")


# --- the main job ---------------------------------------------------------------------------------


def test_the_first_init_on_a_fresh_machine_deploys_everything(fresh):
    quiet(fresh.home.init("--apply"))
    assert fresh.home.read(".models") == "small ollama://small 8192\nbig ollama://big 16777216\n"
    assert fresh.starts() == 1


EDITS = [
    pytest.param("    - name: big", "    - {name: new, model: ollama://new}\n    - name: big",
                 ["small", "new", "big"], id="add"),
    pytest.param("    - name: small\n      model: ollama://small\n", "", ["big"], id="remove"),
    pytest.param("model: ollama://small", "model: ollama://small\n      enabled: false", ["big"],
                 id="disable"),
    pytest.param("name: small", "name: tiny", ["tiny", "big"], id="rename"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "models"), EDITS)
def test_an_edit_is_taken_up_by_plain_apply(dotfiles, old, new, models):
    dotfiles.edit(old, new)
    quiet(dotfiles.home.apply())
    assert dotfiles.models() == models


@pytest.mark.parametrize(("old", "new", "models"), EDITS)
def test_an_edit_is_seen_before_it_is_applied(dotfiles, old, new, models):
    before = dotfiles.home.read(".models")
    dotfiles.edit(old, new)
    shown = dotfiles.home.diff().stdout
    assert all(
        f" {name} " in f" {dotfiles.home.cat('.models').stdout}".replace("\n", " ") for name in models
    )
    assert "--- a/.models" in shown
    quiet(dotfiles.home.status(), " M .models\n")
    assert dotfiles.home.read(".models") == before


def test_edits_follow_each_other_without_init(dotfiles):
    for name in ("one", "two", "three"):
        dotfiles.edit("    - name: big", f"    - {{name: {name}, model: ollama://x}}\n    - name: big")
        quiet(dotfiles.home.apply())
    assert dotfiles.models() == ["small", "one", "two", "three", "big"]


@pytest.mark.parametrize("kind", ["toml", "json", "jsonc"])
def test_the_template_may_be_written_in_any_format_of_chezmoi(tmp_path, kind):
    dotfiles = Dotfiles.make(tmp_path)
    dotfiles.template.unlink()
    command = 'exec sh "$CHEZMOI_SOURCE_DIR/.chezmoi-llm-hook.sh"'
    config = {
        "hooks": {"read-source-state": {"pre": {"command": "sh", "args": ["-c", command]}}},
        "data": {"local_models": [{"name": "a", "model": "ollama://a"}]},
    }
    toml = (
        f"[hooks.read-source-state.pre]\ncommand = 'sh'\nargs = ['-c', '{command}']\n"
        "[[data.local_models]]\nname = 'a'\nmodel = 'ollama://a'\n"
    )
    text = toml if kind == "toml" else json.dumps(config)
    text = f"// a comment\n{text[:-1]}, }}" if kind == "jsonc" else text
    dotfiles.home.write({f".chezmoi.{kind}.tmpl": text})
    assert dotfiles.home.init("--apply").returncode == 0
    dotfiles.home.write({f".chezmoi.{kind}.tmpl": text.replace("ollama://a", "ollama://b")})
    done = dotfiles.home.apply()
    assert done.returncode == 0
    assert dotfiles.home.read(".models") == "a ollama://b 8192\n"


# --- nothing changed ------------------------------------------------------------------------------


def test_where_nothing_changed_the_helper_is_not_started(dotfiles):
    for command in ("apply", "status", "data", "managed"):
        dotfiles.home.run(command)
    assert dotfiles.starts() == 0


def change_document(dotfiles):
    dotfiles.document.write_text("{}")


def remove_document(dotfiles):
    dotfiles.document.unlink()


def change_template(dotfiles):
    dotfiles.template.write_text(dotfiles.template.read_text() + "# a comment\n")


def change_config(dotfiles):
    dotfiles.rendered.write_text(dotfiles.rendered.read_text() + "# a comment\n")


def change_data(dotfiles):
    dotfiles.home.write({".chezmoidata.toml": "x = 1\n"})


def change_nested_data(dotfiles):
    dotfiles.home.write({".chezmoidata/sub/x.yaml": "x: 1\n"})


def change_helper(dotfiles):
    dotfiles.install(before="# another version")


def as_chezmoi_tells(dotfiles):
    """Return the environment that chezmoi gives to its hook."""
    home = dotfiles.home
    return {
        **home.env,
        "CHEZMOI_EXECUTABLE": programs.located("chezmoi"),
        "CHEZMOI_SOURCE_DIR": str(home.source),
        "CHEZMOI_CONFIG_FILE": str(dotfiles.rendered),
        "CHEZMOI_CACHE_DIR": str(home.path / ".cache/chezmoi"),
        "CHEZMOI_COMMAND": "status",
    }


SHELLS = {"sh": ["sh"], "dash": ["dash"], "bash": ["bash", "--posix"], "busybox": ["busybox", "sh"]}


@pytest.mark.parametrize("shell", SHELLS.values(), ids=SHELLS)
def test_any_shell_sees_that_nothing_changed(dotfiles, shell):
    if shutil.which(shell[0]) is None:
        pytest.skip(f"{shell[0]} is not on PATH")
    script = dotfiles.home.source / ".chezmoi-llm-hook.sh"
    command = [shutil.which(shell[0]), *shell[1:], script]
    for expected in (0, 1):
        quiet(programs.run(command, env=as_chezmoi_tells(dotfiles), cwd=dotfiles.home.path, stdin="mine"))
        assert dotfiles.starts() == expected
        change_document(dotfiles)


def test_a_full_run_without_a_problem_loads_none_of_the_big_libraries(dotfiles):
    program = (
        "import sys; sys.argv = ['chezmoi-llm', 'hook']; from chezmoi_llm.__main__ import main\n"
        "assert main() == 0\n"
        "print(*{'click', 'yaml', 'jsonschema', 'tomlkit', 'tomllib', 'gotpl'} & set(sys.modules))"
    )
    change_document(dotfiles)
    command = [sys.executable, "-c", program]
    quiet(programs.run(command, env=as_chezmoi_tells(dotfiles), cwd=dotfiles.home.path), "\n")
    assert dotfiles.llm()["error"] == ""


def test_the_script_is_plain_shell(require):
    shellcheck = require("shellcheck")
    done = subprocess.run(
        [shellcheck, "--shell=sh", "--severity=style", SCRIPT], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


CHANGES = [
    change_document, remove_document, change_template, change_config, change_data, change_nested_data,
    change_helper,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_any_change_means_a_full_run_and_then_rest(dotfiles, change):
    good = dotfiles.document.read_bytes()
    change(dotfiles)
    quiet(dotfiles.home.status())
    assert dotfiles.starts() == 1
    assert dotfiles.document.read_bytes() == good
    for _ in range(2):
        quiet(dotfiles.home.status())
    assert dotfiles.starts() <= 1
    quiet(dotfiles.home.status())
    assert dotfiles.starts() == 0


def test_a_full_run_that_changes_nothing_writes_nothing(dotfiles):
    before = dotfiles.document.stat()
    change_template(dotfiles)
    quiet(dotfiles.home.status())
    after = dotfiles.document.stat()
    assert dotfiles.starts() == 1
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_dry_run_brings_the_document_up_to_date_and_no_file(dotfiles):
    before = dotfiles.home.read(".models")
    dotfiles.edit("name: small", "name: tiny")
    quiet(dotfiles.home.apply("--dry-run"))
    assert dotfiles.llm()["local_models"][0]["name"] == "tiny"
    assert dotfiles.home.read(".models") == before
    quiet(dotfiles.home.apply())
    assert dotfiles.models() == ["tiny", "big"]


def test_there_is_no_other_file_in_the_data_folder(dotfiles):
    dotfiles.edit("name: small", "name: tiny")
    dotfiles.home.apply()
    assert [path.name for path in dotfiles.document.parent.iterdir()] == ["llm.json"]


def test_four_runs_at_once_agree(dotfiles):
    for name in ("one", "two", "three"):
        dotfiles.edit("    - name: big", f"    - {{name: {name}, model: ollama://x}}\n    - name: big")
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: dotfiles.home.data(), range(4)))
        for one in done:
            quiet(one, one.stdout)
            assert json.loads(one.stdout)["llm"]["local_models"][-2]["name"] == name
    assert [path.name for path in dotfiles.document.parent.iterdir()] == ["llm.json"]


# --- the helper -----------------------------------------------------------------------------------

INSTALL = "install it (uv tool install chezmoi-llm, or pipx install chezmoi-llm), then run chezmoi apply\n"


def test_a_missing_helper_leaves_the_models_as_they_were(dotfiles):
    (dotfiles.home.bin / "chezmoi-llm").unlink()
    dotfiles.edit("name: small", "name: tiny")
    done = dotfiles.home.apply()
    said = f"chezmoi-llm: the program is not found, so the models stay as they were; {INSTALL}"
    assert (done.returncode, done.stderr) == (0, said)
    assert dotfiles.models() == ["small", "big"]


def test_a_missing_helper_stops_a_fresh_machine_and_says_how_to_go_on(fresh):
    (fresh.home.bin / "chezmoi-llm").unlink()
    done = fresh.home.init("--apply")
    said = "chezmoi-llm: the program is not found, and .chezmoidata/llm.json is not there yet; "
    assert (done.returncode, done.stderr) == (
        1,
        f"{said}{INSTALL}chezmoi: read-source-state: pre: sh: exit status 1\n",
    )
    fresh.install()
    quiet(fresh.home.apply())
    assert fresh.models() == ["small", "big"]


def test_a_helper_that_cannot_be_started_counts_as_missing(dotfiles):
    helper = dotfiles.home.bin / "chezmoi-llm"
    helper.write_text("#!/nowhere/python\n")
    done = dotfiles.home.apply()
    assert done.returncode == 0
    assert done.stderr.endswith(
        f"chezmoi-llm: {helper} cannot be started, so the models stay as they were; "
        "install it again, then run chezmoi apply\n"
    )


@pytest.mark.parametrize("command", ["status", "apply"])
def test_a_helper_that_crashes_stops_only_what_writes(dotfiles, command):
    dotfiles.install(before="exit 1")
    assert dotfiles.home.run(command).returncode == (command == "apply")


@pytest.mark.parametrize("place", ["home", "variable"])
def test_the_helper_is_found_outside_path(dotfiles, tmp_path, place):
    (dotfiles.home.bin / "chezmoi-llm").unlink()
    env = {}
    if place == "home":
        dotfiles.install(dotfiles.home.path / ".local/bin")
    else:
        env = {"CHEZMOI_LLM": str(dotfiles.install(tmp_path / "any where", "helper"))}
    dotfiles.edit("name: small", "name: tiny")
    quiet(dotfiles.home.apply(**env))
    assert dotfiles.models() == ["tiny", "big"]


@pytest.mark.parametrize("place", ["source", "config"])
def test_a_pipe_that_nobody_writes_into_does_not_hang_the_hook(dotfiles, place):
    folder, name = {
        "source": (dotfiles.home.source, ".chezmoi.other.tmpl"),
        "config": (dotfiles.home.config, "chezmoi.pipe"),
    }[place]
    os.mkfifo(folder / name)
    assert dotfiles.home.run("managed").returncode == 0
    assert dotfiles.starts() == 1, "what nobody can look at was taken for unchanged"


def test_the_hook_by_hand_says_what_is_meant(dotfiles):
    done = subprocess.run(
        [dotfiles.home.bin / "chezmoi-llm", "hook"],
        env=dict(dotfiles.home.env), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "chezmoi-llm: chezmoi runs the hook by itself; to see the document, run: chezmoi-llm expand\n",
    )


# --- other places ---------------------------------------------------------------------------------


def test_a_source_folder_may_move(dotfiles):
    moved = dotfiles.home.path / "my dots"
    dotfiles.home.source.rename(moved)
    quiet(dotfiles.home.run("--source", str(moved), "apply"))
    assert dotfiles.starts() == 1
    (moved / ".chezmoi-llm-hook.sh").unlink()
    quiet(dotfiles.home.run("--source", str(moved), "status"))
    assert dotfiles.starts() == 0


def test_another_source_folder_without_the_hook_is_left_alone(dotfiles, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    quiet(dotfiles.home.run("--source", str(other), "managed"))
    assert not list(other.iterdir())


def test_the_source_may_be_a_folder_of_the_repository(tmp_path):
    dotfiles = Dotfiles.make(tmp_path, source="dots/home files")
    repository = dotfiles.home.path / "dots"
    (repository / ".chezmoiroot").write_text("home files\n")

    def run(*words):
        return dotfiles.home.run("--source", str(repository), *words)

    quiet(run("init", "--apply"))
    assert dotfiles.models() == ["small", "big"]
    dotfiles.edit("name: small", "name: tiny")
    quiet(run("apply"))
    assert dotfiles.models() == ["tiny", "big"]
    assert dotfiles.document.exists()
    assert not (repository / ".chezmoidata").exists()


def test_a_document_that_git_tracks_is_left_alone(dotfiles):
    dotfiles.commit()
    dotfiles.git("add", "--force", ".chezmoidata/llm.json")
    before = dotfiles.document.read_bytes()
    dotfiles.edit("name: small", "name: tiny")
    quiet(dotfiles.home.apply())
    assert (dotfiles.document.read_bytes(), dotfiles.starts()) == (before, 0)
    (dotfiles.home.bin / "chezmoi-llm").unlink()
    quiet(dotfiles.home.apply())
    dotfiles.install()
    dotfiles.git("rm", "--quiet", "--cached", ".chezmoidata/llm.json")
    quiet(dotfiles.home.apply())
    assert dotfiles.models() == ["tiny", "big"]


def test_a_repository_of_another_git_hook_does_not_mislead(dotfiles, tmp_path):
    dotfiles.commit()
    dotfiles.git("add", "--force", ".chezmoidata/llm.json")
    before = dotfiles.document.read_bytes()
    dotfiles.edit("name: small", "name: tiny")
    quiet(dotfiles.home.apply(GIT_DIR=str(tmp_path / "nowhere"), GIT_WORK_TREE=str(tmp_path)))
    assert dotfiles.document.read_bytes() == before


# --- what can go wrong with the file --------------------------------------------------------------


def test_a_symlink_inside_is_followed(dotfiles):
    real = dotfiles.home.source / ".real.json"
    dotfiles.document.rename(real)
    dotfiles.document.symlink_to("../.real.json")
    dotfiles.edit("name: small", "name: tiny")
    quiet(dotfiles.home.apply())
    assert dotfiles.document.is_symlink()
    assert dotfiles.models() == ["tiny", "big"]


def could_not(dotfiles, problem):
    """Assert what is said where the document cannot be written, and that the old one is whole."""
    said = f"chezmoi-llm: {problem}; the models stay as they were; mend that, then run: chezmoi apply\n"
    dotfiles.edit("name: small", "name: tiny")
    done = dotfiles.home.status()
    assert (done.returncode, done.stderr) == (0, said)
    done = dotfiles.home.apply()
    assert (done.returncode, done.stderr) == (
        1,
        f"{said}chezmoi: read-source-state: pre: sh: exit status 3\n",
    )
    assert [model["name"] for model in dotfiles.llm()["local_models"]] == ["small", "big"]


def test_a_symlink_that_leads_out_is_not_followed(dotfiles, tmp_path):
    outside = tmp_path / "outside.json"
    shutil.move(dotfiles.document, outside)
    dotfiles.document.symlink_to(outside)
    before = outside.read_bytes()
    could_not(dotfiles, f"{dotfiles.document} leads to {outside}, outside of {dotfiles.home.source}")
    assert outside.read_bytes() == before


def test_a_full_disk_leaves_the_old_document(dotfiles):
    dotfiles.install(before="ulimit -f 8")
    could_not(dotfiles, f"{dotfiles.document}: File too large")
    assert [path.name for path in dotfiles.document.parent.iterdir()] == ["llm.json"]


def test_a_cache_that_cannot_be_written_costs_time_alone(dotfiles):
    cache = dotfiles.home.path / ".cache/chezmoi/chezmoi-llm"
    shutil.rmtree(cache)
    cache.write_text("in the way\n")
    for _ in range(2):
        quiet(dotfiles.home.apply())
    assert dotfiles.starts() == 2
    assert dotfiles.models() == ["small", "big"]


def test_what_is_kept_in_the_cache_holds_no_secret(tmp_path):
    canary = "hunter2-5f3759df"
    dotfiles = Dotfiles.make(tmp_path, HOOK + TEMPLATE.replace("data:\n", f"data:\n  token: {canary}\n"))
    done = dotfiles.home.init("--apply")
    dotfiles.edit("ctx_size: 16777216", "ctx_sise: 1")
    said = dotfiles.home.apply().stderr + done.stderr
    kept = [path for path in (dotfiles.home.path / ".cache").rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if canary in path.read_text()]
    assert canary not in said
    assert canary not in dotfiles.document.read_text()


def test_a_vault_that_waits_for_a_person_does_not_hang_the_hook(dotfiles):
    dotfiles.edit("name: small", 'name: {{ output "sh" "-c" "sleep 300; echo x" }}')
    dotfiles.install(before=f'export PYTHONPATH="{impatient(dotfiles)}"')
    said = (
        f"chezmoi-llm: {dotfiles.template} is not looked at: chezmoi did not end within 1 s; "
        "if you changed it, run: chezmoi apply --init\n"
    )
    start = time.monotonic()
    done = dotfiles.home.status()
    assert time.monotonic() - start < 20
    assert (done.returncode, done.stderr) == (0, said)


def impatient(dotfiles):
    """Return a folder with a ``sitecustomize`` that makes the helper wait for one second only."""
    folder = dotfiles.home.path / "impatient"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "import chezmoi_llm.world.chezmoi as chezmoi\nchezmoi.TIMEOUT_SECONDS = 1\n"
    )
    return folder

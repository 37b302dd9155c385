"""The three ways to hand the document over give the same files, and each says when it cannot."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from realprograms import programs
from realprograms.dotfiles import FIRST_LINES, HOOK, TEMPLATE, Dotfiles, quiet

from chezmoi_llm import resources
from chezmoi_llm.world.chezmoi import Chezmoi
from chezmoi_llm.world.intake import take_in_for_output

pytestmark = pytest.mark.real("chezmoi", "chezmoi-llm", "git")

WIDE = r"""
data:
  mail: {{ "x" | upper }}
  tailscale: {hostname: box, tailnet: tail1234}
  published_ports: {zebra: 1234, llama_swap: 9393}
  models:
    local:
      zeta: {model: ollama://zeta, env: {ZZ: "1", AA: "2"}, args: [--temp, "0.7", a b]}
      alpha: hf://org/alpha
      embed: {model: ollama://embed, kind: embedding, metadata: {z: 1, a: true}}
      "1e3": {model: "file:///srv/1e3.gguf", description: 'Fast & "good" 100% $5 - 日本語 🙂'}
    cloud: [{name: gpt-5, model: openai/gpt-5}]
  llm_stack:
    task_model: alpha
    groups: {z: {members: [zeta]}, b: {swap: false, members: ["1e3"]}}
    services: {llama_swap: {models_dir: /srv, macros: {z: 1, a: 2}}}
"""

LISTS = {"two models": TEMPLATE, "all kinds": WIDE}


def with_shipped_files(folder, template):
    """Return dotfiles with every shipped file except those that run programs."""
    dotfiles = Dotfiles.make(folder, template)
    for entry in Path(resources.root("dot_templates")).iterdir():
        if entry.is_dir() and not entry.name.startswith("."):
            shutil.copytree(entry, dotfiles.home.source / entry.name)
    return dotfiles


def deployed(home):
    """Return every file that chezmoi has put into the home, with its mode and bytes."""
    names = [name for name in home.managed("--include=files").stdout.splitlines() if name]
    assert ".config/llama-swap/config.yaml" in names
    files = {name: home.path / name for name in names}
    return {name: (path.stat().st_mode, path.read_bytes()) for name, path in files.items() if path.exists()}


def in_hook_mode(folder, template):
    dotfiles = with_shipped_files(folder, HOOK + template)
    quiet(dotfiles.home.init("--apply"))
    return deployed(dotfiles.home)


def in_output_mode(folder, template):
    dotfiles = with_shipped_files(folder, template)
    assert dotfiles.home.init("--apply").returncode == 0
    assert not dotfiles.document.exists()
    return deployed(dotfiles.home)


def in_commit_mode(folder, template):
    dotfiles = with_shipped_files(folder, template)
    assert helper(dotfiles, "expand", "--write").returncode == 0
    (dotfiles.home.bin / "chezmoi-llm").unlink()
    quiet(dotfiles.home.init("--apply"))
    return deployed(dotfiles.home)


def helper(dotfiles, *words):
    """Run ``chezmoi-llm`` by hand, on the source folder of the dotfiles."""
    command = [programs.located("chezmoi-llm"), *words, "--source", dotfiles.home.source]
    return programs.run(command, env=dotfiles.home.env, cwd=dotfiles.home.path)


@pytest.mark.parametrize("template", LISTS.values(), ids=LISTS)
def test_hook_output_and_commit_give_the_same_files(tmp_path, template):
    hook = in_hook_mode(tmp_path / "hook", template)
    assert len(hook) > 10
    assert in_output_mode(tmp_path / "output", template) == hook
    assert in_commit_mode(tmp_path / "commit", template) == hook


# --- output ---------------------------------------------------------------------------------------


@pytest.fixture
def output(tmp_path):
    """Dotfiles in output mode, applied."""
    dotfiles = Dotfiles.make(tmp_path, TEMPLATE)
    quiet(dotfiles.home.init("--apply"))
    dotfiles.starts()
    return dotfiles


def test_in_output_mode_an_edit_is_taken_up_by_plain_apply(output):
    output.edit("name: small", "name: tiny")
    done = output.home.apply()
    assert done.returncode == 0
    assert output.models() == ["tiny", "big"]


def test_in_output_mode_a_mistake_stops_our_files_alone(output):
    output.edit("ctx_size: 16777216", "ctx_sise: 1")
    output.home.write({"dot_other": "changed\n"})
    done = output.home.apply("--keep-going")
    assert done.returncode == 1
    assert f"{output.template}:7:7: LLM101 unknown key 'ctx_sise'" in done.stderr
    assert "error calling output: " in done.stderr
    assert output.home.read(".other") == "changed\n"
    assert output.models() == ["small", "big"]


def test_in_output_mode_every_template_starts_the_helper_once(output):
    output.home.write({"dot_more.tmpl": FIRST_LINES})
    assert output.home.apply().returncode == 0
    assert output.starts() == 2


def asking(dotfiles, command="apply"):
    """Return chezmoi as the helper sees it that a template has started."""
    home = dotfiles.home
    return Chezmoi(
        executable=programs.located("chezmoi"),
        config_file=str(dotfiles.rendered),
        source_dir=str(home.source),
        working_tree=str(home.source),
        cache_dir=str(home.path / ".cache/chezmoi"),
        dest_dir=str(home.path),
        command=command,
    )


def test_in_output_mode_the_template_is_not_rendered_again_and_again(output, monkeypatch):
    chezmoi = asking(output)
    assert take_in_for_output(chezmoi).notices == ()

    def fail(*_, **__):
        pytest.fail("rendered again")

    monkeypatch.setattr(Chezmoi, "render_config_template", fail)
    intake = take_in_for_output(chezmoi)
    assert [model["name"] for model in intake.data["data"]["local_models"]] == ["small", "big"]


def test_in_output_mode_a_document_of_the_hook_is_in_the_way(output):
    chezmoi = asking(output)
    output.home.write({".chezmoidata/llm.json": "{}"})
    said = f"{output.document} is left over from the hook, and templates read it instead of this; delete it"
    assert take_in_for_output(chezmoi).notices == (said,)
    output.commit()
    output.git("add", "--force", ".chezmoidata/llm.json")
    assert take_in_for_output(chezmoi).notices == ()


def test_in_hook_mode_the_document_is_where_it_belongs(tmp_path):
    dotfiles = Dotfiles.make(tmp_path)
    quiet(dotfiles.home.init("--apply"))
    assert take_in_for_output(asking(dotfiles)).notices == ()


# --- commit ---------------------------------------------------------------------------------------


@pytest.fixture
def committed(tmp_path):
    """Dotfiles in commit mode, whose document is tracked."""
    dotfiles = Dotfiles.make(tmp_path, HOOK + TEMPLATE)
    done = helper(dotfiles, "expand", "--write")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "",
        "chezmoi-llm: wrote .chezmoidata/llm.json; commit it: git add --force .chezmoidata/llm.json\n",
    )
    dotfiles.commit()
    dotfiles.git("add", "--force", ".chezmoidata/llm.json")
    return dotfiles


def frozen(dotfiles):
    """Return the exit code of ``check --frozen`` and its last line on stderr."""
    done = helper(dotfiles, "check", "--frozen")
    return done.returncode, done.stderr


def test_a_machine_without_the_helper_applies_the_committed_document(committed):
    (committed.home.bin / "chezmoi-llm").unlink()
    quiet(committed.home.init("--apply"))
    assert committed.models() == ["small", "big"]


def test_a_committed_document_is_up_to_date(committed):
    assert frozen(committed) == (0, "")
    assert helper(committed, "expand", "--write").stderr == ""


OUT_OF_DATE = "chezmoi-llm: .chezmoidata/llm.json is %s; run chezmoi-llm expand --write, and commit it\n"


def test_a_committed_document_that_is_out_of_date_fails(committed):
    committed.edit("name: small", "name: tiny")
    assert frozen(committed) == (1, OUT_OF_DATE % "out of date")
    assert helper(committed, "expand", "--write").returncode == 0
    assert frozen(committed) == (0, "")
    committed.document.unlink()
    assert frozen(committed) == (1, OUT_OF_DATE % "not there")


DEPENDENT = {
    "a value": ("name: small", "name: {{ .chezmoi.hostname }}", "10:13"),
    "an answer": ("ctx_size: 16777216", 'ctx_size: {{ promptInt "Size" }}', "14:17"),
    "a block": (
        "    - name: big",
        '{{ if eq .chezmoi.os "linux" }}\n    - {name: c, model: ollama://c}\n{{ end }}\n    - name: big',
        "13:7",
    ),
    "keys": ("data:\n", "data:\n{{ include .x }}\n", "8:1"),
}


@pytest.mark.parametrize(("old", "new", "place"), DEPENDENT.values(), ids=DEPENDENT)
def test_a_document_that_depends_on_the_machine_is_not_frozen(committed, old, new, place):
    before = committed.document.read_bytes()
    committed.edit(old, new)
    said = (
        f"chezmoi-llm: {committed.template}:{place}: what stands here may differ between machines, so the "
        "document cannot be committed; write it without template actions, or use the hook\n"
    )
    assert frozen(committed) == (1, said)
    done = helper(committed, "expand", "--write")
    assert (done.returncode, done.stderr) == (1, said)
    assert committed.document.read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [("ctx_size: 16777216", "ctx_sise: 1"), ("name: small", 'name: "small')],
    ids=["wrong", "unreadable"],
)
def test_a_list_with_a_mistake_is_not_frozen(committed, old, new):
    before = committed.document.read_bytes()
    committed.edit(old, new)
    done = helper(committed, "expand", "--write")
    assert done.returncode == 1
    assert done.stderr.startswith(f"chezmoi-llm: {committed.template} ")
    assert done.stderr.endswith(f"; run chezmoi-llm check {committed.template}\n")
    assert committed.document.read_bytes() == before


def test_actions_elsewhere_do_not_matter(committed):
    committed.edit("data:\n", "data:\n  mail: {{ .chezmoi.username }}\n  # {{ .chezmoi.hostname }}\n")
    assert frozen(committed) == (0, "")


# --- the entry point ------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["full", "closed"])
def test_where_stdout_takes_nothing_there_is_a_line_and_no_traceback(output, where):
    if where == "full" and not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full")
    redirect = ">/dev/full" if where == "full" else ">&-"
    command = f'exec "{programs.located("chezmoi-llm")}" expand --source "{output.home.source}" {redirect}'
    done = subprocess.run(
        ["sh", "-c", command], env=dict(output.home.env), capture_output=True, text=True, check=False
    )
    full = "standard output cannot be written: No space left on device"
    said = full if where == "full" else "stdout is closed"
    assert (done.returncode, done.stderr) == (3, f"chezmoi-llm: {said}\n")


def test_a_working_folder_that_is_gone_is_said(output, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    command = f'cd "{gone}" && rmdir "{gone}" && exec "{programs.located("chezmoi-llm")}" check'
    done = programs.run(["sh", "-c", command], env=output.home.env)
    said = "chezmoi-llm: the working folder: No such file or directory\n"
    assert (done.returncode, done.stderr) == (3, said)


def test_the_owner_can_read_what_is_written_under_any_umask(committed):
    committed.document.unlink()
    committed.document.parent.rmdir()
    program = programs.located("chezmoi-llm")
    command = f'umask 777; exec "{program}" expand --write --source "{committed.home.source}"'
    done = programs.run(["sh", "-c", command], env=committed.home.env)
    assert done.returncode == 0
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (committed.document, committed.document.parent)]
    assert modes == [0o600, 0o700]


def test_the_same_bytes_come_out_in_any_locale(output):
    output.edit("name: small", 'name: small\n      description: "é 🙂"')
    plain = helper(output, "expand")
    command = [programs.located("chezmoi-llm"), "expand", "--source", output.home.source]
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Asia/Tokyo"}
    other = programs.run(command, env={**output.home.env, **bare, "PYTHONHASHSEED": "7"})
    assert (other.returncode, other.stdout) == (0, plain.stdout)

"""``chezmoi-llm init`` in the trees that people have, and what the real chezmoi makes of them then."""

from __future__ import annotations

import json
import os
import re

import pytest
from realprograms import programs
from realprograms.person import Person, fine, works

from chezmoi_llm.scaffold.tree import is_ours

pytestmark = pytest.mark.real("chezmoi", "chezmoi-llm", "git")

UNITS = ".config/containers/systemd"


# --- a new folder ---------------------------------------------------------------------------------


def test_a_new_folder_works_the_first_time(tmp_path):
    person = Person.make(tmp_path)
    said = fine(person.init())
    assert said.endswith("\nnext: run\n  chezmoi init --apply\n")
    done = person.home.init("--apply")
    assert fine(done) == ""
    config = person.home.read(".config/llama-swap/config.yaml")
    assert '"qwen3-4b":' in config
    assert '"nomic-embed-text":' in config
    works(person.home)


def test_every_deployed_file_says_whose_it_is(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    fine(person.home.init("--apply"))
    deployed = fine(person.home.managed("--include", "files")).splitlines()
    there = [path for path in deployed if (person.home.path / path).exists()]
    assert f"{UNITS}/llm/llama-swap.container" in there
    assert [path for path in there if not is_ours((person.home.path / path).read_bytes())] == []


def test_the_starter_passes_the_check(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    argv = [programs.located("chezmoi"), "llm", "check", "--strict"]
    done = programs.run(argv, env=person.home.env, cwd=person.home.path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no problems found\n", "")


def test_exact_folders_keep_what_no_source_file_stands_for(tmp_path):
    files = {"exact_dot_config/git/config": "[user]\n", "exact_dot_config/systemd/exact_user/a.timer": ""}
    person = Person.make(tmp_path, files)
    config = person.home.path / ".config"
    key, link = (
        config / "llm/llama-swap.env",
        config / "systemd/user/default.target.wants/llama-swap.service",
    )
    for made in (key, link):
        made.parent.mkdir(parents=True)
        made.touch()
    fine(person.init())
    fine(person.home.init("--apply"))
    assert (key.exists(), link.exists()) == (True, True)
    (person.home.source / ".chezmoiignore").unlink()
    fine(person.home.apply())
    assert (key.exists(), link.exists()) == (False, False)


def test_a_folder_that_does_not_exist_is_made_for_its_owner_alone(tmp_path):
    person = Person.make(tmp_path)
    person.home.source.rmdir()
    fine(person.init())
    assert person.home.source.stat().st_mode & 0o777 == 0o700
    fine(person.home.init("--apply"))


def test_the_script_is_all_that_doctor_does_not_know(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    fine(person.home.init("--apply"))
    rows = person.home.run("doctor", "--no-network").stdout.splitlines()
    assert [row.split()[2:] for row in rows if "suspicious-entries" in row] == [
        ["~/.local/share/chezmoi/.chezmoi-llm-hook.sh"]
    ]


def test_git_does_not_see_the_document(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    fine(person.home.init("--apply"))
    listed = programs.run(
        ["git", "status", "--short", "-uall"], env=person.home.env, cwd=person.home.source
    ).stdout
    assert "?? .chezmoi.yaml.tmpl" in listed
    assert "llm.json" not in listed


def test_a_named_folder_is_used_and_named_in_the_next_command(tmp_path):
    person = Person.make(tmp_path)
    said = fine(person.init("--source", "dots"))
    assert said.endswith("  chezmoi init --apply --source dots\n")
    assert (person.home.path / "dots/.chezmoi.yaml.tmpl").is_file()
    assert person.bytes() == {}


def test_the_second_run_changes_nothing(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    fine(person.home.init("--apply"))
    before, modes = person.bytes(), person.modes()
    said = fine(person.init())
    assert (person.bytes(), person.modes()) == (before, modes)
    assert "\nnothing to change\n" in said
    assert ".chezmoi.yaml.tmpl has all that is needed\n" in said
    assert said.endswith("\nnext: run\n  chezmoi apply\n")


@pytest.mark.parametrize("flags", [["--dry-run"], ["--print-config"], ["--remove"]], ids=" ".join)
def test_a_look_changes_nothing(tmp_path, flags):
    person = Person.make(tmp_path, {"dot_bashrc": "alias ll='ls -l'\n", ".chezmoi.yaml.tmpl": "data: {}\n"})
    fine(person.init())
    before, modes = person.bytes(), person.modes()
    (person.home.source / "dot_config/llama-swap/config.yaml.tmpl").unlink()
    missing = {
        key: value for key, value in before.items() if not key.endswith("llama-swap/config.yaml.tmpl")
    }
    fine(person.init(*flags))
    assert person.bytes() == missing
    assert modes.items() >= person.modes().items()


# --- before the lines are there -------------------------------------------------------------------

YAML = "data:\n  email: me@example.org\n"


def test_before_the_lines_are_there_nothing_is_started(tmp_path):
    person = Person.make(tmp_path, {"dot_bashrc": "x\n", ".chezmoi.yaml.tmpl": YAML})
    fine(person.home.init("--apply"))
    there = {path for path in person.home.path.rglob("*") if person.home.source not in path.parents}
    fine(person.init("--with", "llama_swap", "--with", "litellm", "--with", "open_webui"))
    fine(person.home.managed())
    # each of these starts the helper two dozen times, once for each template
    fine(person.home.diff())
    done = person.home.apply()
    assert fine(done) == ""
    assert done.stderr == (
        "llm-secrets: no model is listed yet, so nothing is started; "
        "chezmoi-llm init has the lines for your config template\n"
    )
    after = {path for path in person.home.path.rglob("*") if person.home.source not in path.parents}
    cache = person.home.path / ".cache"
    assert [path for path in after - there if path.is_file() and cache not in path.parents] == []
    asked = programs.run([programs.located("chezmoi-llm"), "secrets"], env=person.home.env)
    assert fine(asked) == "the stack needs no secrets\n"


def test_what_was_not_chosen_is_off(tmp_path):
    person = Person.make(tmp_path, {"dot_bashrc": "x\n", ".chezmoi.yaml.tmpl": YAML})
    report = fine(person.init("--with", "llama_swap"))
    assert (
        "  not chosen: ramalama, litellm, open_webui, caddy and desktop; --with NAME adds one\n" in report
    )
    template = person.home.source / ".chezmoi.yaml.tmpl"
    block = fine(person.init("--print-config", "--with", "llama_swap"))
    stack, hook = block.split("# --- at the end of .chezmoi.yaml.tmpl\n")
    template.write_text(YAML + stack + hook)
    fine(person.home.init("--apply"))
    llm = person.home.values()["llm"]
    assert [name for name, service in llm["services"].items() if service["enabled"]] == ["llama_swap"]
    assert [secret["name"] for secret in llm["secrets"]] == ["llama_swap_api_key"]
    said = fine(person.init("--with", "litellm"))
    assert "Change in it:\n  data.llm_stack.services.litellm.enabled (line 18): true\n" in said
    template.write_text(template.read_text().replace("litellm:\n        enabled: false", "litellm: {}"))
    fine(person.home.apply())
    assert 'model_name: "qwen3-4b"' in person.home.read(".config/litellm/config.yaml")
    assert "has all that is needed" in fine(person.init())


def test_a_new_folder_has_off_what_was_not_chosen(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init("--with", "litellm"))
    fine(person.home.init("--apply"))
    services = person.home.values()["llm"]["services"]
    assert [name for name, service in services.items() if service["enabled"]] == ["litellm"]
    before = person.bytes()
    assert "\nnothing to change\n" in fine(person.init())
    assert person.bytes() == before


def test_with_none_there_is_the_hook_alone(tmp_path):
    files = {"dot_models.tmpl": "{{ range .llm.local_models }}{{ .name }} {{ .ctx_size }}\n{{ end }}"}
    person = Person.make(tmp_path, files)
    fine(person.init("--with", "none"))
    fine(person.home.init("--apply"))
    assert person.home.read(".models") == "qwen3-4b 8192\nnomic-embed-text 8192\n"
    assert fine(person.home.managed()) == ".models\n"
    before = person.bytes()
    assert "\nnothing to change\n" in fine(person.init())
    assert person.bytes() == before
    done = person.init("--with", "none", "--with", "caddy")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "Error: none goes with no service")


# --- modes, upgrade, removal ----------------------------------------------------------------------


def test_mode_output_needs_no_hook_and_no_document(tmp_path):
    person = Person.make(tmp_path, {".chezmoidata/llm.json": '{"llm": {}}'})
    fine(person.init("--mode", "output"))
    after = person.bytes()
    assert not {".chezmoi-llm-hook.sh", ".gitignore", ".chezmoidata/llm.json"} & set(after)
    assert b"hooks:" not in after[".chezmoi.yaml.tmpl"]
    assert "\nnothing to change\n" in fine(person.init())
    assert person.bytes() == after
    fine(person.home.init("--apply"))
    assert '"qwen3-4b":' in person.home.read(".config/llama-swap/config.yaml")


def test_mode_commit_keeps_the_document_in_git(tmp_path):
    person = Person.make(tmp_path, {".gitignore": "*.bak\n/.chezmoidata/llm.json\n"})
    said = fine(person.init("--mode", "commit"))
    assert said.endswith(
        "\nnext: run\n"
        "  chezmoi-llm expand --write\n"
        "  git add .chezmoidata/llm.json   (in the source folder)\n"
        "  chezmoi init --apply\n"
    )
    assert person.bytes()[".gitignore"] == b"*.bak\n"
    git = {"env": person.home.env, "cwd": person.home.source}
    fine(programs.run(["git", "init", "--quiet"], **git))
    fine(programs.run([programs.located("chezmoi-llm"), "expand", "--write"], **git))
    fine(programs.run(["git", "add", ".chezmoidata/llm.json"], **git))
    fine(person.home.init("--apply"))
    assert '"qwen3-4b":' in person.home.read(".config/llama-swap/config.yaml")
    before = person.bytes()
    fine(person.init())
    assert person.bytes() == before


def test_an_upgrade_leaves_and_shows_what_was_edited(tmp_path):
    person = Person.make(tmp_path, {"private_dot_config/a": ""})
    fine(person.init())
    path = "private_dot_config/llama-swap/config.yaml.tmpl"
    file = person.home.source / path
    file.write_text(file.read_text().replace("# What llama-swap starts", "# What my llama-swap starts"))
    before = person.bytes()
    said = fine(person.init("--upgrade"))
    assert person.bytes() == before
    assert f"  edited by you, so left as it is: {path}\n    --- {path}\n    +++ ours\n" in said
    assert "    -# What my llama-swap starts" in said
    assert "\nnothing to change\n" in said


def test_files_that_got_another_name_are_found_again(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    fine(person.home.init("--apply"))
    fine(person.home.run("chattr", "+private", str(person.home.path / ".config")))
    template = person.home.source / ".chezmoi.yaml.tmpl"

    def said_of_an_edit(ttl):
        template.write_text(
            re.sub(r"(?m)^    - name: qwen3-4b$(\n      ttl: .*)?", ttl, template.read_text())
        )
        done = person.home.apply()
        fine(done)
        return done.stderr

    told = " have other names now, so that a change restarts nothing; run: chezmoi-llm init --upgrade\n"
    assert told in said_of_an_edit("    - name: qwen3-4b\n      ttl: 60")
    fine(person.init("--upgrade"))
    assert told not in said_of_an_edit("    - name: qwen3-4b\n      ttl: 61")


def test_a_removal_keeps_what_was_edited_and_names_the_rest(tmp_path):
    person = Person.make(tmp_path)
    fine(person.init())
    fine(person.home.init("--apply"))
    file = person.home.source / "dot_config/ramalama/shortnames.conf.tmpl"
    file.write_text(file.read_text() + "# mine\n")
    said = fine(person.init("--remove"))
    assert said.endswith("\nnothing was changed; to do it, add --yes\n")
    said = fine(person.init("--remove", "--yes"))
    assert set(person.bytes()) == {
        ".chezmoi.yaml.tmpl",
        ".chezmoiremove",
        "dot_config/ramalama/shortnames.conf.tmpl",
    }
    assert "  left, since you have edited it: dot_config/ramalama/shortnames.conf.tmpl\n" in said
    template = person.home.source / ".chezmoi.yaml.tmpl"
    lines = template.read_text().splitlines()
    for first, last in re.findall(r"\((?:lines? (\d+)(?: to (\d+))?)\)", said):
        lines[int(first) - 1 : int(last or first)] = [""] * (int(last or first) - int(first) + 1)
    template.write_text("\n".join(lines))
    file.unlink()
    fine(person.home.init("--apply"))
    assert json.loads(fine(person.home.run("dump-config", "--format=json")))["data"] == {}
    assert not (person.home.path / ".config/llama-swap/config.yaml").exists()


TOML = """\
{{- $email := promptStringOnce . "email" "Email" "me@example.org" -}}
[data]
    email = {{ $email | quote }}
"""


def test_print_config_prints_the_block_alone(tmp_path):
    person = Person.make(tmp_path, {".chezmoi.toml.tmpl": TOML})
    done = person.init("--print-config")
    assert done.stderr == ""
    text = fine(done)
    assert text.startswith("# --- at the end of .chezmoi.toml.tmpl\n[[data.local_models]]\n")
    template = person.home.source / ".chezmoi.toml.tmpl"
    template.write_text(TOML + text)
    done = person.init("--print-config")
    assert (done.stdout, done.stderr) == ("", ".chezmoi.toml.tmpl has all that is needed\n")
    fine(person.home.init("--promptDefaults"))
    names = [model["name"] for model in person.home.values()["local_models"]]
    assert names == ["qwen3-4b", "nomic-embed-text"]


@pytest.mark.parametrize("name", [".chezmoi.json.tmpl", ".chezmoi.jsonc.tmpl"])
def test_print_config_says_the_places_in_json(tmp_path, name):
    person = Person.make(tmp_path, {"dot_bashrc": "", name: '{\n  "data": {\n    "a": 1\n  }\n}\n'})
    done = person.init("--print-config")
    places = [
        f"--- right after the opening brace of data (line 2 of {name})",
        f"--- right after the first brace of {name}",
    ]
    inside = re.findall("^// (---.*)", done.stdout, re.MULTILINE)
    outside = re.findall("^---.*", done.stderr, re.MULTILINE)
    assert (inside, outside) == ((places, []) if name.endswith("jsonc.tmpl") else ([], places))


@pytest.mark.parametrize(
    ("answers", "is_changed"),
    [
        pytest.param("\ny\n", True, id="yes"),
        pytest.param("caddy\n\n", True, id="other-services"),
        pytest.param("\nn\n", False, id="no"),
    ],
)
def test_on_a_terminal_it_asks_twice(tmp_path, answers, is_changed):
    person = Person.make(tmp_path, {"dot_bashrc": "", ".chezmoi.yaml.tmpl": YAML})
    said = on_terminal(person, answers)
    assert (
        "Services (llama_swap, ramalama, litellm, open_webui, caddy, desktop, or none) "
        "[llama_swap ramalama]: " in said
    )
    assert "Go on? [Y/n]: " in said
    assert ("dot_config" in "".join(person.bytes())) is is_changed
    assert ("dot_config/caddy/Caddyfile.tmpl" in person.bytes()) is ("caddy" in answers)


def on_terminal(person: Person, answers: str) -> str:
    """Run init on a terminal of its own, type the answers, and return what stood there."""
    pid, terminal = os.forkpty()
    if pid == 0:
        os.chdir(person.home.path)
        program = programs.located("chezmoi-llm")
        os.execve(program, [program, "init"], dict(person.home.env))  # noqa: S606 - a program without a shell
    os.write(terminal, answers.encode())
    said = b""
    while chunk := read_terminal(terminal):
        said += chunk
    os.waitpid(pid, 0)
    os.close(terminal)
    return said.decode()


def read_terminal(terminal: int) -> bytes:
    """Read on; Linux says EIO once the program has ended."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""

"""``chezmoi-llm init`` where something is in the way: it is named, and nothing of a person's is changed."""

from __future__ import annotations

import re

import pytest
from realprograms import helper
from realprograms.chezmoi import Done
from realprograms.person import Person, fine, left_out, works

pytestmark = pytest.mark.real("chezmoi", "chezmoi-llm", "git")

UNITS = ".config/containers/systemd"
SERVICE = "dot_config/systemd/user/llama-swap.service"
OTHER_NAME = (
    "give ours another name, in your config template: llm_stack: {}, then run chezmoi-llm init again"
)


# --- what is in the way ---------------------------------------------------------------------------

CONFIG = """\
{{ range $key, $value := .llm.llama_swap.config }}{{ $key }}: {{ $value | toJson }}
             {{ end }}"""

CLASHES = {
    "own llm.network": (
        {"dot_config/containers/systemd/llm.network": "[Network]\nNetworkName=ai\n"},
        "dot_config/containers/systemd/llm/llm.network.tmpl",
        "dot_config/containers/systemd/llm.network becomes llm-network.service already",
        "let the models join yours, in your config template: llm_stack: {network: {name: ai}}",
    ),
    "own network of that name": (
        {"private_dot_config/containers/systemd/ai.network.tmpl": "[Network]\nNetworkName=llm\n"},
        "private_dot_config/containers/systemd/llm/llm.network.tmpl",
        "private_dot_config/containers/systemd/ai.network.tmpl makes the network llm already",
        OTHER_NAME.format("{network: {name: NAME}}"),
    ),
    "own container of that name": (
        {"dot_config/containers/systemd/swap.container": "[Container]\nContainerName = llama-swap\n"},
        "dot_config/containers/systemd/llm/llama-swap.container.tmpl",
        "dot_config/containers/systemd/swap.container has the container name llama-swap already",
        OTHER_NAME.format("{services: {llama_swap: {container_name: NAME}}}"),
    ),
    "own container whose file name would colour the terminal": (
        {"dot_config/containers/systemd/\x1b[31m.container": "[Container]\nContainerName=llama-swap\n"},
        "dot_config/containers/systemd/llm/llama-swap.container.tmpl",
        "dot_config/containers/systemd/\ufffd[31m.container has the container name llama-swap already",
        OTHER_NAME.format("{services: {llama_swap: {container_name: NAME}}}"),
    ),
    "own unit of that name": (
        {"dot_config/containers/systemd/swap/llama-swap.container": "[Container]\nContainerName=x\n"},
        "dot_config/containers/systemd/llm/llama-swap.container.tmpl",
        "dot_config/containers/systemd/swap/llama-swap.container becomes llama-swap.service already",
        f"""keep yours, with this in the file that its program reads:
             {CONFIG}
             and this in its [Container]:
             {{{{ range .llm.llama_swap.unit.secrets }}}}Secret={{{{ . }}}}
             {{{{ end }}}}
             to use ours, rename or delete yours, then run chezmoi-llm init again""",
    ),
    "own external": (
        {".chezmoiexternal.toml": '[".config/ramalama"]\ntype = "git-repo"\nurl = "http://127.0.0.1:9/"\n'},
        "dot_config/ramalama/ramalama.conf.tmpl",
        ".chezmoiexternal.toml brings ~/.config/ramalama",
        "let it bring folders further down alone, then run chezmoi-llm init again",
    ),
    "own .chezmoiremove": (
        {".chezmoiremove": ".config/*/shortnames.conf\n.config/ramalama/\n"},
        "dot_config/ramalama/ramalama.conf.tmpl",
        ".chezmoiremove takes ~/.config/ramalama away",
        "delete that line, then run chezmoi-llm init again",
    ),
    "own user service": (
        {SERVICE: "[Service]\nExecStart=true\n"},
        f"{SERVICE}.tmpl",
        f"{SERVICE} makes ~/.config/systemd/user/llama-swap.service already",
        "keep yours; to use ours, move yours away, then run chezmoi-llm init again",
    ),
    "own config of llama-swap": (
        {"dot_config/llama-swap/private_config.yaml": "models: {}\n"},
        "dot_config/llama-swap/config.yaml.tmpl",
        "dot_config/llama-swap/private_config.yaml makes ~/.config/llama-swap/config.yaml already",
        f"""run chezmoi chattr +template ~/.config/llama-swap/config.yaml; write into yours, instead of \
its keys of these names:
             {CONFIG}""",
    ),
    "own config that is encrypted": (
        {"dot_config/llama-swap/encrypted_config.yaml.age": "age-encryption.org/v1\n"},
        "dot_config/llama-swap/config.yaml.tmpl",
        "dot_config/llama-swap/encrypted_config.yaml.age makes ~/.config/llama-swap/config.yaml already",
        f"""run chezmoi chattr +template ~/.config/llama-swap/config.yaml; write into yours, instead of \
its keys of these names:
             {CONFIG}""",
    ),
    "own text that our scripts would begin with": (
        {".chezmoitemplates/llm-reload.sh": "echo mine\n"},
        ".chezmoiscripts/run_onchange_after_50-reload-llama-swap.sh.tmpl",
        "it includes .chezmoitemplates/llm-reload.sh, which is left out",
        "mend that first",
    ),
    "own link": (
        {"dot_config/symlink_ramalama": "/elsewhere\n"},
        "dot_config/ramalama/ramalama.conf.tmpl",
        "dot_config/symlink_ramalama makes ~/.config/ramalama, and is no folder",
        "make it one, then run chezmoi-llm init again",
    ),
}


@pytest.mark.parametrize("name", CLASHES)
def test_what_is_in_the_way_is_named_and_left_alone(tmp_path, name):
    files, path, reason, instead = CLASHES[name]
    person = Person.make(tmp_path, files)
    said = fine(person.init())
    assert left_out(said)[path] == (reason, instead)
    after = person.bytes()
    assert path not in after
    assert {file: after[file] for file in files} == {file: text.encode() for file, text in files.items()}
    fine(person.home.managed())


def test_what_is_ignored_is_named_and_nothing_else(tmp_path):
    files = {
        "dot_bashrc": "",
        ".chezmoiignore": "README.md\n.config/llama-swap/*.yaml\n.config/**/*.container\n",
        "dot_config/.chezmoiignore": "ramalama # not here\n",
        ".chezmoidata.yaml": "local_models: []\n",
    }
    person = Person.make(tmp_path, files)
    said = fine(person.init())
    assert "  .chezmoidata.yaml has local_models, which is only read in the config template\n" in said
    named = re.search(r"^  \.chezmoiignore keeps these .*:\n((?:    ~/.*\n)+)", said, re.MULTILINE)[1]
    fine(person.home.init("--apply"))
    managed = fine(person.home.managed("--include", "files")).splitlines()
    person.home.write({".chezmoiignore": "", "dot_config/.chezmoiignore": ""})
    missing = set(fine(person.home.managed("--include", "files")).splitlines()) - set(managed)
    assert {f"    ~/{path}" for path in missing} == set(named.splitlines())


def test_units_that_need_what_is_left_out_are_left_out_as_well(tmp_path):
    files, *_ = CLASHES["own network of that name"]
    person = Person.make(tmp_path, files)
    assert left_out(fine(person.init()))[
        "private_dot_config/containers/systemd/llm/llama-swap.container.tmpl"
    ] == ("it needs llm.network, which is left out", "mend that first")


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        pytest.param(
            ".config/ramalama/ramalama.conf",
            "[ramalama]\n",
            "~/.config/ramalama/ramalama.conf is there, and not from chezmoi",
            id="config",
        ),
        pytest.param(
            f"{UNITS}/mine/llm.network",
            "[Network]\n",
            f"~/{UNITS}/mine/llm.network becomes llm-network.service already",
            id="unit",
        ),
    ],
)
def test_files_of_the_home_are_in_the_way_too(tmp_path, file, text, reason):
    person = Person.make(tmp_path)
    there = person.home.path / file
    there.parent.mkdir(parents=True)
    there.write_text(text)
    assert f"    why:     {reason}\n" in fine(person.init())
    fine(person.home.init("--apply"))
    assert there.read_text() == text


def test_a_config_file_without_a_template_is_not_replaced(tmp_path):
    person = Person.make(tmp_path)
    own = '[data]\n    email = "me@example.org"\n'
    person.home.config.mkdir(parents=True)
    (person.home.config / "chezmoi.toml").write_text(own)
    said = fine(person.init())
    assert "~/.config/chezmoi/chezmoi.toml is yours, so nothing in it is changed. Add to it:\n" in said
    assert "{{" not in said
    assert not (person.home.source / ".chezmoi.yaml.tmpl").exists()
    text = said.partition("at the end of ~/.config/chezmoi/chezmoi.toml:\n")[2].partition("\n---\n")[0]
    (person.home.config / "chezmoi.toml").write_text(own + text)
    works(person.home)
    assert '"qwen3-4b":' in person.home.read(".config/llama-swap/config.yaml")
    assert "has all that is needed" in fine(person.init())

    config = person.home.config / "chezmoi.toml"
    assert asked(person, "check").stdout == "no problems found\n"
    config.write_text(config.read_text().replace('"qwen3-4b"', '"qwen3 4b"'))
    assert asked(person, "check", "--format", "concise").stdout.startswith(
        ".config/chezmoi/chezmoi.toml:4:8: LLM103 "
    )
    assert "chezmoi.toml, without a template" in asked(person, "doctor").stdout


def asked(person: Person, *words: str) -> Done:
    """Run the helper in the home."""
    return helper.run(words, env=person.home.env, cwd=person.home.path)


# --- all or nothing -------------------------------------------------------------------------------


def refused(done: Done, message: str) -> None:
    """Check the one sentence of a run that could not be carried out."""
    assert (done.returncode, done.stderr) == (3, f"chezmoi-llm: {message}\n")


def test_a_failure_midway_leaves_nothing_behind(tmp_path):
    person = Person.make(tmp_path, {".llm": "a file in the place of a folder\n", ".gitignore": "*.bak\n"})
    modes = person.modes()
    source = person.home.source
    refused(person.init(), f"{source}/.llm/spec.schema.json: Not a directory; nothing was changed")
    assert person.bytes() == {".gitignore": b"*.bak\n", ".llm": b"a file in the place of a folder\n"}
    assert person.modes() == modes


def test_a_folder_that_cannot_be_written(tmp_path):
    person = Person.make(tmp_path)
    done = person.init("--source", "/proc/self/dots")
    assert done.returncode == 3
    assert done.stderr.endswith("; nothing was changed\n")


def test_what_chezmoi_would_refuse_is_undone(tmp_path):
    files = {".chezmoiremove": "{{ if true }}.config/llama-swap/*.yaml{{ end }}\n", "dot_bashrc": ""}
    person = Person.make(tmp_path, files)
    config = person.home.path / ".config/llama-swap/config.yaml"
    config.parent.mkdir(parents=True)
    config.write_text("# chezmoi-llm: llama-swap/config.yaml 1\n")
    done = person.init()
    assert done.returncode == 3
    assert done.stderr.startswith(
        "chezmoi-llm: nothing was changed, since chezmoi would refuse the folder then: "
        ".config/llama-swap/config.yaml: inconsistent state"
    )
    assert person.bytes() == {name: text.encode() for name, text in files.items()}
    fine(person.home.managed())


def test_a_link_is_not_followed_out_of_the_folder(tmp_path):
    person = Person.make(tmp_path)
    outside = tmp_path / "outside"
    outside.mkdir()
    (person.home.source / "dot_config").symlink_to(outside)
    said = fine(person.init())
    assert left_out(said)["dot_config/llama-swap/config.yaml.tmpl"] == (
        "dot_config makes ~/.config, and is no folder",
        "make it one, then run chezmoi-llm init again",
    )
    assert list(outside.iterdir()) == []
    fine(person.home.init("--apply"))
    works(person.home)
    (person.home.source / ".llm/spec.schema.json").unlink()
    (person.home.source / ".llm").rmdir()
    (person.home.source / ".llm").symlink_to(outside)
    done = person.init()
    assert done.returncode == 3
    assert done.stderr.endswith(f", outside of {person.home.source}; nothing was changed\n")
    assert list(outside.iterdir()) == []


def test_a_folder_that_chezmoi_cannot_use_is_not_touched(tmp_path):
    files = {"dot_config/a": "", "private_dot_config/b": ""}
    person = Person.make(tmp_path, files)
    assert person.home.managed().returncode == 1
    refused(
        person.init(),
        "chezmoi cannot use the source folder: dot_config and private_dot_config all map to .config",
    )
    assert person.bytes() == dict.fromkeys(files, b"")


def test_what_a_computed_list_keeps_from_the_home_is_told(tmp_path):
    allowed = "*\n{{ if true }}\n!git\n!containers\n!systemd\n!llama-swap\n{{ end }}\n"
    person = Person.make(tmp_path, {"dot_config/git/config": "", "dot_config/.chezmoiignore": allowed})
    said = fine(person.init("--with", "llama_swap", "--with", "ramalama"))
    assert said.partition("change it if you want them:\n")[2].startswith(
        "    ~/.config/ramalama/ramalama.conf\n    ~/.config/ramalama/shortnames.conf\n\n"
    )


def test_what_chezmoi_stops_at_already_is_told(tmp_path):
    person = Person.make(tmp_path, {"dot_bashrc": ""})
    link = person.home.source / "dot_link"
    link.symlink_to("nowhere")
    done = person.init()
    assert done.returncode == 0
    assert done.stderr == (
        "chezmoi-llm: before that, mend what chezmoi stopped at already: "
        f"stat {link}: no such file or directory\n"
    )
    link.unlink()
    works(person.home)


def test_what_chezmoi_lacks_before_its_first_init_is_no_fault(tmp_path):
    files = {".chezmoi.yaml.tmpl": "data:\n  is_work: true\n", ".chezmoiignore": "{{ .is_work }}\n"}
    person = Person.make(tmp_path, files)
    assert person.home.managed().returncode == 1
    done = person.init()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\nnext: write the lines above, then run\n  chezmoi init --apply\n")


def test_a_folder_with_two_config_templates_is_not_touched(tmp_path):
    files = {".chezmoi.toml.tmpl": "", ".chezmoi.yaml.tmpl": "", "dot_bashrc": ""}
    person = Person.make(tmp_path, files)
    assert person.home.status().returncode == 1
    refused(
        person.init(),
        "chezmoi cannot use the source folder: .chezmoi.toml.tmpl and .chezmoi.yaml.tmpl are both its "
        "config template; keep one of them",
    )
    assert person.bytes() == dict.fromkeys(files, b"")


CONFIG_TEMPLATE, DATA = ".chezmoi.yaml.tmpl", ".chezmoidata/llm.yaml"
WRONG = {
    "own key llm": (
        {CONFIG_TEMPLATE: "data:\n  llm: {a: 1}\n"},
        f"{CONFIG_TEMPLATE}:2:3: LLM105 'llm' cannot stand here: ",
    ),
    "own key llm in a data file": (
        {CONFIG_TEMPLATE: "data: {}\n", DATA: "llm: {a: 1}\n"},
        f"{DATA}: LLM105 'llm' is the root of the expanded document, ",
    ),
    "list with a mistake": (
        {CONFIG_TEMPLATE: "data:\n  local_models:\n    - {name: a, model: 'ollama://a', ctx_sise: 1}\n"},
        f"{CONFIG_TEMPLATE}:3:38: LLM101 unknown key 'ctx_sise' in item 1 of 'local_models'\n",
    ),
    "config file without a template": ({}, "chezmoi.yaml:2:3: LLM105 'llm' cannot stand here: "),
}


@pytest.mark.parametrize(("files", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_already_has_to_be_mended_first(tmp_path, files, told):
    person = Person.make(tmp_path, {"dot_bashrc.tmpl": "{{ .chezmoi.os }}\n", **files})
    before = person.bytes()
    if files:
        fine(person.home.init())
    else:
        person.home.config.mkdir(parents=True)
        (person.home.config / "chezmoi.yaml").write_text("data:\n  llm: {a: 1}\n")
    done = person.init()
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert done.stderr.endswith(
        "\nchezmoi-llm: nothing was changed; mend what is there first, then run chezmoi-llm init again\n"
    )
    assert person.bytes() == before
    works(person.home)


def test_without_chezmoi_it_says_where_to_get_it(tmp_path):
    person = Person.make(tmp_path)
    (person.home.bin / "chezmoi").unlink()
    (person.home.bin / "chezmoi-llm").unlink()
    assert fine(person.init()).endswith(
        "chezmoi is not on PATH; https://www.chezmoi.io/install tells how to get it\n"
        "chezmoi-llm is not on PATH, where chezmoi looks for it; run: uv tool install chezmoi-llm\n"
        "next: run\n"
        "  chezmoi init --apply\n"
    )


OTHER_NAMES = """\
data:
  llm_stack:
    network: {name: models}
    services:
      llama_swap: {container_name: swap}
"""


def test_other_names_of_ours_are_out_of_the_way(tmp_path):
    files = CLASHES["own network of that name"][0] | {
        "private_dot_config/containers/systemd/x.container": "[Container]\nContainerName=llama-swap\n",
        ".chezmoi.yaml.tmpl": OTHER_NAMES,
    }
    person = Person.make(tmp_path, files)
    assert "left out" not in fine(person.init())
    fine(person.home.init())
    assert "\nNetworkName=models\n" in fine(person.home.cat(f"{UNITS}/llm/llm.network"))
    assert "\nContainerName=swap\n" in fine(person.home.cat(f"{UNITS}/llm/llama-swap.container"))

"""The lines for a config template that is there: nothing twice, each piece in its place and format."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
import yaml

from chezmoi_llm.chezmoi.naming import DOCUMENT
from chezmoi_llm.scaffold.accelerator import Guess
from chezmoi_llm.scaffold.block import CALL, block, missing
from chezmoi_llm.scaffold.changes import Change, Plan
from chezmoi_llm.scaffold.config import config, declares_hook, names_taken
from chezmoi_llm.scaffold.paste import pastes
from chezmoi_llm.scaffold.plan import Wish
from chezmoi_llm.scaffold.releases import Releases
from chezmoi_llm.scaffold.remaining import Remaining
from chezmoi_llm.scaffold.removal import lines_to_delete, removal
from chezmoi_llm.scaffold.slot import CALL_BEFORE
from chezmoi_llm.scaffold.starter import Mode
from chezmoi_llm.scaffold.steps import Surroundings, after_adding, after_removal, after_upgrade, for_config
from chezmoi_llm.scaffold.tree import CONFIG, Tree
from chezmoi_llm.world.scaffolding import shipped_files

GUESS = Guess(word="vulkan", found="a card")
WISH = Wish(services=(), mode=Mode.HOOK, accelerator=GUESS)


def found(text, file=".chezmoi.yaml.tmpl", **texts):
    there = {file: text.encode()} | {name: text.encode() for name, text in texts.items()}
    tree = Tree(files=tuple(there), texts=there)
    return config(tree), tree


def pieces(text, file=".chezmoi.yaml.tmpl", wish=WISH):
    there, tree = found(text, file)
    return {piece.where: piece.text for piece in remaining(there, tree, wish).to_add()}


def remaining(there, tree, wish=WISH):
    return Remaining(config=there, tree=tree, wish=wish)


def said_of(there, tree, wish=WISH):
    return list(for_config(remaining(there, tree, wish), GUESS))


MODELS = """\
local_models:
  - name: qwen3-4b
    model: hf://Qwen/Qwen3-4B-GGUF:Q4_K_M
  - name: nomic-embed-text
    model: hf://nomic-ai/nomic-embed-text-v1.5-GGUF:Q8_0
    kind: embedding
"""
STACK = """\
llm_stack:
  accelerator: vulkan
  services:
    llama_swap:
      placement: container
"""
LIST = "data:\n  local_models: []\n"
QUIET = "warnings:\n  configFileTemplateHasChanged: false\n"
PRE = f"""\
# {{{{ if ne .chezmoi.os "windows" }}}}
pre:
  command: sh
  args:
    - -c
    - {CALL}
# {{{{ end }}}}
"""


def indented(text, width):
    return "".join(" " * width + line for line in text.splitlines(keepends=True))


def test_keys_go_below_those_that_are_there_with_their_indentation():
    text = "data:\n    email: {{ .email }}\nhooks:\n  read-source-state:\n     post: {command: mine}\n"
    assert pieces(text) == {
        "right below data (line 1 of .chezmoi.yaml.tmpl)": indented(MODELS + STACK, 4),
        "right below hooks.read-source-state (line 4 of .chezmoi.yaml.tmpl)": indented(PRE, 5),
        "at the end of .chezmoi.yaml.tmpl": "warnings:\n  configFileTemplateHasChanged: false\n",
    }


def test_what_is_there_is_not_repeated():
    text = """\
data:
  local_models: []
warnings:
  configFileTemplateHasChanged: true
hooks:
  read-source-state:
    pre:
      command: mine
"""
    assert pieces(text) == {"right below data (line 1 of .chezmoi.yaml.tmpl)": indented(STACK, 2)}


def test_the_other_spelling_of_the_lists_counts():
    assert "local_models" not in "".join(pieces("data:\n  models:\n    local: {}\n").values())


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param(
            "data: {a: 1}\n",
            "inside data (line 1 of .chezmoi.yaml.tmpl), once it is written in lines instead of braces",
            id="braces",
        ),
        pytest.param(
            "data: {{ .mine | toJson }}\n",
            "where the value of data is made (line 1 of .chezmoi.yaml.tmpl)",
            id="computed",
        ),
        pytest.param("data:\n", "right below data (line 1 of .chezmoi.yaml.tmpl)", id="empty"),
    ],
)
def test_data_in_other_shapes(text, where):
    assert pieces(text)[where] == indented(MODELS + STACK, 2)


@pytest.mark.parametrize(
    ("file", "text", "where"),
    [
        pytest.param(
            ".chezmoi.yaml.tmpl",
            "{{ $x := 1 -}}\ndata:\n  a: 1\n{{ if $x -}}\nenv:\n  b: c\n{{- end -}}\n",
            "right above data (line 2 of .chezmoi.yaml.tmpl)",
            id="yaml",
        ),
        pytest.param(
            ".chezmoi.toml.tmpl",
            '[edit]\ncommand = "vi"\n[data]\na = 1\n{{- /* the end */ -}}\n\n',
            "right above data (line 3 of .chezmoi.toml.tmpl)",
            id="toml",
        ),
        pytest.param(
            ".chezmoi.yaml.tmpl",
            "data:\n  a: 1\n{{- /* the end */}}\n",
            "at the end of .chezmoi.yaml.tmpl",
            id="kept line end",
        ),
    ],
)
def test_what_takes_the_last_line_end_has_nothing_put_behind_it(file, text, where):
    assert [place for place in pieces(text, file) if "below" not in place] == [where]


def test_toml_adds_tables_at_the_end_and_values_below_their_header():
    text = '[data]\n  email = "x"\n[warnings]\n[hooks.apply.post]\n  command = "true"\n'
    added = pieces(text, ".chezmoi.toml.tmpl")
    assert (
        added["right below warnings (line 3 of .chezmoi.toml.tmpl)"]
        == "configFileTemplateHasChanged = false\n"
    )
    assert set(added) == {
        "right below warnings (line 3 of .chezmoi.toml.tmpl)",
        "at the end of .chezmoi.toml.tmpl",
    }
    lines = text.splitlines(keepends=True)
    lines[3:3] = added["right below warnings (line 3 of .chezmoi.toml.tmpl)"]
    whole = tomllib.loads("".join(lines) + added["at the end of .chezmoi.toml.tmpl"])
    assert whole["data"] == {"email": "x", **block(accelerator="vulkan", mode=Mode.HOOK)["data"]}
    assert whole["hooks"]["read-source-state"]["pre"] == {"command": "sh", "args": ["-c", CALL]}


def test_json_goes_in_front_of_what_is_there():
    text = '{\n  "data": {\n    "a": 1\n  }\n}\n'
    added = pieces(text, ".chezmoi.json.tmpl")
    lines = text.splitlines(keepends=True)
    lines[2:2] = added["right after the opening brace of data (line 2 of .chezmoi.json.tmpl)"]
    lines[1:1] = added["right after the first brace of .chezmoi.json.tmpl"]
    plain = "".join(line for line in "".join(lines).splitlines() if "{{" not in line)
    wanted = block(accelerator="vulkan", mode=Mode.HOOK)
    assert json.loads(plain) == wanted | {"data": {"a": 1, **wanted["data"]}}


def test_an_empty_object_of_json_takes_no_comma():
    added = pieces('{\n  "data": {\n  }\n}\n', ".chezmoi.json.tmpl")
    text = added["right after the opening brace of data (line 2 of .chezmoi.json.tmpl)"]
    assert json.loads("{" + text + "}") == block(accelerator="vulkan", mode=Mode.HOOK)["data"]


CONDITION = r"\{\{ if .*\}\}\n((?:.*\n)*?)\{\{ end \}\}\n"


@pytest.mark.parametrize(
    ("hook", "mode"), [(r"\1", Mode.HOOK), ("", Mode.OUTPUT)], ids=["linux", "windows"]
)
def test_a_file_of_json_with_nothing_in_it_takes_all_lines(hook, mode):
    there, tree = found("{}\n", ".chezmoi.json.tmpl")
    added = pieces("{}\n", ".chezmoi.json.tmpl")
    text = re.sub(CONDITION, hook, added["right after the first brace of .chezmoi.json.tmpl"])
    assert json.loads("{" + text + "}") == block(accelerator="vulkan", mode=mode)
    caddy = said_of(there, tree, WITH_CADDY)[-2]
    data = json.loads("{" + text.replace('"data": {', f'"data": {{\n{caddy}', 1) + "}")["data"]
    assert data["tailscale"] == {"hostname": "box", "tailnet": "tail1234.ts.net"}


def test_a_hook_alone_in_an_empty_object_of_json_takes_no_comma():
    there, _ = found('{"hooks": {}}\n', ".chezmoi.json.tmpl")
    wanted = {"hooks": block(accelerator="vulkan", mode=Mode.HOOK)["hooks"]}
    (added,) = pastes(tuple(missing(wanted, there)), there)
    assert json.loads("{" + re.sub(CONDITION, r"\1", added.text) + "}") == wanted["hooks"]


@pytest.mark.parametrize("mode", [Mode.OUTPUT, Mode.COMMIT])
def test_other_modes_add_no_hook(mode):
    wish = Wish(services=(), mode=mode, accelerator=GUESS)
    assert "hooks" not in "".join(pieces("# mine\n", wish=wish).values())


def test_the_block_says_what_the_starter_says():
    text = shipped_files()[CONFIG].decode()
    assert yaml.safe_load(text) == block(accelerator="vulkan", mode=Mode.HOOK)


def test_the_starter_needs_nothing_more():
    there, tree = found(shipped_files()[CONFIG].decode())
    assert said_of(there, tree) == ["", ".chezmoi.yaml.tmpl has all that is needed"]
    assert remaining(there, tree).to_add() == ()


TABLE = "hooks.read-source-state.pre"
OWN = "hooks:\n  read-source-state:\n    pre:\n      command: {{ .chezmoi.sourceDir }}/.install.sh\n"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("#!/bin/sh\n", False, id="not-called"),
        pytest.param("sh $CHEZMOI_SOURCE_DIR/.chezmoi-llm-hook.sh\n", True, id="called"),
    ],
)
def test_a_hook_of_the_person_may_call_ours(script, expected):
    there, tree = found(OWN, **{".install.sh": script})
    assert declares_hook(there, tree) is expected


STOPPED = "  llm_stack:\n    services:\n      litellm: {enabled: false}\n"
LATER = Wish(services=(), mode=Mode.HOOK, accelerator=GUESS, off=("litellm",))
OFF = indented("litellm:\n  enabled: false\n", 6)


@pytest.mark.parametrize(
    ("text", "added"),
    [
        pytest.param(
            "",
            {"at the end of .chezmoi.yaml.tmpl": f"data:\n{indented(MODELS + STACK, 2)}{OFF}{QUIET}"},
            id="hook-alone",
        ),
        pytest.param(
            f"data:\n{STOPPED}",
            {
                "right below data (line 5 of .chezmoi.yaml.tmpl)": indented(MODELS, 2),
                "right below data.llm_stack (line 6 of .chezmoi.yaml.tmpl)": "    accelerator: vulkan\n",
                "right below data.llm_stack.services (line 7 of .chezmoi.yaml.tmpl)": (
                    "      llama_swap:\n        placement: container\n"
                ),
                "at the end of .chezmoi.yaml.tmpl": QUIET,
            },
            id="without-a-list",
        ),
        pytest.param(
            f"{LIST}{QUIET}",
            {"right below data (line 5 of .chezmoi.yaml.tmpl)": indented(STACK, 2) + OFF},
            id="without-the-stack",
        ),
        pytest.param(
            f"data:\n  cloud_models: []\n{STOPPED}",
            {"at the end of .chezmoi.yaml.tmpl": QUIET},
            id="without-the-warning",
        ),
        pytest.param(f"{LIST}{STOPPED}{QUIET}", {}, id="whole"),
    ],
)
def test_each_line_is_missed_for_itself_where_a_script_calls_our_hook(text, added):
    there, tree = found(OWN + text, **{".install.sh": "sh $CHEZMOI_SOURCE_DIR/.chezmoi-llm-hook.sh\n"})
    told = remaining(there, tree, LATER)
    assert {piece.where: piece.text for piece in told.to_add()} == added
    assert told.is_done is (not added)
    assert told.is_accelerator_new is ("accelerator" in str(added))


def test_a_shell_script_of_the_person_gets_one_line():
    there, tree = found(OWN, **{".install.sh": "#!/bin/sh\n"})
    assert said_of(there, tree)[-5:] == [
        "",
        f"{TABLE} (line 3 of .chezmoi.yaml.tmpl) runs a script of yours, and chezmoi runs one only.",
        "Make this the first line of .install.sh, below #!; further down it might not be reached:",
        "",
        '  f=$CHEZMOI_SOURCE_DIR/.chezmoi-llm-hook.sh; [ ! -f "$f" ] || sh "$f" || exit',
    ]


BOTH = json.dumps(CALL_BEFORE)


@pytest.mark.parametrize(
    ("file", "text", "lines"),
    [
        pytest.param(
            ".chezmoi.yaml.tmpl",
            "hooks:\n  read-source-state:\n    pre:\n"
            "      command: {{ .dir }}/op   # opens the vault\n      args: [signin, '--as me']\n",
            [
                "  pre:",
                "    command: sh",
                "    args:",
                "      - -c",
                f"      - {BOTH}",
                "      - {{ .dir }}/op",
                "      - signin",
                "      - '--as me'",
            ],
            id="yaml",
        ),
        pytest.param(
            ".chezmoi.toml.tmpl",
            f'[{TABLE}]\nscript = "{{{{ .dir }}}}/vault.py"\n',
            [
                f"  [{TABLE}]",
                '  command = "sh"',
                f'  args = ["-c", {BOTH}, "{{{{ .dir }}}}/vault.py"]',
            ],
            id="toml",
        ),
        pytest.param(
            ".chezmoi.json.tmpl",
            '{"hooks": {"read-source-state": {"pre": {"command": "op", "args": ["signin"]}}}}',
            [f'  "pre": {{"command": "sh", "args": ["-c", {BOTH}, "op", "signin"]}}'],
            id="json",
        ),
        pytest.param(
            ".chezmoi.toml.tmpl",
            f"[{TABLE}]\n{{{{ .mine }}}}\n",
            [
                f"  [{TABLE}]",
                '  command = "sh"',
                f'  args = ["-c", {BOTH}, YOUR-COMMAND, YOUR-ARGUMENT]',
            ],
            id="unknown",
        ),
    ],
)
def test_a_command_of_the_person_runs_after_ours(file, text, lines):
    there, tree = found(text, file)
    said = said_of(there, tree)
    assert "runs a command of yours, and chezmoi runs one only." in said[-len(lines) - 3]
    assert said[-len(lines) - 2 :] == ["Write this in its place, which runs both:", "", *lines]


def test_values_that_are_in_the_way_are_named():
    services = "  llm_stack:\n    services:\n      litellm: {enabled: false}\n"
    warned = f"data:\n{services}warnings:\n  configFileTemplateHasChanged: true\n"
    wish = Wish(
        services=(), mode=Mode.HOOK, accelerator=GUESS, named=("llama_swap", "litellm"), off=("caddy",)
    )
    there, tree = found(warned)
    assert list(remaining(there, tree, wish).to_change()) == [
        "warnings.configFileTemplateHasChanged (line 6): false, or chezmoi asks for init after each edit",
        "data.llm_stack.services.litellm.enabled (line 4): true",
    ]
    there, tree = found(f"# {CALL}\n{LIST}{services}{QUIET}")
    assert said_of(there, tree, wish) == [
        "",
        ".chezmoi.yaml.tmpl is yours, so nothing in it is changed. Add to it:",
        "",
        "--- right below data.llm_stack.services (line 5 of .chezmoi.yaml.tmpl):",
        "      caddy:\n        enabled: false",
        "---",
        "",
        "Change in it:",
        "  data.llm_stack.services.litellm.enabled (line 6): true",
    ]


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param("{services: {caddy: {mode: ports}, openwebui: {enabled: false}}}", id="written"),
        pytest.param("{enabled: false}", id="all-off"),
        pytest.param("{{ .mine | toJson }}", id="computed"),
        pytest.param("{services: {{ .mine | toJson }}}", id="computed-services"),
    ],
)
def test_a_config_that_says_something_of_a_service_is_left_alone(stack):
    wish = Wish(services=(), mode=Mode.HOOK, accelerator=GUESS, off=("open_webui", "caddy"))
    there, tree = found(f"# {CALL}\n{LIST}  llm_stack: {stack}\n{QUIET}")
    assert remaining(there, tree, wish).to_add() == ()
    assert said_of(there, tree, wish) == ["", ".chezmoi.yaml.tmpl has all that is needed"]


def test_a_template_that_cannot_be_read_gets_the_whole_block_and_a_warning():
    there, tree = found("data: [\n")
    said = said_of(there, tree)
    assert (
        said[3] == ".chezmoi.yaml.tmpl could not be read: see for yourself whether it has one of these keys"
    )
    assert "--- at the end of .chezmoi.yaml.tmpl:" in said


def test_names_of_the_person_are_known():
    stack = "{network: {name: ai}, services: {litellm: {container_name: proxy}}}"
    text = f"data:\n  llm_stack: {stack}\n"
    taken = names_taken(found(text)[0])
    assert (taken.network, taken.containers) == ("ai", {"litellm": "proxy"})
    assert names_taken(found("data:\n  llm_stack:\n    network: {name: {{ .x }}}\n")[0]).network == "llm"
    assert names_taken(None).network == "llm"


NAMING = "Caddy serves nothing before it has a name. Fill in what Tailscale calls this machine:"
WITH_CADDY = Wish(services=(), mode=Mode.HOOK, accelerator=GUESS, named=("caddy",))


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        pytest.param(
            ".chezmoi.yaml.tmpl",
            f"{LIST}",
            [
                "--- right below data (line 1 of .chezmoi.yaml.tmpl):",
                "#   tailscale:\n#     hostname: box\n#     tailnet: tail1234.ts.net",
            ],
            id="yaml",
        ),
        pytest.param(
            ".chezmoi.yaml.tmpl",
            "",
            [
                "--- right below data, once it is there:",
                "#   tailscale:\n#     hostname: box\n#     tailnet: tail1234.ts.net",
            ],
            id="without-data",
        ),
        pytest.param(
            ".chezmoi.toml.tmpl",
            "",
            [
                "--- at the end of .chezmoi.toml.tmpl:",
                '# [data.tailscale]\n# hostname = "box"\n# tailnet = "tail1234.ts.net"',
            ],
            id="toml",
        ),
    ],
)
def test_caddy_that_is_asked_for_by_name_needs_one(file, text, told):
    there, tree = found(text, file)
    assert said_of(there, tree, WITH_CADDY)[-6:] == ["", NAMING, "", *told, "---"]
    assert NAMING not in said_of(there, tree)


@pytest.mark.parametrize(
    "data",
    [
        "{tailscale: {hostname: box}}",
        "{llm_stack: {services: {caddy: {mode: subdomains}}}}",
        "{llm_stack: {services: {caddy: {sites: {x.org: 'a:1'}}}}}",
        "{{ .mine | toJson }}",
    ],
    ids=["tailnet", "subdomains", "sites", "computed"],
)
def test_caddy_may_have_a_name_already(data):
    there, tree = found(f"data: {data}\n")
    assert NAMING not in said_of(there, tree, WITH_CADDY)


def test_the_lines_to_delete():
    own = "data:\n  mine: 1\n  local_models:\n    - name: a\n      model: b\n  llm_stack: {}\n"
    pre = f"    pre:\n      command: sh\n      args:\n        - -c\n        - {CALL}\n"
    there, _ = found(f"{own}hooks:\n  read-source-state:\n{pre}")
    assert list(lines_to_delete(there)) == [
        "data.local_models (lines 3 to 5)",
        "data.llm_stack (line 6)",
        "hooks (lines 7 to 13)",
    ]


@pytest.mark.parametrize(
    ("text", "is_removing", "told"),
    [
        pytest.param(
            LIST,
            True,
            [
                "",
                "next: delete the lines above, then run",
                "  chezmoi init --apply",
                "  systemctl --user daemon-reload",
                "  rmdir ~/.config/a ~/.config 2>/dev/null",
                "on each machine, on others after chezmoi-llm init --remove --yes; then the lines may",
                "go from .chezmoiremove, too",
            ],
            id="all",
        ),
        pytest.param(
            "a: 1\n",
            True,
            [
                "",
                "next: run",
                "  chezmoi apply",
                "  systemctl --user daemon-reload",
                "  rmdir ~/.config/a ~/.config 2>/dev/null",
                "on each machine, on others after chezmoi-llm init --remove --yes; then the lines may",
                "go from .chezmoiremove, too",
            ],
            id="no lines of ours",
        ),
        pytest.param(
            LIST,
            False,
            ["", "next: delete the lines above, then run", "  chezmoi init --apply"],
            id="nothing in a home",
        ),
        pytest.param("a: 1\n", False, [], id="nothing"),
    ],
)
def test_what_comes_after_a_removal(text, is_removing, told):
    there, _ = found(text)
    change = Change(path=".chezmoiremove", before=None, after=b"x\n", what="add")
    planned = Plan(changes=(change,) * is_removing, left_empty=(".config/a", ".config"))
    around = Surroundings(source="", has_chezmoi=True, has_helper=True)
    said = list(after_removal(planned, there, around))
    assert said[:-3] == told


@pytest.mark.parametrize("is_changing", [True, False])
def test_what_comes_after_an_upgrade(is_changing):
    change = Change(path="a", before=b"", after=b"x\n", what="upgrade")
    around = Surroundings(source="/d", has_chezmoi=True, has_helper=True)
    said = list(after_upgrade(Plan(changes=(change,) * is_changing), around))
    look = ["next: run chezmoi diff --source /d"]
    more = "what this release has besides is added by chezmoi-llm init --source /d"
    assert said == ["", *look * is_changing, more]


def test_without_a_template_the_config_file_needs_no_render():
    text = LIST.encode()
    tree = Tree(config_file="~/.config/chezmoi/chezmoi.yaml", config_text=text)
    around = Surroundings(source="", has_chezmoi=True, has_helper=True)
    said = list(after_removal(Plan(), config(tree), around))
    assert said[:3] == ["", "next: delete the lines above, then run", "  chezmoi apply"]


def test_a_template_that_cannot_be_read_is_named_at_the_removal():
    there, tree = found("data: [\n")
    assert removal(tree, Releases(checksums={}), there).notes == (
        "  .chezmoi.yaml.tmpl could not be read; delete in it what is ours: the lists, llm_stack, the hook",
    )


def test_a_hook_that_runs_both_is_not_all_ours():
    pre = json.dumps({"command": "sh", "args": ["-c", CALL_BEFORE, "op"]})
    there, _ = found(
        f"warnings: {{configFileTemplateHasChanged: true}}\nhooks: {{read-source-state: {{pre: {pre}}}}}\n"
    )
    assert list(lines_to_delete(there)) == [
        "hooks.read-source-state.pre (line 2), but keep your own command that stands in it"
    ]


IN_SOURCE = ".chezmoidata/llm.json   (in the source folder"
FORGET = [f"  git rm --force {IN_SOURCE}; until then it stays in mode commit)"]


def test_a_mode_without_a_hook_names_the_one_to_delete():
    there, tree = found(shipped_files()[CONFIG].decode())
    wish = Wish(services=(), mode=Mode.OUTPUT, accelerator=GUESS)
    said = said_of(there, tree, wish)
    assert said[2] == "mode output does without the hook that it declares; delete it:"
    assert said[3].startswith("  hooks (lines ")


@pytest.mark.parametrize(
    ("text", "config_file", "last"),
    [
        pytest.param("", "", ["next: run", "  chezmoi init --apply"], id="new"),
        pytest.param(
            "# mine\n", "", ["next: write the lines above, then run", "  chezmoi init --apply"], id="lines"
        ),
        pytest.param(
            f"# {CALL}\n{LIST}  llm_stack: {{}}\n{QUIET}",
            "~/x.yaml",
            ["next: run", "  chezmoi apply"],
            id="rendered",
        ),
    ],
)
def test_the_next_command(text, config_file, last):
    texts = {".chezmoi.yaml.tmpl": text.encode()} if text else {}
    tree = Tree(files=tuple(texts), texts=texts, config_file=config_file)
    around = Surroundings(source="", has_chezmoi=True, has_helper=True)
    there = config(tree)
    asked = there and remaining(there, tree)
    assert list(after_adding(asked, tree, Mode.HOOK, around)) == ["", *last]


@pytest.mark.parametrize(
    ("mode", "first"),
    [
        pytest.param(Mode.HOOK, FORGET, id="to hook"),
        pytest.param(Mode.OUTPUT, FORGET, id="to output"),
        pytest.param(Mode.COMMIT, ["  chezmoi-llm expand --write", f"  git add {IN_SOURCE})"], id="stays"),
    ],
)
def test_out_of_mode_commit_leads_git_alone(mode, first):
    tree = Tree(files=(DOCUMENT,), tracked=frozenset((DOCUMENT,)), texts={}, config_file="~/x.yaml")
    around = Surroundings(source="", has_chezmoi=True, has_helper=True)
    assert list(after_adding(None, tree, mode, around)) == ["", "next: run", *first, "  chezmoi apply"]

"""What the person wrote, as the hook takes it in: mistakes, two texts of one list, questions."""

from __future__ import annotations

import json
import os
import time

import pytest
from realprograms.dotfiles import HOOK, TEMPLATE, Dotfiles, quiet

pytestmark = pytest.mark.real("chezmoi", "chezmoi-llm", "git")


# --- wrong input locks nobody out -----------------------------------------------------------------

COMMANDS = {
    "status": ("status",),
    "diff": ("diff", "--no-pager"),
    "managed": ("managed",),
    "unmanaged": ("unmanaged",),
    "data": ("data",),
    "cat": ("cat", "~/.other"),
    "verify": ("verify",),
    "archive": ("archive", "--output", "/dev/null"),
    "dump": ("dump",),
    "edit": ("edit", "~/.other"),
    "edit-config-template": ("edit-config-template",),
    "add": ("add", "~/.new"),
    "re-add": ("re-add", "~/.other"),
    "source-path": ("source-path", "~/.other"),
    "execute-template": ("execute-template", "{{ .llm.chat_model }}"),
}


def typo(dotfiles):
    dotfiles.edit("ctx_size: 16777216", "ctx_sise: 16777216")
    return (
        f"{dotfiles.template}:14:7: LLM101 unknown key 'ctx_sise' in item 2 of 'local_models'\n"
        "   |\n"
        "14 |       ctx_sise: 16777216\n"
        "   |       ^^^^^^^^\n"
        "  = hint: did you mean 'ctx_size'?\n"
        f"chezmoi-llm: the models stay as they were; mend {dotfiles.template}, then run: chezmoi apply\n"
    )


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_with_a_typo_every_command_that_writes_no_targets_works(dotfiles, command):
    said = typo(dotfiles)
    (dotfiles.home.path / ".new").write_text("new\n")
    words = [word.replace("~", str(dotfiles.home.path)) for word in command]
    done = dotfiles.home.run(*words, env={"EDITOR": "true", "VISUAL": "true"})
    assert done.returncode == 0
    assert done.stderr.startswith(said)


@pytest.mark.parametrize("command", ["apply", "init --apply", "update"])
def test_with_a_typo_a_command_that_writes_stops_and_says_where(dotfiles, command):
    said = typo(dotfiles)
    before = dotfiles.home.read(".models"), dotfiles.document.read_bytes()
    if command == "update":
        dotfiles.commit()
        dotfiles.git("clone", "--quiet", "--bare", ".", str(dotfiles.home.path / "remote"))
        dotfiles.git("remote", "add", "origin", str(dotfiles.home.path / "remote"))
        dotfiles.git("fetch", "--quiet")
        dotfiles.git("branch", "--quiet", "--set-upstream-to=origin/main")
    done = dotfiles.home.run(*command.split())
    assert done.returncode == 1
    assert done.stderr.endswith(said + "chezmoi: read-source-state: pre: sh: exit status 1\n")
    assert (dotfiles.home.read(".models"), dotfiles.document.read_bytes()) == before


def test_a_typo_is_mended_by_an_edit_and_plain_apply(dotfiles):
    typo(dotfiles)
    assert dotfiles.home.apply().returncode == 1
    dotfiles.edit("ctx_sise: 16777216", "ctx_size: 4096")
    quiet(dotfiles.home.apply())
    assert dotfiles.home.read(".models") == "small ollama://small 8192\nbig ollama://big 4096\n"


def test_a_typo_is_said_again_after_a_command_that_went_on(dotfiles):
    said = typo(dotfiles)
    for _ in range(2):
        assert dotfiles.home.status().stderr == said
    assert dotfiles.home.apply().returncode == 1


def test_a_mistyped_data_is_a_mistake_and_no_empty_list(dotfiles):
    before = dotfiles.home.data()
    dotfiles.edit("data:", "dat:")
    stopped = dotfiles.home.apply()
    assert stopped.returncode == 1
    assert "LLM107 'dat' is not read by chezmoi-llm" in stopped.stderr
    assert dotfiles.home.data().stdout == before.stdout


@pytest.mark.parametrize("key", ["date", "settings"])
def test_a_list_under_a_key_that_chezmoi_drops_takes_no_models_away(dotfiles, key):
    before = dotfiles.document.read_bytes()
    dotfiles.edit("data:\n", f"{key}:\n")
    done = dotfiles.home.apply()
    assert done.returncode == 1
    line = dotfiles.template.read_text("utf-8").splitlines().index(f"{key}:") + 1
    assert done.stderr.startswith(
        f"{dotfiles.template}:{line}:1: LLM107 {key!r} is not read by chezmoi-llm\n"
    )
    assert "hint: did you mean 'data'?\n" in done.stderr
    assert dotfiles.document.read_bytes() == before


def test_a_person_may_rather_go_on_with_the_old_list(dotfiles):
    dotfiles.edit("data:\n", "data:\n  llm_stack: {on_error: keep}\n")
    dotfiles.edit("ctx_size: 16777216", "ctx_sise: 16777216")
    done = dotfiles.home.apply()
    assert done.returncode == 0
    assert "LLM101 unknown key 'ctx_sise'" in done.stderr
    assert dotfiles.models() == ["small", "big"]


def test_at_most_five_problems_are_shown(dotfiles):
    dotfiles.edit("data:\n", "data:\n  llm_stack: {a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1}\n")
    said = dotfiles.home.status().stderr
    assert said.count(": LLM101 ") == 5
    assert "\nchezmoi-llm: 2 more: chezmoi-llm check\nchezmoi-llm: the models stay as they were;" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("ctx_size: 16777216", "ctx_size: {{ foo }}",
                     ":14:20: LLM004 chezmoi's templates have no function 'foo'\n", id="unknown function"),
        pytest.param("ctx_size: 16777216", "ctx_size: {{ .nothing }}",
                     ':14:20: LLM004 map has no entry for key "nothing"\n', id="unknown value"),
        pytest.param("ctx_size: 16777216", "ctx_size: {{ if }}16{{ end }}",
                     ":14:17: LLM004 the 'if' has no condition\n", id="syntax of an action"),
        pytest.param("ctx_size: 16777216", "{{/* ß日本 */}}ctx_size: {{ .nothing }}",
                     ':14:33: LLM004 map has no entry for key "nothing"\n', id="behind wide text"),
        pytest.param("name: small", 'name: "small', ":10:13: LLM001 ", id="syntax of YAML"),
        pytest.param("name: small", "name: {{ print `a: b` `: c` }}",
                     ": LLM004 chezmoi cannot read what it renders to: [10:", id="what is rendered"),
    ],
)  # fmt: skip
def test_a_template_that_cannot_be_read_is_wrong_input(dotfiles, old, new, said):
    dotfiles.edit(old, new)
    done = dotfiles.home.status()
    assert done.returncode == 0
    assert done.stderr.startswith(f"{dotfiles.template}{said}")
    assert dotfiles.home.apply().returncode == 1
    assert dotfiles.models() == ["small", "big"]
    dotfiles.edit(new, old)
    quiet(dotfiles.home.apply())


def test_wrong_input_on_a_fresh_machine_stops_only_what_reads_it(fresh):
    fresh.edit("model: ollama://big", "modle: ollama://big")
    fresh.edit("ctx_size: 16777216", "ctx_size: many")
    done = fresh.home.init("--apply", "--keep-going")
    problem = f"{fresh.template}:13:7: LLM101"
    assert done.returncode == 1
    assert (
        "\nchezmoi-llm: only files of chezmoi-llm wait for it, chezmoi apply --keep-going does the rest; "
        in done.stderr
    )
    assert f"error calling fail: {problem}" in done.stderr
    assert fresh.home.read(".other") == "other\n"
    assert not (fresh.home.path / ".models").exists()
    llm = fresh.llm()
    assert llm["error"].startswith(problem)
    assert llm["error"].endswith(
        f" (1 more: chezmoi-llm check); mend {fresh.template}, then run: chezmoi apply"
    )
    assert set(llm["files"].values()) == {True}
    assert (llm["local_models"], llm["cloud_models"], llm["model"]) == ([], [], {})
    assert fresh.home.managed().returncode == 0


def test_the_second_mistake_replaces_the_first_on_a_fresh_machine(fresh):
    fresh.edit("model: ollama://big", "modle: ollama://big")
    fresh.home.init()
    fresh.home.status()
    fresh.edit("modle: ollama://big", "model: big")
    fresh.home.status()
    assert "LLM103 'model' is 'big'" in fresh.llm()["error"]
    fresh.edit("model: big", "model: ollama://big")
    quiet(fresh.home.apply())
    assert fresh.llm()["error"] == ""
    assert fresh.models() == ["small", "big"]


def test_a_document_that_is_torn_counts_as_none(dotfiles):
    dotfiles.document.write_bytes(dotfiles.document.read_bytes()[:1000])
    done = dotfiles.home.apply()
    quiet(done)
    assert dotfiles.llm()["error"] == ""


# --- which list is true ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["template", "rendered", "document"])
def test_a_touched_file_changes_nothing(dotfiles, name):
    dotfiles.edit("name: small", "name: tiny")
    dotfiles.home.apply()
    dotfiles.starts()
    later = time.time() + 100
    os.utime(getattr(dotfiles, name), (later, later))
    quiet(dotfiles.home.apply())
    assert dotfiles.models() == ["tiny", "big"]
    assert dotfiles.starts() == 0


def test_a_hand_edit_of_the_rendered_file_does_not_undo_the_template(dotfiles):
    text = dotfiles.rendered.read_text()
    dotfiles.rendered.write_text(text.replace("name: small", "name: hand"))
    quiet(dotfiles.home.apply())
    assert dotfiles.models() == ["small", "big"]


def test_a_config_file_without_a_template_is_read(dotfiles):
    dotfiles.template.unlink()
    dotfiles.rendered.write_text(dotfiles.rendered.read_text().replace("name: small", "name: hand"))
    quiet(dotfiles.home.apply())
    assert dotfiles.models() == ["hand", "big"]


def test_shared_and_other_keys_are_seen_by_own_templates_only_after_init(dotfiles):
    dotfiles.edit("data:\n", "data:\n  published_ports: {llama_swap: 9393}\n  mail: x\n")
    said = (
        "chezmoi-llm: mail and published_ports differ from the rendered config file; "
        "your own templates see them after: chezmoi init\n"
    )
    done = dotfiles.home.apply()
    assert (done.returncode, done.stderr) == (0, said)
    assert dotfiles.llm()["ports"]["llama_swap"] == 9393
    quiet(dotfiles.home.apply())
    quiet(dotfiles.home.init())
    quiet(dotfiles.home.status())
    assert dotfiles.home.values()["published_ports"] == {"llama_swap": 9393}


def test_an_included_file_counts_as_part_of_the_template(tmp_path):
    models = "  local_models:\n    - {name: NAME, model: ollama://a}\n"
    dotfiles = Dotfiles.make(tmp_path, HOOK + 'data:\n{{ include ".models.yaml" }}')
    dotfiles.home.write({".models.yaml": models.replace("NAME", "a")})
    dotfiles.home.init("--apply")
    quiet(dotfiles.home.apply())
    dotfiles.home.write({".models.yaml": models.replace("NAME", "b")})
    quiet(dotfiles.home.apply())
    assert dotfiles.models() == ["b"]


def test_what_a_hook_of_the_person_prints_is_no_part_of_the_render(tmp_path):
    noise = "local_models: here"
    noisy = HOOK.replace('"f=$CHEZMOI', f'"echo {noise}; f=$CHEZMOI')
    dotfiles = Dotfiles.make(tmp_path, noisy + TEMPLATE)
    quiet(dotfiles.home.init("--apply"), f"{noise}\n")
    dotfiles.edit("ctx_size: 16777216", "ctx_size: 4096")
    quiet(dotfiles.home.apply(), f"{noise}\n")
    assert dotfiles.home.read(".models").endswith("big ollama://big 4096\n")


def test_a_config_template_that_asks_for_the_document_is_told_off(dotfiles):
    dotfiles.edit("data:\n", 'data:\n  x: {{ output "chezmoi-llm" "expand" | fromJson | toJson }}\n')
    done = dotfiles.home.status()
    assert done.returncode == 0
    assert ": LLM004 error calling output: " in done.stderr
    assert dotfiles.starts() == 2


# --- questions ------------------------------------------------------------------------------------

NAME = '{{ promptStringOnce . "mail" "Mail address" }}'
SMALL_IF = "name: small\n      enabled: {{ %s }}"


def test_a_question_that_was_answered_is_no_hindrance(tmp_path):
    dotfiles = Dotfiles.make(tmp_path, HOOK + TEMPLATE.replace("data:\n", f"data:\n  mail: {NAME}\n"))
    quiet(dotfiles.home.init("--apply", "--promptString", "Mail address=me@home"), "")
    dotfiles.edit("name: small", "name: tiny")
    quiet(dotfiles.home.apply())
    assert dotfiles.models() == ["tiny", "big"]
    assert dotfiles.home.values()["mail"] == "me@home"


UNRELATED = [
    pytest.param(
        'promptString "Mail: your, address"', ["--promptString", "Mail: your, address=x"], id="text"
    ),
    pytest.param('promptChoice "Which" (list "x" "y")', ["--promptChoice", "Which=x"], id="choice"),
    pytest.param('promptString (print "Ma" "il")', ["--promptString", "Mail=x"], id="computed text"),
]


@pytest.mark.parametrize(("question", "answer"), UNRELATED)
def test_a_question_that_has_nothing_to_do_with_models_is_no_hindrance(tmp_path, question, answer):
    mail = f"  mail: {{{{ {question} | quote }}}}\n"
    dotfiles = Dotfiles.make(tmp_path, HOOK + TEMPLATE.replace("data:\n", f"data:\n{mail}"))
    quiet(dotfiles.home.init("--apply", *answer))
    dotfiles.edit("name: small", "name: tiny")
    quiet(dotfiles.home.apply())
    assert dotfiles.models() == ["tiny", "big"]


@pytest.mark.parametrize("code", [0, 1])
def test_a_template_that_ends_itself_keeps_the_list(tmp_path, code):
    asks = f'{{{{ if not (stat (joinPath .chezmoi.homeDir "new")) }}}}{{{{ exit {code} }}}}{{{{ end -}}}}\n'
    dotfiles = Dotfiles.make(tmp_path, asks + HOOK + TEMPLATE)
    (dotfiles.home.path / "new").touch()
    quiet(dotfiles.home.init("--apply"))
    (dotfiles.home.path / "new").unlink()
    dotfiles.edit("name: small", "name: tiny")
    said = (
        f"chezmoi-llm: {dotfiles.template} is not looked at: it ends itself with exit here; "
        "if you changed it, run: chezmoi apply --init\n"
    )
    done = dotfiles.home.apply()
    assert (done.returncode, done.stderr) == (0, said)
    assert dotfiles.models() == ["small", "big"]


def test_a_hook_of_the_person_that_fails_is_no_fault_of_the_template(tmp_path):
    own = '    post: {command: sh, args: ["-c", "! test -e $HOME/broken"]}\n'
    dotfiles = Dotfiles.make(tmp_path, HOOK + own + TEMPLATE)
    quiet(dotfiles.home.init("--apply"))
    (dotfiles.home.path / "broken").touch()
    dotfiles.edit("name: small", "name: tiny")
    failed = "read-source-state: post: sh: exit status 1"
    assert dotfiles.home.apply().stderr == (
        f"chezmoi-llm: {dotfiles.template} is not looked at: {failed}; "
        f"if you changed it, run: chezmoi apply --init\nchezmoi: {failed}\n"
    )
    (dotfiles.home.path / "broken").unlink()
    quiet(dotfiles.home.apply())
    assert dotfiles.models() == ["tiny", "big"]


QUESTIONS = [
    pytest.param('promptBool "Small?"', ["--promptBool", "Small?=true"], id="yes or no"),
    pytest.param('promptBool "Small?" true', ["--promptBool", "Small?=true"], id="with a default"),
    pytest.param('eq 3 (promptInt "How many")', ["--promptInt", "How many=3"], id="number"),
    pytest.param(
        'eq "y" (promptChoice "Which" (list "x" "y"))', ["--promptChoice", "Which=y"], id="choice"
    ),
    pytest.param('promptBool (print "Small" "?")', ["--promptBool", "Small?=true"], id="computed text"),
    pytest.param('eq "b" (promptString "a=")', ["--promptString", '"a==b"'], id="text with an equals sign"),
]


def not_looked_at(dotfiles):
    return (
        f"chezmoi-llm: {dotfiles.template} is not looked at: its list depends on answers that only you "
        "can give; if you changed it, run: chezmoi apply --init\n"
    )


@pytest.mark.parametrize(("question", "answer"), QUESTIONS)
def test_a_list_that_depends_on_an_answer_stays_as_it_is(tmp_path, question, answer):
    dotfiles = Dotfiles.make(tmp_path, HOOK + TEMPLATE.replace("name: small", SMALL_IF % question))
    if "a==b" in answer[1]:
        answer = ["--promptDefaults"]
        dotfiles.edit('"a="', '"a=" "b"')
    quiet(dotfiles.home.init("--apply", *answer))
    dotfiles.edit("name: big", "name: large")
    done = dotfiles.home.apply()
    assert (done.returncode, done.stderr) == (0, not_looked_at(dotfiles))
    assert dotfiles.models() == ["small", "big"]


def test_a_list_that_depends_on_an_answer_changes_when_the_person_gives_it(tmp_path):
    template = HOOK + TEMPLATE.replace("name: small", SMALL_IF % 'promptBool "Small?"')
    dotfiles = Dotfiles.make(tmp_path, template)
    quiet(dotfiles.home.init("--apply", "--promptBool", "Small?=true"))
    quiet(dotfiles.home.apply())
    dotfiles.edit("name: big", "name: large")
    for command in ("status", "apply", "apply"):
        done = dotfiles.home.run(command)
        assert (done.returncode, done.stderr) == (0, not_looked_at(dotfiles))
    quiet(dotfiles.home.init("--apply", "--promptBool", "Small?=true"))
    assert dotfiles.models() == ["small", "large"]
    quiet(dotfiles.home.apply())


def test_where_nothing_is_known_one_word_about_a_question_is_enough(tmp_path):
    template = HOOK + TEMPLATE.replace("name: small", SMALL_IF % 'promptBool "Small?"')
    dotfiles = Dotfiles.make(tmp_path, template)
    quiet(dotfiles.home.init("--promptBool", "Small?=true"))
    for command, is_said in (("status", True), ("status", True), ("apply", True), ("apply", False)):
        done = dotfiles.home.run(command)
        assert (done.returncode, "is not looked at" in done.stderr) == (0, is_said)
    assert dotfiles.models() == ["small", "big"]


# --- keys in the wrong place ----------------------------------------------------------------------


@pytest.mark.parametrize("key", ["local_models", "cloud_models", "llm_stack"])
def test_a_key_of_ours_beside_data_is_an_error(dotfiles, key):
    dotfiles.template.write_text(dotfiles.template.read_text() + f"{key}: []\n")
    done = dotfiles.home.apply()
    assert done.returncode == 1
    assert done.stderr.startswith(f"{dotfiles.template}:15:1: LLM105 {key!r} cannot ")


OTHERS = {
    ".chezmoidata.yaml": "llm:\n  a: 9\n",
    ".chezmoidata.toml": "[llm]\na = 9\n",
    ".chezmoidata/zz.json": '{"llm": {"a": 9}}',
    ".chezmoidata/deep/er.jsonc": '{"x": 1, // here\n "llm": {"a": 9}}',
    "dot_config/.chezmoidata.yaml": "llm: {a: 9}\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_key_llm_in_another_data_file_is_an_error(dotfiles, name):
    dotfiles.home.write({name: OTHERS[name]})
    dotfiles.home.write({".chezmoidata/changed.yaml": "x: 1\n"})
    done = dotfiles.home.apply()
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"{dotfiles.home.source / name}: LLM105 'llm' is the root of the expanded"
    )
    (dotfiles.home.source / name).write_text(OTHERS[name].replace("llm", "mine"))
    quiet(dotfiles.home.apply())


def test_a_nested_key_llm_is_no_false_alarm(dotfiles):
    dotfiles.home.write({".chezmoidata.yaml": "a:\n  llm: 1\nb: |\n  llm: 2\n"})
    dotfiles.home.write({".chezmoidata/x.json": '{"a": {"llm": 1}}'})
    quiet(dotfiles.home.apply())
    assert dotfiles.home.values()["a"] == {"llm": 1}


def test_a_key_llm_in_the_config_data_is_an_error(dotfiles):
    dotfiles.edit("data:\n", "data:\n  llm: {a: 9}\n")
    done = dotfiles.home.apply()
    assert done.returncode == 1
    assert f"{dotfiles.template}:9:3: LLM105 'llm' cannot " in done.stderr


def test_a_key_llm_that_is_left_in_the_rendered_file_is_an_error(dotfiles):
    dotfiles.rendered.write_text(dotfiles.rendered.read_text().replace("data:\n", "data:\n  llm: {a: 9}\n"))
    done = dotfiles.home.apply()
    assert done.returncode == 1
    assert done.stderr.startswith(f"{dotfiles.rendered}: LLM105 'llm' is the root of the expanded document")
    assert "then run: chezmoi apply --init\n" in done.stderr
    quiet(dotfiles.home.apply("--init"))


# --- what is said, and when -----------------------------------------------------------------------


def test_a_warning_is_said_once(dotfiles):
    dotfiles.edit("data:\n", "data:\n  published_ports: {llama_swap: 80}\n")
    dotfiles.home.init()
    first = dotfiles.home.status().stderr
    assert first.count(" warning: ") == 1
    assert first.startswith(f"{dotfiles.template}:9:33: LLM308 warning: ")
    dotfiles.edit("name: small", "name: tiny")
    quiet(dotfiles.home.apply())
    dotfiles.edit("llama_swap: 80}", "llama_swap: 80, litellm: 81}")
    second = dotfiles.home.status().stderr
    assert second.count(" warning: ") == 1
    assert "81" in second


def test_a_warning_that_a_comment_ignores_is_not_said(dotfiles):
    ignored = "published_ports: {llama_swap: 80} # chezmoi-llm: ignore LLM308"
    dotfiles.edit("data:\n", f"data:\n  {ignored}\n")
    dotfiles.home.init()
    quiet(dotfiles.home.apply())
    assert dotfiles.llm()["ports"]["llama_swap"] == 80


def test_another_embedding_model_than_the_one_applied_last_is_a_warning(dotfiles):
    embed = "    - {name: embed, model: 'ollama://embed', dimensions: 768}\n"
    dotfiles.edit("    - name: big\n", f"{embed}    - name: big\n")
    assert "LLM332 warning: the embedding model was Open WebUI's own" in dotfiles.home.apply().stderr
    dotfiles.edit("dimensions: 768", "dimensions: 1024")
    said = dotfiles.home.apply().stderr
    assert said.count(" warning: ") == 1
    assert (
        "LLM332 warning: the embedding model was 'embed' with 768 dimensions, and is 'embed' with 1024"
        in said
    )
    quiet(dotfiles.home.apply())


def test_a_list_that_becomes_empty_is_a_warning(dotfiles):
    dotfiles.edit("  local_models:\n", "  other_models:\n")
    done = dotfiles.home.apply()
    assert done.returncode == 0
    assert (
        "chezmoi-llm: local_models is empty now and held 2 before; if that is not meant, "
        f"mend {dotfiles.template}, then run: chezmoi apply\n"
    ) in done.stderr
    quiet(dotfiles.home.apply())


def test_stdout_is_the_answer_alone_and_stdin_is_left_to_chezmoi(dotfiles):
    dotfiles.edit("data:\n", "data:\n  published_ports: {llama_swap: 80}\n")
    done = dotfiles.home.data()
    assert done.stderr
    assert json.loads(done.stdout)["llm"]["ports"]["llama_swap"] == 80
    dotfiles.edit("llama_swap: 80", "llama_swap: 81")
    assert dotfiles.home.execute("{{ .llm.ports.llama_swap }}").stdout == "81"

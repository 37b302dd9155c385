"""Without chezmoi a config template renders to what chezmoi makes of it when nobody answers."""

from __future__ import annotations

import pytest
from realprograms.chezmoi import Home

from chezmoi_llm.engine.errors import RenderError
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.preview import config

pytestmark = pytest.mark.real("gotpl")

LIST = '(list "a" "b")'
QUESTIONS = {
    "text": '{{ promptString "Who?" | quote }} {{ promptString "Who?" "me" | quote }}',
    "once": '{{ promptStringOnce . "no.such" "Who?" "me" | quote }} {{ promptIntOnce . "n" "N?" 7 }}',
    "once, by a list": '{{ promptStringOnce . (list "no" "such") "Who?" | quote }}',
    "what is known": '{{ promptStringOnce . "chezmoi.os" "Which?" "none" | quote }}',
    "of another type": '{{ promptBoolOnce . "chezmoi.os" "Really?" true }}',
    "numbers": '{{ promptInt "N?" }} {{ promptInt "N?" 7 }} {{ promptInt "n" | printf "%T" }}',
    "truth": '{{ if promptBool "Really?" }}yes{{ else }}no{{ end }} {{ promptBool "Really?" true }}',
    "choice": f'{{{{ promptChoice "Which?" {LIST} }}}} {{{{ promptChoice "Which?" {LIST} "b" }}}}',
    "choices": f'{{{{ promptMultichoice "Which?" {LIST} (list "b") | toJson }}}}'
    f'{{{{ promptMultichoiceOnce . "x" "Which?" {LIST} | join "," }}}}',
    "facts": "{{ .chezmoi.os }} {{ .chezmoi.hostname }} {{ .chezmoi.homeDir }} {{ .chezmoi.sourceDir }}",
    "functions": '{{ list 1 2 | toJson }} {{ joinPath .chezmoi.homeDir "x" }} {{ include "note" }}',
}


@pytest.mark.real("chezmoi")
@pytest.mark.parametrize("text", QUESTIONS.values(), ids=QUESTIONS)
def test_both_render_the_same(tmp_path, text):
    home = Home.make(tmp_path)
    home.write({".chezmoi.yaml.tmpl": f"# {text}\n", "note": "a note", ".chezmoidata.yaml": "n: 5\n"})
    done = home.run("execute-template", "--init", stdin=f"# {text}\n")
    assert done.returncode == 0, done.stderr
    assert config(str(home.source), str(home.path)).text == done.stdout


def test_the_values_are_as_chezmoi_reads_them(tmp_path):
    file = tmp_path / ".chezmoi.yaml.tmpl"
    file.write_text('data: {n: 0o17, yes: yes, who: {{ promptString "Who?" "me" }}}\n', encoding="utf-8")
    found = config(str(tmp_path), "/home/me")
    assert found.path == ".config/chezmoi/chezmoi.yaml"
    assert found.text == "data: {n: 0o17, yes: yes, who: me}\n"
    assert found.values == {"data": {"n": 15, "yes": "yes", "who": "me"}}


def test_a_toml_template_makes_a_toml_file(tmp_path):
    (tmp_path / ".chezmoi.toml.tmpl").write_text('[data]\nos = {{ "x" | quote }}\n{{ warnf "w" }}', "utf-8")
    found = config(str(tmp_path), "/home/me")
    assert (found.path, found.values) == (".config/chezmoi/chezmoi.toml", {"data": {"os": "x"}})
    assert found.warnings == ("w",)


@pytest.mark.parametrize(
    ("files", "error", "says"),
    [
        ({}, CouldNotRunError, "has no config template such as .chezmoi.yaml.tmpl; run chezmoi-llm init"),
        (
            {".chezmoi.yaml.tmpl": "a: 1\nb: {{ .email }}\n"},
            RenderError,
            '.chezmoi.yaml.tmpl:2:7: map has no entry for key "email"',
        ),
        ({".chezmoi.yaml.tmpl": "a: [\n"}, RenderError, ".config/chezmoi/chezmoi.yaml: "),
        ({".chezmoi.yaml.tmpl": "{{ exit 3 }}"}, RenderError, "the template ends chezmoi with exit code 3"),
    ],
    ids=["no template", "missing key", "not YAML", "exit"],
)
def test_what_cannot_be_rendered_is_told(tmp_path, files, error, says):
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(error) as raised:
        config(str(tmp_path), "/home/me")
    assert says in str(raised.value)

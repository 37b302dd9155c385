"""``check --render``: what chezmoi makes of the template is checked, at the places of the template."""

from __future__ import annotations

import json

import pytest
from data.right_templates import FILES
from data.template_texts import Maker
from realprograms import helper
from realprograms.chezmoi import Home

from chezmoi_llm import source
from chezmoi_llm.diagnostics import Severity
from chezmoi_llm.review.findings import review
from chezmoi_llm.source.traced import marked, traced

pytestmark = pytest.mark.real("chezmoi", "chezmoi-llm")


@pytest.fixture
def home(tmp_path):
    return Home.make(tmp_path, "chezmoi-llm")


def check(home, *args, env=None):
    return helper.run(["check", *args], env={**home.env, **(env or {})}, cwd=home.source)


def said(home, *args, file=".chezmoi.yaml.tmpl"):
    """Return the findings as ``LINE:COL+WIDTH CODE``, notes left out."""
    done = check(home, "--render", "--format", "json", *args, file)
    assert done.stderr == ""
    return [
        f"{one['line']}:{one['column']}+{one['end_column'] - one['column']} {one['code']}"
        for one in json.loads(done.stdout)
        if one["severity"] != "note"
    ]


COMPUTED = """\
{{- $size := "8k" -}}
{{- $names := list "a" "b" "a" -}}
data:
  local_models:
  {{- range $names }}
    - name: {{ . }}
      model: ollama://{{ . }}
      ctx_size: {{ $size | quote }}
      ttl: 99999999999
  {{- end }}
    - {{ "é🙂" | printf "# %s" }}
      name: good
      model: {{ if false }}x{{ else }}"bad uri"{{ end }}
{{ "      kind: chatt" }}
  llm_stack:
    chat_model: "{{ "no" }}pe"
"""
FOUND = [
    "6:13+7 LLM201",
    "8:17+19 LLM102",
    "9:12+11 LLM103",
    "13:39+9 LLM103",
    "14:1+25 LLM103",
    "16:17+14 LLM211",
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_what_actions_print_is_shown_at_the_action(home, newline):
    text = COMPUTED.replace("\n", newline)
    (home.source / ".chezmoi.yaml.tmpl").write_bytes(text.encode())
    assert said(home) == FOUND
    assert check(home, ".chezmoi.yaml.tmpl").stdout.count("error") < len(FOUND)


def test_toml(home):
    home.write({".chezmoi.toml.tmpl": '[data.published_ports]\nlitellm = {{ "\\"4000\\"" }}\n'})
    assert said(home, file=".chezmoi.toml.tmpl") == ["2:11+16 LLM102"]


def test_json(home):
    home.write(
        {".chezmoi.json.tmpl": '{"data": {"published_ports":\n{{ dict "litellm" "4000" | toJson }}\n}}\n'}
    )
    assert said(home, file=".chezmoi.json.tmpl") == ["2:1+36 LLM102"]


def test_a_right_template_raises_nothing_more(home):
    home.write(
        {".chezmoi.yaml.tmpl": 'data:\n  local_models: [{name: a, model: {{ "ollama://a" | quote }}}]\n'}
    )
    assert said(home) == []


ASKING = """\
{{{{- $model := promptString{once} "Which model" -}}}}
data:
  model: {{{{ $model | quote }}}}
  local_models:
    - name: a
      model: {{{{ $model }}}}
      ttl: {{{{ "no" }}}}
"""


def test_answers_that_nobody_gave_are_no_mistakes(home):
    home.write({".chezmoi.yaml.tmpl": ASKING.format(once="")})
    assert said(home) == ["7:12+10 LLM102"]


def test_answers_that_the_person_gave_before_count(home):
    home.write({".chezmoi.yaml.tmpl": ASKING.format(once='Once . "model"')})
    home.init("--promptString", "Which model=qwen")
    assert said(home) == ["6:14+12 LLM103", "7:12+10 LLM102"]


def test_a_question_that_takes_no_other_answer_is_said(home):
    template = '{{- $x := promptChoice "Which" (list "a" "b") -}}\ndata:\n  x: {{ $x }}\n'
    home.write({".chezmoi.yaml.tmpl": template})
    done = check(home, "--render", ".chezmoi.yaml.tmpl")
    assert done.returncode == 0
    assert done.stderr == (
        "chezmoi-llm: .chezmoi.yaml.tmpl asks what only you can answer, so its render was not checked\n"
    )


def test_an_error_of_the_template_has_chezmois_words_and_place(home):
    home.write({".chezmoi.yaml.tmpl": "data:\n  a: 1\n  b: {{ add 1 .no.such }}\n"})
    done = check(home, "--render", "--format", "concise", ".chezmoi.yaml.tmpl")
    assert done.returncode == 1
    assert done.stdout.startswith(".chezmoi.yaml.tmpl:3:")
    assert 'LLM004 map has no entry for key "no"' in done.stdout


def test_a_render_that_is_no_yaml_is_shown_at_the_action(home):
    home.write({".chezmoi.yaml.tmpl": 'data:\n  a: {{ "b: c: d" }}\n'})
    assert said(home) == ["2:6+15 LLM001"]


def test_templates_run_only_when_that_is_asked_for(home):
    home.write({".chezmoi.yaml.tmpl": 'data:\n  a: {{ output "touch" "ran" | quote }}\n'})
    assert check(home, ".chezmoi.yaml.tmpl").returncode == 0
    assert not (home.source / "ran").exists()
    assert check(home, "--render", ".chezmoi.yaml.tmpl").returncode == 0
    assert (home.source / "ran").exists()


def test_without_chezmoi_it_says_so(home):
    home.write({".chezmoi.yaml.tmpl": "data:\n"})
    done = check(home, "--render", ".chezmoi.yaml.tmpl", env={"PATH": "/nowhere"})
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "chezmoi-llm: --render needs chezmoi, which is not on PATH\n"


# --- right templates ------------------------------------------------------------------------------

NEXT = "#----#"
"""Stands between templates; it has no white space that a trim marker could take."""


INCLUDED = {
    "models.yaml": """\
local_models:
  - {name: tiny, model: "ollama://tiny"}
  - {name: titles, model: "ollama://titles"}
""",
    "common": "model: ollama://a\n",
    "services": "llama_swap: {placement: embedded}\n",
}
"""What some of them include, by name."""

DEFINED = '{{ define "source" }}model: ollama://b{{ end }}'
"""What one of them calls."""

ANSWERED = """\
data:
  defaults: {runner: llama-server}
  laptop: true
  litellm: false
  macros: {word: text}
  name: swap
  other: 7443
  port: 4001
  rest: "model: ollama://c"
  runner: llama-server
  shared:
    local_models: [{name: tiny, model: "ollama://tiny"}]
  tailnet: tail1234.ts.net
  tailscale: {hostname: box, tailnet: tail1234.ts.net}
"""
"""The config file that chezmoi has made before, with what some of them read of it."""


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    """Return what chezmoi makes of each right template with marks, all in one run."""
    chezmoi = Home.make(tmp_path_factory.mktemp("right"))
    chezmoi.write({f".chezmoitemplates/{name}": text for name, text in INCLUDED.items()})
    chezmoi.config.mkdir(parents=True)
    (chezmoi.config / "chezmoi.yaml").write_text(ANSWERED, encoding="utf-8")
    chezmoi.write({"key.txt": "key\n"})
    text = DEFINED + NEXT.join(marked(text) for _, text in FILES.values())
    done = chezmoi.execute(text, "--init", "--stdinisatty=false")
    assert done.returncode == 0, done.stderr
    return dict(zip(FILES, done.stdout.split(NEXT), strict=True))


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_wrong_with_what_a_right_template_renders_to(right, name):
    file, text = FILES[name]
    found = review(text.encode(), file, renders=[right[name].encode()])
    assert [one for one in found if one.severity < Severity.NOTE] == []


# --- generated templates --------------------------------------------------------------------------

SEEDS = range(150)
BORDER = "\n# ----- next -----\n"


@pytest.fixture(scope="module")
def renders(tmp_path_factory):
    """Return what chezmoi makes of each template, and of each marked one, all in one run each."""
    chezmoi = Home.make(tmp_path_factory.mktemp("traced"))
    texts = [Maker(seed).template() for seed in SEEDS]
    done = [chezmoi.execute(BORDER.join(kind)) for kind in (texts, map(marked, texts))]
    assert [one.returncode for one in done] == [0, 0], done
    return [one.stdout.split(BORDER) for one in done]


@pytest.mark.parametrize("seed", SEEDS)
def test_marks_change_nothing_and_say_where_everything_is_from(renders, seed):
    plain, traces = (outputs[seed] for outputs in renders)
    text = Maker(seed).template()
    assert traced(text, traces).text == plain
    reading = source.parse_rendered(text.encode(), traces.encode(), ".chezmoi.yaml.tmpl")
    assert reading.findings == ()
    lines = text.split("\n")
    for path in reading.document.keys:
        pos = reading.document.keys[path]
        assert lines[pos.line - 1][pos.col - 1 :].startswith((str(path[-1]), "{{")), (path, pos)

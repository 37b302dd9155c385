"""Every kind of template with known mistakes: each is found where it stands, and nothing else is.

In the texts «ctx_sise|101» says that LLM101 is to be found at ``ctx_sise``.
"""

from __future__ import annotations

import re

import pytest

from chezmoi_llm.review.findings import review

MARK = re.compile(r"«(.*?)\|(\d{3})»", re.DOTALL)


def unmarked(text: str) -> tuple[str, list[str]]:
    """Return a text without its marks, and what they say, as ``LINE:COL+WIDTH CODE``."""
    said: list[str] = []
    plain = ""
    for part in re.split(r"(«.*?»)", text, flags=re.DOTALL):
        found = MARK.fullmatch(part)
        if found:
            line, col = plain.count("\n") + 1, len(plain) - plain.rfind("\n")
            said.append(f"{line}:{col}+{len(found[1])} LLM{found[2]}")
        plain += found[1] if found else part
    return plain, said


def found_in(text: str | bytes, file: str = ".chezmoi.yaml.tmpl") -> list[str]:
    """Return what is found, in the same form; the note on Podman's socket is left out."""
    data = text if isinstance(text, bytes) else text.encode()
    found = (one for one in review(data, file) if one.code != "LLM405")
    return [f"{one.line}:{one.col}+{one.width} {one.code}" for one in found]


LIST = "data:\n  local_models:\n"
MODEL = f"{LIST}    - name: a\n      model: ollama://a\n"
TYPO = "      «ctx_sise|101»: 1\n"
IF, ELSE, END = "{{ if .x }}\n", "{{ else }}\n", "{{ end }}\n"

YAML = {
    "plain": MODEL + TYPO,
    "in an if": f"{MODEL}{IF}{TYPO}{END}",
    "in both arms": f"{MODEL}{IF}{TYPO}{ELSE}      ctx_size: «'1'|102»\n{END}",
    "in the third arm": (f"{MODEL}{IF}{{{{ else if .y }}}}\n{ELSE}      ttl: «-1|103»\n{END}"),
    "one key in two arms": (f"{MODEL}{IF}      ttl: «-1|103»\n{ELSE}      ttl: «x|102»\n{END}"),
    "twice in one arm": f"{MODEL}{IF}      ttl: 1\n      «ttl|005»: 2\n{END}",
    "in an if in an if": f"{MODEL}{{{{ if .x }}}}{{{{ if .y }}}}\n{TYPO}{{{{ end }}}}{END}",
    "a model in each arm": (
        f"{LIST}{IF}    - name: a\n      «modle|101»: b\n"
        "{{ else }}\n    - «name|104»: b\n{{ end }}\n"
    ),
    "in a range": f"{LIST}{{{{ range .x }}}}\n    - name: {{{{ . }}}}\n      model: «b|103»\n{TYPO}{END}",
    "behind a range": f"{MODEL}{{{{ range .x }}}}\n{END}    - name: b\n      model: «b|103»\n",
    "in a with": f"{MODEL}{{{{ with .x }}}}\n{TYPO}{END}",
    "behind trimmed actions": "{{- $x := 1 -}}\n\n{{- if 1 }}\ndata:\n  «local_model|107»: []\n{{- end }}",
    "behind a comment of the template": f"{MODEL}      {{{{/* é */}}}}«ctx_sise|101»: 1\n",
    "behind a comment over lines": f"{{{{/* a\nb: c\n*/}}}}{MODEL}{TYPO}",
    "with tabs in comments": f"#\ttab\n{MODEL}      «ctx_sise|101»: 1\t# \t tab\n",
    "with prompts and variables": (
        '{{- $mail := promptStringOnce . "mail" "E-mail: [}}]" -}}\n'
        f"{MODEL}      description: {{{{ $mail | quote }}}}\n      «ctx_sise|101»: {{{{ $mail | len }}}}\n"
    ),
    "beside a computed value": f"{MODEL}      ctx_size: {{{{ .x }}}}\n      ttl: «x|102»\n",
    "beside a computed name": f"{LIST}    - name: {{{{ .x }}}}\n      model: «b|103»\n",
    "behind U+2028": f"{MODEL}      x-a: a\u2028b\n{TYPO}",
    "U+2028 in a line": f"{MODEL}      description: «a\u2028b|103»\n",
    "behind a next line sign": f"{MODEL}      x-a: a\u0085b\n{TYPO}",
    "behind wide text": "data: {x: '日本🙂é', «local_model|107»: []}\n",
    "behind a block scalar": f"{MODEL}      x-a: |\n        ctx_sise: 1\n       # comment\n{TYPO}",
    "behind a folded text": f"{MODEL}      x-a: >-\n        a\n\n        b\n\n      ttl: «x|102»\n",
    "a text block": f"{MODEL}      quantization: «||103»\n        a\n        b\n",
    "an anchored mapping": (
        f"data:\n  x: &x\n  {TYPO}  local_models:\n    - <<: *x\n      name: a\n      model: ollama://a\n"
    ),
    "an alias of a value": "data:\n  x: &x 'k'\n  local_models: {a: {model: ollama://a, ttl: «*x|102»}}\n",
    "an alias of a list": "data:\n  x: &x [«qwen|209»]\n  local_models: *x\n",
    "a key beside a merge": (
        "data:\n  x: &x {ttl: 1}\n  local_models: {a: {<<: *x, model: ollama://a, ttl: «-2|103»}}\n"
    ),
    "flow style": "data: {local_models: [{name: a, model: ollama://a, ttl: «'1'|102», «colour|101»: 1}]}\n",
    "flow style over lines": (
        "data:\n  local_models: [\n    {name: a,\n     model: ollama://a,\n"
        "     «ctx_sise|101»: 1},\n    «b|209»]\n"
    ),
    "json in yaml": '{"data": {"local_models": [{"name": "a", "model": «"b"|103»}]}}\n',
    "a key in quotes": f'{MODEL}      «"ctx_sise"|101»: 1\n',
    "in a mapping of names": "data:\n  local_models:\n    a:\n      model: ollama://a\n" + TYPO,
    "behind a dash by itself": f"{LIST}    -\n      name: a\n      model: «b|103»\n",
    "in a list that is not indented": "data:\n  local_models:\n  - name: a\n    model: «b|103»\n",
    "a role": f"{MODEL}  llm_stack:\n    chat_model: «b|211»\n",
    "a name twice": f"{MODEL}    - model: ollama://b\n      name: «a|201»\n",
    "without a final line end": "data:\n  local_models: [«qwen|209»]",
    "between document marks": f"---\n{MODEL}{TYPO}...\n",
    "with other delimiters": (
        f"# chezmoi:template:left-delimiter=[[ right-delimiter=]]\n{MODEL}      ttl: [[ .x ]]\n{TYPO}"
    ),
    "a list in a hole": f"{LIST}{{{{ .x | indent 4 }}}}\n    - name: b\n      model: «b|103»\n",
    "a value in two arms of a line": f"{MODEL}      ttl: {{{{ if .x }}}}1{{{{ else }}}}2{END}{TYPO}",
    "a whole key in an arm": f"{MODEL}      {{{{ if .x }}}}«ctx_sise|101»: 1{END}",
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("marked", YAML.values(), ids=YAML)
def test_yaml(marked, newline):
    text, said = unmarked(marked)
    assert found_in(text.replace("\n", newline)) == said


UNREADABLE = {
    "an if without a condition": "data:\n  a: «{{ if }}|004»1{{ end }}\n",
    "an else if without one": "data:\n  a: {{ if .x }}1{{- «{{ else if }}|004»2{{ end }}\n".replace(
        "{{- «", "«"
    ),
    "a trimmed if without one": "a: 1\n«{{- if -}}|004»\nb: 2\n{{ end }}\n",
    "a range over nothing": "«{{ range }}|004»\na: 1\n{{ end }}\n",
    "an end with more": "{{ if .x }}\na: 1\n«{{ end if }}|004»\n",
    "a word of another language": "{{ if .x }}\na: 1\n{{ «elif|004» .y }}\n{{ end }}\n",
    "an if that is never closed": "a: 1\n«{{ if .x }}|004»\nb: 2\n",
    "an end too many": "a: 1\n«{{ end }}|004»\n",
    "an open action": "a: «{{ .x }|004»\n",
    "an open parenthesis": "a: {{ add «(|004»len .x }}\n",
    "a parenthesis too many": "a: {{ len .x «)|004» }}\n",
    "a variable of an inner block": "{{ if .a }}{{ $x := 1 }}{{ end }}\na: {{ «$x|004» }}\n",
    "a variable of a loop": "{{ range $i, $e := .a }}{{ end }}\na: {{ «$e|004» }}\n",
    "a mistyped variable": "{{ $name := 1 }}\na: {{ «$nam|004» | quote }}\n",
    "a tab as indentation": "data:\n«\t|001»a: 1\n",
    "an open quote": "data:\n  a: «'|001»x\n  b: 1\n",
    "an open quote before another": 'data:\n  a: «"|001»x\n  b: "y"\n',
    "an open bracket": "data:\n  a: «[|001»x\n  b: 1\n",
    "a second colon": "data:\n  a: b«:|001» c\n",
    "no space after a colon": "data:\n  «a:|001»b\n  c: 1\n",
    "an equals sign": "data:\n  a: 1\n  «b = 2|001»\n  c: 3\n",
    "a line that is no key": "data:\n  a: 1\n  «words|001»\n  c: 3\n",
    "an equals sign before the first key": "«a = 1|001»\nb: 2\n",
    "a key without a colon before a comment": "data:\n  «a|001»\n  # b\n  c: 1\n",
    "indented too far": "data:\n  a: 1\n    «b|001»: 2\n",
    "a dash missing": "data:\n  a:\n    - b\n    «c: 1|001»\n",
    "an at sign": "data:\n  a: «@|001»b\n",
    "an unknown alias": "data:\n  a: «*b|001»\n",
    "a tag": "data:\n  a: «!|006»b c\n",
    "a second document": "data: {}\n«---|006»\ndata: {}\n",
    "a key that is a list": "data:\n  ? «[|006»a]\n  : 1\n",
    "a value of two lines": 'data:\n  a: "b" «c|001»\n',
    "behind actions": "{{ $x := 1 -}}\n{{ if $x }}\ndata:\n  a: {{ $x }}\n    «b|001»: 2\n{{ end }}\n",
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("marked", UNREADABLE.values(), ids=UNREADABLE)
def test_what_chezmoi_could_not_read(marked, newline):
    text, said = unmarked(marked)
    assert found_in(text.replace("\n", newline)) == said


def bomb(levels: int) -> str:
    """Return YAML in which each mapping merges the one before it nine times."""
    lines = ["data:", "  a0: &a0 {x0: 1}"]
    for level in range(1, levels):
        merged = ", ".join(f"*a{level - 1}" for _ in range(9))
        lines.append(f"  a{level}: &a{level}\n    b{level}: [{merged}]")
    return "\n".join([*lines, ""])


BYTES = {
    "a byte order mark": (b"\xef\xbb\xbfdata: {}\n", "1:1+1 LLM002"),
    "utf-16": ("data: {}\n".encode("utf-16"), "1:1+1 LLM002"),
    "utf-16 without a mark": ("data: {}\n".encode("utf-16-le"), "1:1+1 LLM002"),
    "latin-1": ("data:\n  a: é\n".encode("latin-1"), "2:6+1 LLM002"),
    "nul": (b"data:\n  a: b\0c\n", "2:7+1 LLM002"),
    "a merge bomb": (bomb(9).encode(), "14:10+3 LLM006"),
    "deep nesting": (b"data: " + b"[" * 500, "1:71+1 LLM003"),
}


@pytest.mark.parametrize(("data", "said"), BYTES.values(), ids=BYTES)
def test_bytes_that_are_no_template(data, said):
    assert found_in(data) == [said]


OTHERS = {
    ".chezmoi.toml.tmpl": (
        '{{- $mail := promptString "mail" -}}\n[data]\nmail = {{ $mail | quote }}\n'
        '[[data.local_models]]\nname = "a"\nmodel = «"b"|103»\n{{ if .x }}\n«ctx_sise|101» = 1\n{{ end }}\n'
        "[data.llm_stack]\nchat_model = «'c'|211» # é\n"
    ),
    ".chezmoi.json.tmpl": (
        '{"data": {"mail": {{ .mail | toJson }},\n  "local_models": [\n'
        '    {"name": "a", "model": "ollama://a", «"ctx_sise"|101»: 1}\n\n    {{ range .x }}\n'
        '    ,{"name": {{ . | toJson }}, "model": «"b"|103»}\n    {{ end }}\n  ]\n}}\n'
    ),
    ".chezmoi.jsonc.tmpl": '{ // é\n  "data": {"published_ports": {"litellm": «"4000"|102»,},},\n}\n',
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("file", OTHERS)
def test_other_formats(file, newline):
    text, said = unmarked(OTHERS[file])
    assert found_in(text.replace("\n", newline), file) == said

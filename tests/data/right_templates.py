"""Config templates as people write them, all of them right: in each style, with a list of models in it."""

from __future__ import annotations

from typing import Final

TWO: Final = """\
  local_models:
    - name: qwen3-8b
      model: ollama://qwen3:8b
    - name: nomic-embed-text
      model: ollama://nomic-embed-text
"""

YAML: Final = {
    "two lines": "data:\n  local_models:\n    - name: qwen3-8b\n      model: ollama://qwen3:8b\n",
    "no models": "data:\n  email: me@example.com\n",
    "nothing below data": "edit:\n  command: vi\ndata:\n",
    "all models commented out": "data:\n  local_models: []\n  #  - name: a\n  #    model: ollama://a\n",
    "variables above": f"""\
{{{{- $email := promptStringOnce . "email" "Email address" -}}}}
{{{{- $headless := promptBoolOnce . "headless" "Is this machine headless" -}}}}
{{{{- $osid := .chezmoi.os -}}}}
{{{{- if hasKey .chezmoi.osRelease "id" -}}}}
{{{{-   $osid = printf "%s-%s" .chezmoi.os .chezmoi.osRelease.id -}}}}
{{{{- end -}}}}

sourceDir: {{{{ .chezmoi.sourceDir | quote }}}}

data:
  email: {{{{ $email | quote }}}}
  headless: {{{{ $headless }}}}
  osid: {{{{ $osid | quote }}}}
{TWO}""",
    "tags in comments": f"""\
{{{{- $docker := false -}}}}{{{{/* true if this machine should have Docker */}}}}
{{{{- $work := false -}}}}{{{{/* true if it is used for work */}}}}
{{{{- "" -}}}}

{{{{- if or (env "CODESPACES") (eq .chezmoi.username "root" "vscode") -}}}}
{{{{-   $docker = true -}}}}
{{{{- else if stdinIsATTY -}}}}
{{{{-   $work = promptBoolOnce . "work" "Work" -}}}}
{{{{- end -}}}}

data:
  docker: {{{{ $docker }}}}
  work: {{{{ $work }}}}
{TWO}""",
    "models of one machine": """\
data:
  local_models:
    - name: qwen3-4b
      model: ollama://qwen3:4b
    {{- if eq .chezmoi.hostname "desktop" }}
    - name: qwen3-32b
      model: ollama://qwen3:32b
      ttl: 300
    {{- end }}
  llm_stack:
    accelerator: {{ if eq .chezmoi.hostname "desktop" }}cuda{{ else }}cpu{{ end }}
""",
    "other models on other machines": """\
data:
  local_models:
{{ if eq .chezmoi.hostname "laptop" -}}
{{ "" }}    - name: chat
      model: ollama://qwen3:4b
{{ else if eq .chezmoi.hostname "desktop" }}
    - name: chat
      model: ollama://qwen3:32b
{{ else }}
    - name: chat
      model: ollama://qwen3:8b
{{ end }}
""",
    "a whole list for each system": """\
data:
{{- if eq .chezmoi.os "linux" }}
  local_models:
    - {name: a, model: ollama://a}
  llm_stack: {services: {llama_swap: {placement: container}}}
{{- else }}
  local_models:
    - {name: a, model: hf://org/a}
  llm_stack: {services: {llama_swap: {placement: host}}}
{{- end }}
  email: me@example.com
""",
    "a loop over names": """\
{{- $sizes := list "4b" "8b" "14b" }}
data:
  local_models:
  {{- range $sizes }}
    - name: qwen3-{{ . }}
      model: ollama://qwen3:{{ . }}
      aliases: [{{ printf "q%s" . | quote }}]
  {{- end }}
""",
    "a loop with an index": """\
data:
  local_models:
{{- range $i, $name := list "a" "b" }}
    - name: {{ $name }}
      model: ollama://{{ $name }}
      ttl: {{ add 300 (mul 60 $i) }}
{{- end }}
""",
    "a loop over a mapping": """\
{{- $models := dict "qwen" "ollama://qwen3:8b" "gemma" "hf://ggml-org/gemma-3-1b-it-GGUF" }}
data:
  local_models:
{{- range $name, $uri := $models }}
    {{ $name }}: {{ $uri }}
{{- end }}
""",
    "a list from a function": """\
{{- $list := list (dict "name" "a" "model" "ollama://a") (dict "name" "b" "model" "ollama://b") }}
data:
  local_models: {{ $list | toJson }}
""",
    "a list as yaml": """\
{{- $list := list (dict "name" "a" "model" "ollama://a") }}
data:
  local_models:
{{ $list | toYaml | indent 4 }}
  email: me@example.com
""",
    "a list with nindent": """\
{{- $list := list (dict "name" "a" "model" "ollama://a") }}
data:
  local_models: {{- $list | toYaml | nindent 4 }}
""",
    "both lists in models": """\
data:
  models:
    local: {qwen: "ollama://qwen3:8b"}
    cloud:
      - {name: gpt-5, model: openai/gpt-5-2025-08-07}
""",
    "models of the person's own": "data:\n  models: [bicycle, car]\n  model: T\n  modes: [dark]\n",
    "a mapping of names": """\
data:
  local_models:
    qwen3-8b: ollama://qwen3:8b
    "nomic-embed-text:v1.5":
      model: ollama://nomic-embed-text
      dimensions: 768
""",
    "flow style": 'data: {local_models: [{name: a, model: "ollama://a:1", ttl: 0}, {name: b, model: hf://o/b}]}\n',
    "anchors": """\
data:
  x-defaults: &defaults
    ttl: 300
    ctx_size: 16384
  local_models:
    - <<: *defaults
      name: a
      model: ollama://a
    - <<: *defaults
      name: b
      model: ollama://b
      ttl: 600
""",
    "text blocks": """\
data:
  motd: |
    {{ if true }}
    welcome: to {{ .chezmoi.hostname }}
    {{ end }}
      - not a list
  note: >-
    folded,
    with a # that is no comment
  local_models: [{name: a, model: ollama://a}]
""",
    "quotes and colons": """\
data:
  url: "https://example.com/a?b=c#d"
  time: 12:30
  path: 'C:\\Users\\{{ .chezmoi.username }}'
  say: "{{ `"quoted"` | replace `"` `'` }}"
  local_models: [{name: "a", model: 'ollama://a', description: "it's: #1, \\"best\\""}]
""",
    "values of every kind": """\
data:
  yes: no
  octal: 0o17
  hex: 0x1F
  big: 9223372036854775807
  float: 1.5e+3
  date: 2026-01-31
  nothing: ~
  empty:
  on: [yes, no, {a: b}]
  local_models:
    - {name: a, model: ollama://a, ctx_size: 0x4000, temp: 0.7, preload: true}
""",
    "many keys of chezmoi": f"""\
encryption: age
age:
  identity: "{{{{ .chezmoi.homeDir }}}}/.config/age/key.txt"
  recipient: age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq
git: {{autoCommit: true, autoPush: false}}
diff: {{pager: delta, exclude: [scripts]}}
merge:
  command: nvim
  args: ["-d", "{{{{ `{{{{ .Destination }}}}` }}}}", "{{{{ `{{{{ .Source }}}}` }}}}"]
interpreters: {{ps1: {{command: pwsh, args: [-NoLogo]}}}}
scriptEnv: {{EDITOR: vi}}
data:
{TWO}""",
    "the hook": f"""\
warnings: {{configFileTemplateHasChanged: false}}
hooks:
  read-source-state:
    pre:
      command: sh
      args: ["-c", "f=$CHEZMOI_SOURCE_DIR/.chezmoi-llm-hook.sh; [ ! -f \\"$f\\" ] || exec sh \\"$f\\""]
data:
{TWO}""",
    "hidden lines for editors": f"""\
{{{{- /* vim: set filetype=gotexttmpl.yaml : */ -}}}}
{{{{- if false }}}}
# yaml-language-server: $schema=llm.schema.json
{{{{- end }}}}
---
data:
{TWO}""",
    "indented actions": f"""\
{{{{- $a := "" -}}}}
{{{{- if eq .chezmoi.os "darwin" -}}}}
  {{{{- if eq .chezmoi.arch "arm64" -}}}}
    {{{{- $a = "/opt/homebrew" -}}}}
  {{{{- else -}}}}
    {{{{- $a = "/usr/local" -}}}}
  {{{{- end -}}}}
{{{{- end -}}}}
data:
  {{{{- if $a }}}}
  brew: {{{{ $a }}}}
  {{{{- end }}}}
{TWO}""",
    "set and get": f"""\
{{{{- $data := dict "git" dict -}}}}
{{{{- $_ := set $data.git "name" "me" -}}}}
{{{{- $_ = set $data "x" (list 1 2) -}}}}
data:
  git: {{{{ $data.git | toJson }}}}
  name: {{{{ get $data.git "name" | quote }}}}
{TWO}""",
    "chosen answers": """\
{{- $profile := promptChoiceOnce . "profile" "Profile" (list "home" "work") "home" -}}
{{- $gpu := promptBoolOnce . "gpu" "Is there a GPU" false -}}
data:
  profile: {{ $profile }}
  gpu: {{ $gpu }}
  local_models:
    - name: chat
      model: {{ if $gpu }}ollama://qwen3:32b{{ else }}ollama://qwen3:4b{{ end }}
      ctx_size: {{ ternary 32768 8192 $gpu }}
""",
    "a comment between everything": """\
# the machine
data: # all of it
  # models
  local_models: # a list
    # the first
    - # here
      name: a # so
      model: ollama://a

    # the last
""",
    "a list that is not indented": """\
data:
  local_models:
  - name: a
    model: ollama://a
  email: me@example.com
""",
    "shared keys": """\
data:
  tailscale: {hostname: box, tailnet: tail1234.ts.net, tag: server, full_hostname: box.tail1234.ts.net}
  published_ports: {open_webui: 3001, grafana: 3002, immich: 2283}
  urls: {grafana: https://box.tail1234.ts.net}
  local_models: [{name: a, model: ollama://a}]
""",
    "a stack": """\
data:
  local_models:
    - {name: chat, model: ollama://qwen3:8b, group: large, ram_required_gb: 6}
    - {name: task, model: hf://ggml-org/gemma-3-1b-it-GGUF, roles: [task], ram_required_gb: 1}
    - {name: embed, model: ollama://nomic-embed-text, dimensions: 768}
  cloud_models:
    - {name: claude, model: anthropic/claude-sonnet-4-5, fallback: [chat]}
  llm_stack:
    chat_model: chat
    memory_gb: 16
    groups: {large: {swap: true}}
    defaults: {ttl: 600, ctx_size: 16384}
    services:
      llama_swap: {placement: host, preload: [embed]}
      caddy: {enabled: false}
""",
    "ignored on purpose": """\
data:
  published_ports: {open_webui: 80}  # chezmoi-llm: ignore LLM308
  local_models: [{name: a, model: ollama://a}]
""",
    "data in two arms": """\
{{ if eq .chezmoi.os "linux" }}
data:
  local_models: [{name: a, model: ollama://a}]
{{ else }}
data:
  email: me@example.com
{{ end }}
""",
    "models of an included text": """\
data:
  {{ includeTemplate "models.yaml" . | indent 2 | trim }}
  llm_stack:
    task_model: tiny
    groups: {small: {swap: false, members: [tiny, titles]}}
""",
    "all data of a function": """\
data:
  {{- .shared | toYaml | nindent 2 }}
  llm_stack: {task_model: tiny}
""",
    "fields of an included text": """\
data:
  local_models:
    - name: a
      {{ includeTemplate "common" . | indent 6 | trim }}
    - name: b
      {{ template "source" . }}
    - {name: c, {{ .rest }}}
""",
    "services of an included text": """\
data:
  local_models:
    - name: a
      model: https://example.org/a.gguf
      runner: llama-server
  llm_stack:
    services:
      {{ includeTemplate "services" . | indent 6 | trim }}
""",
    "one alias on one of two machines": """\
data:
  local_models:
    - name: a
      model: ollama://a
      aliases:
        {{- if .laptop }}
        - chat
        {{- end }}
    - name: b
      model: ollama://b
      aliases:
        {{- if not .laptop }}
        - chat
        {{- end }}
""",
    "models that are on in turn": """\
data:
  local_models:
    - {name: a, model: "ollama://a", aliases: [big], roles: [task], enabled: {{ .laptop }}}
    - {name: a, model: "ollama://b", aliases: [big], roles: [task], enabled: {{ not .laptop }}}
""",
    "a model that is off where nobody names it": """\
data:
  local_models:
    - name: a
      model: ollama://a
      {{- if .laptop }}
      enabled: false
      {{- end }}
  llm_stack:
    {{- if not .laptop }}
    chat_model: a
    {{- end }}
""",
    "services of the template": """\
data:
  tailscale: {hostname: box, tailnet: tail1234.ts.net}
  published_ports: {litellm: 9292, open_webui: 8443}
  llm_stack:
    services:
      litellm: {enabled: {{ .litellm }}, container_name: llama-swap}
      open_webui: {container_name: litellm}
      llama_swap: {container_name: {{ .name }}}
      caddy: {enabled: true, ports: {litellm: {{ .port }}, open_webui: 9443, llama_swap: {{ .other }}}}
""",
    "a name of the template": """\
data:
  tailscale:
    hostname: {{ .chezmoi.hostname }}
    tailnet: {{ .tailnet }}
  local_models: {a: ollama://a}
  llm_stack: {services: {caddy: {enabled: true}}}
""",
    "a tailnet of an included text": """\
data:
  tailscale: {{ .tailscale | toJson }}
  local_models: {a: ollama://a}
  llm_stack: {services: {caddy: {enabled: true}}}
""",
    "defaults of the template": """\
data:
  local_models: {a: {model: "https://example.org/a.gguf"}}
  llm_stack: {defaults: {runner: {{ .runner }}}, services: {llama_swap: {placement: host}}}
""",
    "more defaults of the template": """\
data:
  local_models: {a: {model: "https://example.org/a.gguf"}}
  llm_stack: {defaults: {{ .defaults | toJson }}, services: {llama_swap: {placement: host}}}
""",
    "macros of the template": """\
data:
  local_models: {a: {model: ollama://a, description: "${word}"}}
  llm_stack: {services: {llama_swap: {macros: {{ .macros | toJson }}}}}
""",
    "ports of the template": """\
data:
  published_ports: {llama_swap: {{ .port }}, litellm: 9292}
  local_models: {a: ollama://a}
""",
    "a description in a block": """\
data:
  local_models:
    - name: a
      model: ollama://a
      display_name: |
        A
      description: |
        Small, and quick enough
        for titles.
""",
    "nothing written yet": """\
data:
  local_models:
    # - name: a
    #   model: ollama://a
  cloud_models:
  llm_stack:
  published_ports:
  tailscale: ~
""",
    "an included text": f'data:\n  key: {{{{ include "key.txt" | trim | quote }}}}\n{TWO}',
}

TOML: Final = {
    "tables": """\
{{- $email := promptStringOnce . "email" "Email address" -}}
sourceDir = {{ .chezmoi.sourceDir | quote }}

[data]
email = {{ $email | quote }}
arch = "{{ .chezmoi.arch }}"

[[data.local_models]]
name = "qwen3-8b"
model = "ollama://qwen3:8b"  # everyday

[[data.local_models]]
name = "nomic-embed-text"
model = "ollama://nomic-embed-text"
dimensions = 768

[data.llm_stack.services.llama_swap]
placement = "host"
""",
    "inline tables": """\
[data]
    local_models = [
        {name = "a", model = "ollama://a", ttl = 0},
        {{- if eq .chezmoi.os "linux" }}
        {name = "b", model = "ollama://b"},
        {{- end }}
    ]
""",
    "dotted keys": 'data.local_models = [{name = "a", model = "ollama://a"}]\ndata.a.b = 1\n',
    "tables in blocks": """\
[edit]
command = "code"
args = ["--wait"]

{{ if eq .chezmoi.os "linux" }}
[[data.local_models]]
name = "a"
model = "ollama://a"
{{ end }}
[data.xdg]
{{ if eq .chezmoi.os "linux" }}
config = "{{ .chezmoi.homeDir }}/.config"
{{ else if eq .chezmoi.os "darwin" }}
config = '{{ .chezmoi.homeDir }}/Library'
{{ end }}
""",
    "a table in a loop": """\
{{- range list "a" "b" }}
[[data.local_models]]
  name = {{ . | quote }}
  model = "ollama://{{ . }}"
{{- end }}
""",
}

JSON: Final = {
    "plain": '{"data": {"local_models": [{"name": "a", "model": "ollama://a", "x-note": "\\u00e9"}]}}\n',
    "a loop": """\
{
  "sourceDir": {{ .chezmoi.sourceDir | toJson }},
  "data": {
    "local_models": [
      {{- range $i, $name := list "a" "b" }}
      {{- if $i }},{{ end }}
      {"name": {{ $name | toJson }}, "model": "ollama://{{ $name }}"}
      {{- end }}
    ]
  }
}
""",
    "from a function": '{"data": {{ dict "local_models" (dict "a" "ollama://a") | toJson }}}\n',
}

FILES: Final = {
    **{f"yaml: {name}": (".chezmoi.yaml.tmpl", text) for name, text in YAML.items()},
    **{f"toml: {name}": (".chezmoi.toml.tmpl", text) for name, text in TOML.items()},
    **{f"json: {name}": (".chezmoi.json.tmpl", text) for name, text in JSON.items()},
}
"""Every template by its name, with the name of its file."""

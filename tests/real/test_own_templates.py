"""Dotfiles that had the whole house before: ``init`` in them, and their templates moved to ``.llm``."""

from __future__ import annotations

import pytest
from realprograms import llama_swap, programs, quadlet
from realprograms.person import Person, fine, left_out, works

UNITS = "private_dot_config/containers/systemd"

CONFIG = """\
data:
  tailscale:
    hostname: llm-server
    tailnet: your-tailnet.ts.net
    tag: tag:server
  published_ports: {llama_swap: 9292, litellm: 4000, searxng: 8888}
  urls:
    llama_swap: https://llama-swap.llm-server.your-tailnet.ts.net
  local_models:
    - name: qwen3-32b
      model: ollama://qwen3-32b
      port: 8080
      ctx_size: 8192
      ngl: 999
      ttl: 900
      description: "Qwen3 32B: thinks"
    - name: smollm-135m
      model: ollama://smollm-135m
      port: 8080
      ctx_size: 8192
      ngl: 999
      ttl: 300
      description: Small
"""

OWN = {
    ".chezmoi.yaml.tmpl": CONFIG,
    f"{UNITS}/llm.network": "[Network]\nNetworkName=llm\n",
    f"{UNITS}/llama-swap/llama-swap.volume": "[Volume]\nVolumeName=llama-swap-data\n",
    f"{UNITS}/llama-swap/llama-swap.container.tmpl": """\
[Unit]
Description=llama-swap - Local LLM Model Router

[Container]
Image=ghcr.io/mostlygeek/llama-swap:cpu
ContainerName=llama-swap
Network=llm.network
PublishPort=127.0.0.1:{{ .published_ports.llama_swap }}:8080
Volume=%h/.config/containers/systemd/llama-swap/config.yaml:/app/config.yaml:ro,Z
Volume=llama-swap.volume:/app/data:Z

[Service]
Slice=llm.slice

[Install]
WantedBy=default.target
""",
    f"{UNITS}/llama-swap/config.yaml.tmpl": """\
healthCheckTimeout: 3600

models:
{{- range .local_models }}
  "{{ .name }}":
    proxy: "http://ramalama-{{ .name }}:8080"
    ttl: {{ .ttl }}
    cmd: >
      podman run -d --name ramalama-{{ .name }} --network llm quay.io/ramalama/ramalama:latest
      serve --port 8080 --ngl {{ .ngl }} --ctx-size {{ .ctx_size }} {{ .model }}
    cmdStop: >
      podman stop -t 10 ramalama-{{ .name }} &&
      podman rm ramalama-{{ .name }}
    description: "{{ .description }}"
{{- end }}
""",
    "private_dot_config/caddy/Caddyfile.tmpl": """\
llama-swap.{{ .tailscale.hostname }}.{{ .tailscale.tailnet }}:443 {
	reverse_proxy localhost:{{ .published_ports.llama_swap }}
}
""",
    "private_dot_local/private_share/private_applications/llama-swap.desktop.tmpl": """\
[Desktop Entry]
Version=1.0
Type=Application
Name=llama-swap Dashboard
Exec=google-chrome-stable --app={{ .urls.llama_swap }}
Icon=dashboard
Terminal=false
Categories=Development;
""",
}

LEFT_OUT = {
    f"{UNITS}/llm/llama-swap.container.tmpl": (
        f"{UNITS}/llama-swap/llama-swap.container.tmpl becomes llama-swap.service already"
    ),
    f"{UNITS}/llm/llama-swap.volume.tmpl": (
        f"{UNITS}/llama-swap/llama-swap.volume becomes llama-swap-volume.service already"
    ),
    f"{UNITS}/llm/llama-swap.build.tmpl": "only llama-swap.container needs it, which is left out",
    f"{UNITS}/llm/Containerfile.tmpl": "only llama-swap.container needs it, which is left out",
    f"{UNITS}/llm/llm.network.tmpl": f"{UNITS}/llm.network becomes llm-network.service already",
    "private_dot_config/systemd/user/llama-swap.service.tmpl": (
        f"{UNITS}/llama-swap/llama-swap.container.tmpl becomes llama-swap.service already"
    ),
    ".chezmoiscripts/run_onchange_after_50-reload-llama-swap.sh.tmpl": (
        "it would start and stop llama-swap.service, whose unit is left out"
    ),
    "private_dot_config/caddy/Caddyfile.tmpl": (
        "private_dot_config/caddy/Caddyfile.tmpl makes ~/.config/caddy/Caddyfile already"
    ),
    "private_dot_local/private_share/private_applications/llama-swap.desktop.tmpl": (
        "private_dot_local/private_share/private_applications/llama-swap.desktop.tmpl makes "
        "~/.local/share/applications/llama-swap.desktop already"
    ),
}
EVERYTHING = ("llama_swap", "ramalama", "litellm", "open_webui", "caddy", "desktop")


@pytest.mark.real("chezmoi", "chezmoi-llm", "git")
def test_the_whole_house_of_a_person_is_left_standing(tmp_path):
    person = Person.make(tmp_path, OWN)
    fine(person.home.init("--apply"))
    before = person.bytes()
    said = fine(person.init(*(word for key in EVERYTHING for word in ("--with", key))))
    assert {path: reason for path, (reason, _) in left_out(said).items()} == LEFT_OUT
    assert person.bytes() | before == person.bytes()
    works(person.home)


MODELS = """\
  local_models:
    - name: qwen3-32b
      model: ollama://qwen3-32b
    - name: smollm-135m
      model: ollama://smollm-135m
  llm_stack:
    services: {llama_swap: {placement: container}}
"""

MOVED = {
    f"{UNITS}/llama-swap/llama-swap.container.tmpl": [
        ("{{ .published_ports.llama_swap }}", "{{ .llm.ports.llama_swap }}"),
        (
            "\n[Service]",
            "{{ range .llm.llama_swap.unit.secrets }}Secret={{ . }}\n{{ end }}\n[Service]",
        ),
    ],
    "private_dot_config/caddy/Caddyfile.tmpl": [
        ("{{ .tailscale.hostname }}.{{ .tailscale.tailnet }}", "{{ .llm.tailscale_name }}"),
        ("{{ .published_ports.llama_swap }}", "{{ .llm.ports.llama_swap }}"),
    ],
    "private_dot_local/private_share/private_applications/llama-swap.desktop.tmpl": [
        ("{{ .urls.llama_swap }}", "{{ .llm.desktop.url }}"),
    ],
}
"""What docs/how-to/own-templates.md says to write instead."""

MOVED_CONFIG = """\
{{ range $key, $value := .llm.llama_swap.config }}{{ $key }}: {{ $value | toJson }}
{{ end }}
"""


@pytest.mark.real(
    "chezmoi", "chezmoi-llm", "git", "llama-swap", "quadlet", "caddy", "desktop-file-validate"
)
def test_their_templates_render_with_models_of_two_lines_each(tmp_path):
    person = Person.make(tmp_path, OWN)
    fine(person.init("--with", "none"))
    moved = dict(OWN) | {f"{UNITS}/llama-swap/config.yaml.tmpl": MOVED_CONFIG}
    for path, edits in MOVED.items():
        for old, new in edits:
            assert moved[path].count(old) == 1
            moved[path] = moved[path].replace(old, new)
    shared = CONFIG.partition("  local_models:")[0]
    hook = fine(person.init("--print-config", "--with", "none")).partition("# --- at the end")[2]
    moved[".chezmoi.yaml.tmpl"] = f"{shared}{MODELS}{hook.partition(chr(10))[2]}"
    person.home.write(moved)
    fine(person.home.init("--apply"))
    works(person.home)

    home, env = person.home, person.home.env
    config = home.path / ".config/containers/systemd/llama-swap/config.yaml"
    with llama_swap.serving(
        config, env={**env, "LLAMA_SWAP_API_KEY": "k"}, log=tmp_path / "log", key="k"
    ) as swap:
        assert [model["id"] for model in swap.models()] == ["qwen3-32b", "smollm-135m"]
    made = quadlet.generate(home.path / ".config/containers/systemd")
    assert (made.returncode, made.stderr) == (0, "")
    assert "LLAMA_SWAP_API_KEY" in " ".join(made.exec_start("llama-swap.service"))
    caddyfile = home.path / ".config/caddy/Caddyfile"
    fine(programs.run([programs.located("caddy"), "validate", "--config", caddyfile], env=env))
    assert caddyfile.read_text().startswith("llama-swap.llm-server.your-tailnet.ts.net:443 {\n")
    entry = home.path / ".local/share/applications/llama-swap.desktop"
    fine(programs.run([programs.located("desktop-file-validate"), entry], env=env))
    assert "--app=https://llm-server.your-tailnet.ts.net:9443/ui/\n" in entry.read_text()

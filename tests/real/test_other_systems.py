"""macOS and Windows: what needs Podman's units or systemd is not written there, and the rest is right."""

from __future__ import annotations

import json

import pytest
from realprograms import programs, shipped
from realprograms.chezmoi import Home

from chezmoi_llm import resources

pytestmark = pytest.mark.real("chezmoi")

RAMALAMA = {".config/ramalama/ramalama.conf", ".config/ramalama/shortnames.conf"}
SERVERS = {
    ".config/llama-swap/config.yaml",
    ".config/litellm/config.yaml",
    ".config/caddy/Caddyfile",
    ".config/caddy/conf.d/llm.caddy",
}


def data(placement: str) -> dict:
    return {
        "tailscale": {"hostname": "box", "tailnet": "tail1"},
        "local_models": [{"name": "small", "model": "hf://a/b"}],
        "llm_stack": {"services": {"llama_swap": {"placement": placement}}},
    }


def on(system: str) -> str:
    return json.dumps({"chezmoi": {"os": system}})


@pytest.mark.parametrize("system", ["darwin", "windows"])
@pytest.mark.parametrize(
    ("placement", "there"),
    [
        pytest.param("container", RAMALAMA, id="container"),
        pytest.param("embedded", set(), id="embedded"),
        pytest.param("host", RAMALAMA | SERVERS, id="host"),
    ],
)
def test_only_what_works_there_is_written(tmp_path, system, placement, there):
    home = Home.make(tmp_path)
    shipped.put(home, data(placement))
    done = home.apply("--override-data", on(system))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    files = {str(path.relative_to(home.path)) for path in home.path.rglob("*") if path.is_file()}
    ours = {path for path in files if not path.startswith((".local/share/chezmoi/", ".config/chezmoi/"))}
    assert ours == there


@pytest.mark.real("chezmoi-llm")
@pytest.mark.parametrize(("system", "has_hook"), [("darwin", True), ("windows", False)])
def test_the_starter_declares_the_hook_where_there_is_a_shell(tmp_path, system, has_hook):
    home = Home.make(tmp_path)
    with open(f"{resources.root('dot_templates')}/{shipped.STARTER}", encoding="utf-8") as file:
        starter = file.read()
    done = home.execute(starter, "--init", "--override-data", on(system))
    assert (done.returncode, done.stderr) == (0, "")
    assert ("\nhooks:\n" in done.stdout) is has_hook


@pytest.mark.real("chezmoi-llm", "git")
def test_without_a_hook_the_templates_ask_for_the_document(tmp_path):
    home = Home.make(tmp_path, "chezmoi-llm")
    argv = [programs.located("chezmoi-llm"), "init", "--with", "ramalama", "--yes"]
    done = programs.run(argv, env=home.env, cwd=home.path)
    assert done.returncode == 0, done.stderr
    starter = (home.source / ".chezmoi.yaml.tmpl").read_text(encoding="utf-8")
    windows = ("--override-data", on("windows"))
    home.config.mkdir(parents=True)
    (home.config / "chezmoi.yaml").write_text(home.execute(starter, "--init", *windows).stdout)
    done = home.apply(*windows)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (home.source / ".chezmoidata").exists()
    assert '"qwen3-4b" = "hf://Qwen/Qwen3-4B-GGUF:Q4_K_M"\n' in home.read(
        ".config/ramalama/shortnames.conf"
    )

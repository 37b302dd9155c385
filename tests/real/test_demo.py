"""``make demo``: the example becomes files, with chezmoi and without, and nothing else is touched."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from realprograms import programs

EXAMPLES = Path(__file__).parents[2] / "examples"
LIST = "examples/dotfiles/.chezmoi.yaml.tmpl"
MODELS = ("smollm2-360m", "qwen3-4b", "gpt-oss-20b", "qwen3-32b", "gemma3-1b", "nomic-embed-text")
EVERYWHERE = {".config/llama-swap/config.yaml", ".config/ramalama/shortnames.conf"}

CHEZMOI = pytest.param("chezmoi", marks=pytest.mark.real("chezmoi"))
EMBEDDED = pytest.param("", marks=pytest.mark.real("gotpl"), id="embedded")


def loaded():
    spec = importlib.util.spec_from_file_location("demo", EXAMPLES / "demo.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["demo"] = module  # where a dataclass looks for its types
    spec.loader.exec_module(module)
    return module


demo = loaded()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A copy of the examples, so that the demo's folder is the test's own, and a person's home."""

    path: Path
    home: Path

    def run(self, *names: str, columns: int = 80) -> subprocess.CompletedProcess[str]:
        tools = programs.toolbox(self.path / "-".join(("bin", *names)), *names)
        env = programs.environment(self.home, path=tools, COLUMNS=str(columns))
        return programs.run([sys.executable, self.path / "examples/demo.py"], env=env, cwd=self.path)

    def written(self) -> dict[str, bytes]:
        """Return what the demo has written to its home, without chezmoi's own files."""
        home = self.path / ".demo/home"
        files = {str(file.relative_to(home)): file for file in home.rglob("*") if file.is_file()}
        own = (".cache", ".config/chezmoi")
        return {path: file.read_bytes() for path, file in files.items() if not path.startswith(own)}


@pytest.fixture
def checkout(tmp_path, home):
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    return Checkout(path=tmp_path, home=home)


def blocks(text: str) -> dict[str, list[str]]:
    """Return by its first line what stands in each block of lines."""
    return {first: rest for first, *rest in map(str.splitlines, text.split("\n\n"))}


@pytest.mark.parametrize("program", [CHEZMOI, EMBEDDED])
def test_each_model_is_shown_with_its_command_and_where_it_is(checkout, program):
    before = sorted(checkout.home.rglob("*"))
    done = checkout.run(*filter(None, [program]))
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    shown = blocks(done.stdout)
    (summary,) = shown[f"One list of {len(MODELS)} models: {LIST}"]
    who, made = summary.split(" made ")
    assert who == ("chezmoi" if program else "chezmoi-llm, where there is no chezmoi,")
    assert made == f"{len(checkout.written())} files of it, below .demo/home."
    for name in MODELS:
        command, *lines = shown[name]
        assert command.startswith("  ramalama serve ... ")
        places = dict(place.rsplit(":", 1) for place in " ".join(lines).split())
        assert set(places) >= EVERYWHERE
        for path, number in places.items():
            text = (checkout.path / ".demo/home" / path).read_text(encoding="utf-8")
            assert name in text.splitlines()[int(number) - 1]
    assert sorted(checkout.home.rglob("*")) == before


@pytest.mark.real("chezmoi", "gotpl")
def test_with_and_without_chezmoi_the_files_are_the_same(checkout):
    first, written = checkout.run("chezmoi"), checkout.written()
    second = checkout.run()
    assert first.stdout.split("\n\n")[1:] == second.stdout.split("\n\n")[1:]
    assert checkout.written() == written != {}


@pytest.mark.real("gotpl")
def test_a_mistake_in_the_list_is_told_with_its_place(checkout):
    file = checkout.path / LIST
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("task_model: gemma3-1b", "task_model: gemma3"), encoding="utf-8")
    done = checkout.run()
    line = text.splitlines().index("    task_model: gemma3-1b") + 1
    assert (done.returncode, done.stdout) == (1, "")
    assert f"\n{LIST}:{line}:17: LLM2" in done.stderr
    assert "did you mean 'gemma3-1b'?" in done.stderr


WORDS = ("ramalama", "serve", "--port", "${PORT}", "--env=A=b c", "--ngl", "auto", "ollama://a:b")


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (100, "ramalama serve --port ${PORT} '--env=A=b c' --ngl auto ollama://a:b"),
        (60, "ramalama serve ... '--env=A=b c' --ngl auto ollama://a:b"),
        (50, "ramalama serve ... --ngl auto ollama://a:b"),
        (32, "ramalama serve ... ollama://a:b"),
        (20, "ramalama serve --..."),
    ],
)
def test_a_command_is_cut_inside(width, line):
    assert demo.shortened(WORDS, width) == line


FILES = {
    "quoted": 'x\n"a-1": y\na-1',
    "part of words": "b-a-1 a-1b a-1.c a-1:2 x/a-1 a-1/x a-1-2",
    "in a text": "# about a-1.\n",
    "key": "a-1: x",
    "value": "x\ny=a-1",
    "empty": "",
}


def test_a_place_is_the_first_line_that_names_the_model():
    assert list(demo.places("a-1", FILES)) == ["quoted:2", "in a text:1", "key:1", "value:2"]


def test_the_table_is_as_wide_as_the_terminal():
    model = demo.Model(name="a-1", command=WORDS, places=["some/file:1", "another-file:2", "more:3"])
    assert list(demo.table([model], 34)) == [
        "a-1",
        "  ramalama serve ... ollama://a:b",
        "  some/file:1  another-file:2",
        "  more:3",
        "",
    ]


@pytest.mark.parametrize(
    ("folder", "program"),
    [("/x/chezmoi-llm/.venv/bin", ".venv/bin/chezmoi-llm"), ("/usr/bin", "chezmoi-llm")],
    ids=["made by make", "elsewhere"],
)
def test_the_program_is_named_as_it_is_called_from_the_checkout(folder, program):
    assert demo.called(folder, "/x/chezmoi-llm") == program


def test_nothing_of_the_environment_leads_to_the_person(monkeypatch):
    monkeypatch.setenv("CHEZMOI_SOURCE_DIR", "/home/me/dotfiles")
    env = demo.Scratch(source="/demo/source", home="/demo/home").env
    assert not [name for name in env if name.startswith("CHEZMOI")]
    private = {
        name: value for name, value in env.items() if name == "HOME" or name.startswith("XDG_CONFIG")
    }
    assert private == {
        "HOME": "/demo/home/",
        "XDG_CONFIG_HOME": "/demo/home/.config",
        "XDG_CONFIG_DIRS": "/demo/home/.config",
    }
    assert env["PATH"] == os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])

"""How the tests see real programs: quadlet as systemd reads it, RamaLama, chezmoi, and what is missing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from realprograms import chezmoi, programs, quadlet, ramalama

TESTS = Path(__file__).parent.parent

LINES = {
    "plain": ("a b\tc  d", ["a", "b", "c", "d"]),
    "double quotes": ('a "b c" d"e f"g', ["a", "b c", "de fg"]),
    "single quotes": ("'b \"c\"'", ['b "c"']),
    "empty": ("a '' \"\"", ["a", "", ""]),
    "escapes": (r"a\x20b \t \s \101 \u65e5 \"", ["a b", "\t", " ", "A", "日", '"']),
    "bytes of one character": (r"\xe6\x97\xa5 日", ["日", "日"]),
    "per cent and home": ("100%% %h %n %N", ["100%", "/home/someone", "x.service", "x"]),
    "dollar": ("$$HOME $${X} a$b a$$b", ["$HOME", "${X}", "a$b", "a$b"]),
    "variables": ("$WORDS ${WORDS} x${WORDS}y", ["1", "2", "1 2", "x1 2y"]),
    "semicolon": (r"a \; ';' ;b", ["a", ";", ";", ";b"]),
    "other spaces": ("a\u00a0b\u2028c", ["a\u00a0b\u2028c"]),
}

WRONG = {
    "open quote": ('a "b', ValueError),
    "second command": ("a ; b", ValueError),
    "unknown escape": (r"a\qb", ValueError),
    "backslash at the end": ("a\\", ValueError),
    "unknown specifier": ("50%z", KeyError),
    "unknown variable": ("${NOBODY}", KeyError),
    "unknown variable alone": ("$5", KeyError),
}

UNITS = {
    "llm.network": "[Network]\nNetworkName=llm\n",
    "x.container": (
        "[Unit]\nDescription=x\n[Container]\nImage=ghcr.io/a/b:c\nContainerName=x\nNetwork=llm.network\n"
        'Environment="K=a b" L=$$HOME M=100%%\nVolume=%h/.config/x:/etc/x\n'
        'Exec=serve "two words" \'sq "x"\' é\n'
    ),
}


@pytest.mark.parametrize(("line", "words"), LINES.values(), ids=LINES)
def test_a_line_is_split_as_systemd_does(line, words):
    assert quadlet.argv(line, environment={"WORDS": "1 2"}) == words


@pytest.mark.parametrize(("line", "error"), WRONG.values(), ids=WRONG)
def test_a_line_that_systemd_would_not_run_as_meant_is_an_error(line, error):
    with pytest.raises(error):
        quadlet.argv(line)


def test_a_unit_ends_its_lines_where_systemd_does():
    unit = quadlet.parse(
        "[Unit]\nDescription=a\r[Service]\rExecStart=x \\\n y\n# c\n; c\nExecStart=z\u2028\x0b\n"
    )
    assert unit == {"Unit": {"Description": ["a"]}, "Service": {"ExecStart": ["x   y", "z"]}}


def write(folder, files):
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.real("quadlet")
def test_quadlet_tells_what_systemd_would_run(tmp_path):
    made = quadlet.generate(write(tmp_path / "units", UNITS))
    assert (made.returncode, made.stderr, sorted(made.texts)) == (
        0,
        "",
        ["llm-network.service", "x.service"],
    )
    assert made.unit("x.service")["Unit"]["Requires"] == ["llm-network.service"]
    argv = made.exec_start("x.service")
    assert argv[argv.index("-v") + 1] == "/home/someone/.config/x:/etc/x"
    assert [argv[at + 1] for at, word in enumerate(argv) if word == "--env"] == [
        "K=a b",
        "L=$HOME",
        "M=100%",
    ]
    assert argv[argv.index("ghcr.io/a/b:c") :] == ["ghcr.io/a/b:c", "serve", "two words", 'sq "x"', "é"]


@pytest.mark.real("quadlet")
def test_quadlet_drops_a_wrong_unit_and_says_so(tmp_path):
    units = UNITS | {"y.container": "[Container]\nImage=ghcr.io/a/b:c\nBogus=1\n"}
    made = quadlet.generate(write(tmp_path / "units", units))
    assert (made.returncode, sorted(made.texts)) == (1, ["llm-network.service", "x.service"])
    assert "unsupported key 'Bogus' in group 'Container'" in made.stderr


@pytest.mark.real("quadlet", "systemd-analyze")
def test_systemd_accepts_what_quadlet_made(tmp_path):
    made = quadlet.generate(write(tmp_path / "units", UNITS))
    verdict = quadlet.verify(made.texts, tmp_path / "services")
    assert (verdict.returncode, verdict.stderr) == (0, "")


@pytest.mark.real("systemd-analyze")
def test_systemd_refuses_a_service_that_needs_another_one_that_is_missing(tmp_path):
    text = "[Unit]\nRequires=llm.network.service\n[Service]\nExecStart=/usr/bin/podman run\n"
    verdict = quadlet.verify({"x.service": text}, tmp_path / "services")
    assert verdict.returncode != 0
    assert "llm.network.service" in verdict.stderr


@pytest.mark.real("ramalama")
def test_ramalama_tells_what_it_would_run(tmp_path):
    told = ramalama.dry_run(
        [
            *("serve", "--network", "llm", "--host", "127.0.0.1", "--port", "5800", "--name", "ramalama-x"),
            *("--engine-args=--replace", "--image=quay.io/ramalama/ramalama:latest", "--ctx-size", "2048"),
            *("""--runtime-args=--pooling mean --override-kv 'a=str:b "c"' ''""", "hf://a/b/c.gguf"),
        ],
        folder=tmp_path,
    )
    at = told.index("quay.io/ramalama/ramalama:latest")
    options, command = told[:at], told[at + 1 :]
    assert options[:2] == ["podman", "run"]
    assert options[-1] == "--replace"
    assert "127.0.0.1:5800:5800" in options
    assert options[options.index("--network") + 1] == "llm"
    assert command[:5] == ["llama-server", "--host", "::", "--port", "5800"]
    assert command[-5:] == ["--pooling", "mean", "--override-kv", 'a=str:b "c"', ""]


@pytest.mark.real("ramalama")
def test_ramalama_refuses_an_unknown_option(tmp_path):
    with pytest.raises(ramalama.Refused, match="unrecognized arguments: --bogus"):
        ramalama.dry_run(["serve", "--bogus", "hf://a/b/c.gguf"], folder=tmp_path)


@pytest.mark.real("ramalama")
@pytest.mark.parametrize(
    ("header", "read"),
    [("[ramalama]", {"ctx_size": 4096, "engine": "podman"}), ("[[ramalama]]", {})],
    ids=["table", "array of tables"],
)
def test_ramalama_tells_what_it_reads_in_its_configuration(tmp_path, header, read):
    file = tmp_path / "ramalama.conf"
    file.write_text(f'{header}\nctx_size = 4096\nengine = "podman"\n', encoding="utf-8")
    config = ramalama.config(file, folder=tmp_path)
    assert config.pop("settings") == {"config_files": [str(file)]}
    assert config == read


@pytest.mark.real("ramalama")
def test_ramalama_tells_which_short_names_it_reads(tmp_path, home):
    file = home / ".config/ramalama/shortnames.conf"
    file.parent.mkdir(parents=True)
    file.write_text('[shortnames]\n  "a:b" = "hf://x/y/z.gguf"\n', encoding="utf-8")
    assert ramalama.shortnames(home, folder=tmp_path) == {"a:b": "hf://x/y/z.gguf"}


@pytest.mark.real("chezmoi")
def test_chezmoi_sees_a_home_and_a_path_of_its_own(tmp_path):
    person = chezmoi.Home.make(tmp_path, "chezmoi-llm")
    person.write(
        {
            ".chezmoi.yaml.tmpl": "data: {a: 1}\n",
            "dot_x.tmpl": '{{ .a }} {{ .chezmoi.homeDir }} {{ lookPath "podman" }}',
        }
    )
    assert person.init("--apply").stderr == ""
    assert person.read(".x") == f"1 {person.path} "
    assert person.values()["a"] == 1
    assert (person.managed().stdout, person.status().stdout, person.diff().stdout) == (".x\n", "", "")
    assert person.cat(".x").stdout == person.read(".x")
    assert person.execute('{{ lookPath "chezmoi-llm" }}').stdout == str(person.bin / "chezmoi-llm")


@pytest.mark.real("chezmoi")
def test_chezmoi_has_no_terminal_to_ask_on(tmp_path):
    person = chezmoi.Home.make(tmp_path)
    person.write({"dot_x": "1\n"})
    assert person.apply().returncode == 0
    (person.path / ".x").write_text("mine\n", encoding="utf-8")
    asked = person.apply()
    assert asked.returncode == 1
    assert "could not open a new TTY" in asked.stderr
    assert person.read(".x") == "mine\n"


def test_a_home_is_empty_and_its_own(home):
    assert os.environ["HOME"] == str(home)
    assert [entry.name for entry in home.iterdir()] == [".run"]
    assert os.path.expanduser("~") == str(home)
    assert {name for name in os.environ if name.startswith(("XDG_", "GIT_"))} == {
        name for name in programs.private_folders(home) if name.startswith(("XDG_", "GIT_"))
    }


def test_canaries_stand_in_the_environment(canaries):
    assert {name: os.environ[name] for name in canaries} == canaries
    assert all("canary" in value for value in canaries.values())


SUITE = """
import pytest

@pytest.mark.real("chezmoi")
def test_marked(): pass

def test_asks(require): require("chezmoi")

@pytest.mark.real("git", "llama-swap")
def test_another(): pass

def test_other(): pass
"""


def outcome(folder, **env):
    """Run a small suite with this conftest on a machine without chezmoi and llama-swap."""
    (folder / "test_suite.py").write_text(SUITE, encoding="utf-8")
    options = [
        "-p",
        "conftest",
        "-p",
        "no:cacheprovider",
        "-o",
        "markers=real",
        "-q",
        "--rootdir",
        str(folder),
    ]
    path = programs.toolbox(folder / "bin")
    done = programs.run(
        [sys.executable, "-m", "pytest", *options, folder / "test_suite.py"],
        env=programs.environment(folder, path=path, PYTHONPATH=str(TESTS), **env),
        cwd=folder,
    )
    return done.returncode, done.stdout.splitlines()


def test_what_is_missing_is_skipped_by_name_and_counted(tmp_path):
    code, lines = outcome(tmp_path)
    assert code == 0
    assert lines[-3:-1] == [
        "2 tests skipped: chezmoi is not on PATH",
        "1 test skipped: llama-swap is not on PATH",
    ]
    assert lines[-1].startswith("1 passed, 3 skipped")


def test_what_is_required_may_not_be_missing(tmp_path):
    code, lines = outcome(tmp_path, CHEZMOI_LLM_REQUIRE="quadlet,chezmoi")
    assert code == 1
    assert "chezmoi is not on PATH, and CHEZMOI_LLM_REQUIRE names it" in lines

"""The embedded engine and chezmoi make the same of the same templates and the same source names."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from realprograms import shipped
from realprograms.chezmoi import Home

from chezmoi_llm.chezmoi.naming import NameProblemError
from chezmoi_llm.engine.errors import EngineError, RenderError
from chezmoi_llm.world.places import rooted
from chezmoi_llm.world.preview import Tree, preview

pytestmark = pytest.mark.real("chezmoi", "gotpl")

DATA = {
    "name": "qwen3:8b",
    "odd": "1e3",
    "hostile": 'Fast & "good" 100% $5 - 日本語 🙂',
    "controls": "a\tb\u0001\u001b\u2028é\u0000",
    "quotes": "a'b\\c`d<e>&f",
    "lines": "one\ntwo\n",
    "integer": 131072,
    "large": 9007199254740993,
    "negative": -1,
    "fraction": 0.7,
    "million": 1000000.0,
    "tiny": 1e-7,
    "huge": 1e21,
    "yes": True,
    "no": False,
    "nothing": None,
    "empty": "",
    "no_items": [],
    "no_keys": {},
    "items": ["a", "b", "c"],
    "numbers": [3, 1, 2],
    "nested": {"b": {"x": 1, "y": [1, "two", None, True]}, "a": "z"},
    "models": [{"name": "a", "ctx": 8192, "tags": ["x", "y"]}, {"name": "b:1", "ctx": 0, "tags": []}],
}

OTHER_FILES = {
    ".chezmoidata.json": json.dumps(DATA),
    ".chezmoidata/llm.json": json.dumps({"llm": {"error": "", "local_models": [{"name": "1e3"}]}}),
    ".chezmoitemplates/part": "[{{ . }}]",
    ".chezmoitemplates/deep/part": '{{ if . }}{{ .name }}{{ else }}none{{ end }}{{ template "inner" }}'
    '{{ define "inner" }}!{{ end }}',
    ".chezmoitemplates/deep/name": "<{{ .name }}>",
    "folder/x": "",
    "folder/a/x": "",
    "folder/a/b/x": "",
    "folder/a.b/x": "",
    "plain.txt": "plain & {{ .name }}\n",
}

CORPUS = Path(__file__).parents[1] / "data" / "templates"


def _sections(file: Path) -> dict[str, str]:
    """Return the templates of a file by name: a line ``=== name`` stands before each."""
    found = (section.partition("\n") for section in f"\n{file.read_text('utf-8')}".split("\n=== ")[1:])
    return {f"{file.stem}: {name}": text.removesuffix("\n") for name, _, text in found}


TEMPLATES = {name: text for file in sorted(CORPUS.glob("*.txt")) for name, text in _sections(file).items()}
SOURCES = {name: f"t{number:03}" for number, name in enumerate(TEMPLATES)}


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> Home:
    """A home to which chezmoi has applied every template that it could render."""
    home = Home.make(tmp_path_factory.mktemp("engines"))
    home.write({f"{SOURCES[name]}.tmpl": f"{text}|" for name, text in TEMPLATES.items()})
    home.write(OTHER_FILES | {".chezmoitemplates/setting": '{{ $_ := set . "new" 1 }}'})
    home.apply("--keep-going")
    return home


def _ours(home: Home, source: str = "") -> Tree:
    """Return what we make of the whole source folder, or of one file in it, in the home's environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in home.env.items():
            patch.setenv(name, value)
        return preview(
            rooted(str(home.source)), {}, str(home.path), only=lambda entry: source in ("", entry.source)
        )


@pytest.mark.parametrize("name", [name for name in TEMPLATES if ": error: " not in name])
def test_both_engines_render_the_same_bytes(both, name):
    ours = _ours(both, f"{SOURCES[name]}.tmpl")

    assert ours.files[SOURCES[name]].content.decode() == (both.path / SOURCES[name]).read_bytes().decode()


@pytest.mark.parametrize("name", [name for name in TEMPLATES if ": error: " in name])
def test_both_engines_refuse_on_the_same_line(both, name):
    chezmois = both.cat(SOURCES[name])
    with pytest.raises(RenderError) as ours:
        _ours(both, f"{SOURCES[name]}.tmpl")

    assert chezmois.returncode == 1
    assert f"{ours.value.template}:{ours.value.line}:" in chezmois.stderr


NAMES = (
    "dot_a private_b private_dot_c executable_d private_executable_dot_e readonly_f empty_g exact_i "
    "executable_private_h private_readonly_j literal_dot_k dot_literal_l m.literal n.tmpl "
    "o.tmpl.literal p.literal.tmpl q.literal.literal create_r create_private_dot_s "
    "create_empty_executable_t symlink_u symlink_dot_v remove_cc literal_remove_dd "
    "readonly_empty_executable_ee private_exact_ff dot_dot_hh literal_literal_ii .ignored "
    ".chezmoiunknown README.md once_jj after_kk external_mm dot_nn.tmpl executable_oo.sh.tmpl "
    "create_pp.tmpl symlink_qq.tmpl private_create_rr dot_config/private_readonly_uu exact_dir/vv "
    "private_exact_dir2/ww exact_private_readonly_dot_dir3/xx literal_dot_dir4/yy dot_é日本 "
    "readonly_private_dir5/zz dot_dir6/.hidden/ab dot_dir6/run_ac.sh run_w.sh run_once_x.sh.tmpl "
    "run_onchange_before_y.sh run_before_z.sh run_after_once_aa run_dot_ss.sh run_literal_tt "
    ".chezmoiscripts/run_af.sh .chezmoiscripts/sub/run_once_after_ag.sh .chezmoiscripts/.hidden "
    "sub/.chezmoiscripts/run_ah.sh .git/config .gitignore a+b@c%d"
)

IGNORED = {
    "name": "b",
    "suffix": "*.bak",
    "anywhere": "**/*.bak",
    "folder": "b/d/**",
    "all below and itself": "b/**",
    "between": "b/**/e",
    "alternatives": "{a,mac/g}/**\nb/{c,d}",
    "class": "[ab]\n[!a-m]*",
    "dots": ".x/y",
    "comment": "a # not b\n# b",
    "brought back": "b/*\n!b/c",
    "only brought back": "!b\n!b/**",
    "template": '{{ if eq .chezmoi.os "none" }}b{{ else }}a{{ end }}',
    "spaces": "   foo bar  ",
    "escaped": "z\\[1\\]",
    "dot slash": "./a\nb/../mac",
    "slash": "/a\nmac/",
    "stars that are no folders": "b**\n**c",
}
TO_BE_IGNORED = ("a", "a.bak", "b/c", "b/c.bak", "b/d/e", "dot_x/y", "foo bar", "z[1]", "mac/g/h")

WHITE_SPACE = ("", " \n\t", "\u00a0", "\u2003\n", "\x85", "\x1c", "\x00", "\x0b\x0c", "\ufeff")


def _both(folder: Path, files: Mapping[str, str]) -> tuple[object, object]:
    """Return what chezmoi wrote for a source folder and what we say it writes; None for an error."""
    home = Home.make(folder)
    home.write(files)
    return _applied(home), _previewed(home)


def _applied(home: Home) -> object:
    done = home.run("archive", "--format", "tar", "--output", str(home.path.parent / "archive"))
    if done.returncode:
        return None
    with tarfile.open(home.path.parent / "archive") as archive:
        return {
            entry.name: entry.linkname
            if entry.issym()
            else (oct(entry.mode), archive.extractfile(entry).read())
            for entry in archive
            if not entry.isdir()
        }


def _previewed(home: Home) -> object:
    try:
        tree = _ours(home)
    except (EngineError, NameProblemError):
        return None
    files = {name: (oct(target.mode), target.content) for name, target in tree.files.items()}
    scripts = {name: ("0o700", script.content) for name, script in tree.scripts.items()}
    return {**files, **tree.links, **scripts}


def test_source_names_have_the_same_targets(tmp_path):
    chezmois, ours = _both(tmp_path, {name: f"content of {name}\n" for name in NAMES.split()})

    assert ours == chezmois


@pytest.mark.parametrize("patterns", IGNORED.values(), ids=IGNORED.keys())
@pytest.mark.parametrize("file", [".chezmoiignore", "b/.chezmoiignore.tmpl"])
def test_the_same_targets_are_ignored(tmp_path, file, patterns):
    chezmois, ours = _both(tmp_path, dict.fromkeys(TO_BE_IGNORED, "x") | {file: f"{patterns}\n"})

    assert ours == chezmois


def test_the_same_targets_are_empty(tmp_path):
    names = {f"w{number}": text for number, text in enumerate(WHITE_SPACE)}
    marked = {f"empty_e{number}": text for number, text in enumerate(WHITE_SPACE)}
    rendered = {
        "t1.tmpl": '{{ "" }}\n',
        "t2.tmpl": "{{ abortEmpty }}x",
        "empty_t3.tmpl": "x{{ abortEmpty }}",
    }
    chezmois, ours = _both(
        tmp_path, names | marked | rendered | {"run_s.sh": " \n", "run_t.sh.tmpl": "{{ 1 }}"}
    )

    assert ours == chezmois


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(["dot_a", "private_dot_a"], id="two files"),
        pytest.param(["dot_config/x", "private_dot_config/y"], id="two folders"),
        pytest.param(["a", "a.tmpl"], id="template and file"),
        pytest.param(["run_a.sh", "a.sh"], id="script and file"),
        pytest.param(["dot_"], id="no name left"),
        pytest.param(["a.tmpl/b", ".tmpl", "run_"], id="no script left"),
        pytest.param([".chezmoiscripts/notes.sh"], id="not a script"),
    ],
)
def test_both_refuse_the_same_names(tmp_path, files):
    assert _both(tmp_path, dict.fromkeys(files, "x")) == (None, None)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(["dot_config/x", "literal_.config/y"], id="folders of the same attributes"),
        pytest.param(["a.tmpl/b", "x/dot_y/z"], id="suffix of a folder"),
    ],
)
def test_both_accept_the_same_names(tmp_path, files):
    chezmois, ours = _both(tmp_path, dict.fromkeys(files, "x"))

    assert ours == chezmois
    assert len(ours) == 2


MODELS = [
    {"name": "1e3", "model": "ollama://smollm:135m", "description": DATA["hostile"]},
    {"name": "qwen3:8b", "model": "hf://Qwen/Qwen3-8B-GGUF", "args": ["--override-kv", "a=str:b c"]},
    {"name": "embed", "model": "hf://nomic-ai/nomic-embed-text-v1.5-GGUF", "kind": "embedding"},
]


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param({}, id="container"),
        pytest.param({"services": {"llama_swap": {"placement": "host"}}}, id="host"),
        pytest.param({"services": {"llama_swap": {"placement": "embedded"}}}, id="embedded"),
        pytest.param({"enabled": False}, id="off"),
    ],
)
def test_shipped_templates_become_the_same_files(tmp_path, stack):
    home = Home.make(tmp_path)
    shipped.put(home, {"local_models": _served(stack), "llm_stack": stack})

    assert _previewed(home) == _applied(home) != {}


def _served(stack: Mapping[str, object]) -> list[dict[str, object]]:
    """Return the models that the placement can serve."""
    is_embedded = "embedded" in str(stack)
    return [model for model in MODELS if not (is_embedded and str(model["model"]).startswith("ollama"))]


def test_data_files_are_merged_in_the_same_order(tmp_path):
    files = {
        ".chezmoidata.json": '{"a": 1, "b": {"x": 1, "y": 1}, "l": [1], "n": 9007199254740993}',
        ".chezmoidata.yaml": "a: 2\nb: {x: 2, z: 2}\nl: [2]\nodd: 1e3\n",
        ".chezmoidata.toml": "a = 3\n[b]\ny = 3\n",
        ".chezmoidata.yml": "c: yml",
        ".chezmoidata/a.json": '{"c": "folder", "a": 9}',
        ".chezmoidata/z/b.jsonc": '{"d": 1, // one\n "e": "//no", }',
        "sub/.chezmoidata.json": '{"d": "sub"}',
        "t.tmpl": '{{ omit . "chezmoi" | toJson }} {{ printf "%T" .n }}',
    }
    chezmois, ours = _both(tmp_path, files)

    assert ours == chezmois


def test_a_folder_may_be_the_root(tmp_path):
    chezmois, ours = _both(
        tmp_path,
        {".chezmoiroot": "home\n", "home/dot_a.tmpl": "{{ .chezmoi.sourceFile }}", "README.md": "x"},
    )

    assert ours == chezmois
    assert list(ours) == [".a"]


def test_files_that_are_links_are_read_and_folders_are_not_entered(tmp_path):
    home = Home.make(tmp_path)
    home.write({"folder/x": "x", "plain": "p"})
    os.symlink("plain", home.source / "dot_link")
    os.symlink("folder", home.source / "other")

    ours = _previewed(home)

    assert ours == _applied(home)
    assert sorted(ours) == [".link", "folder/x", "plain"]

"""A whole source folder: what becomes of it, and what is left alone."""

from __future__ import annotations

import hashlib
import os
import stat

import pytest

from chezmoi_llm.chezmoi.naming import NameProblemError
from chezmoi_llm.engine.errors import RenderError
from chezmoi_llm.world.preview import Script, Target, Tree, preview, write

pytest.importorskip("gotpl", reason="gotpl is not installed")

GUARDED = """\
{{- if not (hasKey . "llm") }}{{ $_ := set . "llm" (output "chezmoi-llm" "expand" | fromJson) }}{{ end -}}
{{- with .llm.error }}{{ fail . }}{{ end -}}
{{- if .llm.files.llama_swap_config -}}
models:
{{- range .llm.local_models }}
  {{ .name | toJson }}: {{ .cmd | toJson }}
{{- end }}
{{ end }}"""

RELOAD = """\
#!/bin/sh
{{ $files := list "dot_config/llama-swap/config.yaml.tmpl" "nope" -}}
{{ range $files }}{{ if stat (joinPath $.chezmoi.sourceDir .) -}}
# {{ includeTemplate . $ | sha256sum }}
{{ end }}{{ end -}}
"""


def _document(*, is_on=True, error=""):
    models = [{"name": "1e3", "cmd": 'a "b" $5'}]
    return {"error": error, "files": {"llama_swap_config": is_on}, "local_models": models}


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"

    def make(files):
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        return folder

    return make


def _preview(folder, data=None, **options):
    return preview(str(folder), data or {}, "/home/me", **options)


def test_templates_read_the_document(source):
    folder = source(
        {
            "dot_config/llama-swap/config.yaml.tmpl": GUARDED,
            ".chezmoiscripts/run_onchange_after_x.sh.tmpl": RELOAD,
        }
    )
    tree = _preview(folder, {"llm": _document()})
    content = b'models:\n  "1e3": "a \\"b\\" $5"\n'
    reload = f"#!/bin/sh\n# {hashlib.sha256(content).hexdigest()}\n".encode()

    assert tree == Tree(
        files={".config/llama-swap/config.yaml": Target(content=content)},
        links={},
        scripts={".chezmoiscripts/x.sh": Script(content=reload, condition="onchange", order="after")},
        skipped={},
    )


def test_templates_may_ask_for_the_document(source):
    folder = source(
        {
            ".chezmoidata/llm.json": '{"llm": {"stale": true}}',
            "x.tmpl": '{{ output "chezmoi-llm" "expand" }}',
        }
    )

    assert _preview(folder, {"llm": {"a": "<1>"}}).files["x"].content == b'{"a":"\\u003c1\\u003e"}'
    assert _preview(folder).files["x"].content == b'{"stale":true}'


def test_a_file_that_is_switched_off_is_absent(source):
    folder = source({"x.tmpl": GUARDED, "empty_y.tmpl": GUARDED, "run_z.sh.tmpl": GUARDED})
    tree = _preview(folder, {"llm": _document(is_on=False)})

    assert (list(tree.files), tree.scripts) == (["y"], {})


def test_an_error_in_the_document_stops_our_files(source):
    folder = source({"x.tmpl": GUARDED})

    with pytest.raises(RenderError) as caught:
        _preview(folder, {"llm": _document(error="run chezmoi-llm check")})

    assert str(caught.value) == "x.tmpl:2:26: error calling fail: run chezmoi-llm check"


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("x", 0o644),
        ("executable_x", 0o755),
        ("private_x", 0o600),
        ("private_executable_x.literal", 0o700),
        ("private_readonly_executable_x", 0o500),
        ("readonly_x", 0o444),
        ("create_private_x", 0o600),
    ],
)
def test_names_give_modes(source, name, mode):
    (target,) = _preview(source({name: "x"})).files.values()

    assert oct(target.mode) == oct(mode)


def test_what_only_chezmoi_can_do_is_named(source):
    names = ["modify_a", "remove_b", "encrypted_c", "external_d/e", "symlink_f", "g"]
    tree = _preview(source(dict.fromkeys(names, " x\n")))

    assert tree.skipped == {
        "modify_a": "changes a file that is there already",
        "remove_b": "removes a file",
        "encrypted_c": "is encrypted",
        "external_d": "is taken over as it is",
    }
    assert (list(tree.files), tree.links) == (["g"], {"f": "x"})


def test_templates_run_nothing_unless_asked(source):
    folder = source({"x.tmpl": '{{ output "printf" "%s" "hi" }}'})

    with pytest.raises(RenderError) as caught:
        _preview(folder)

    assert str(caught.value) == "x.tmpl:1:4: error calling output: printf is not run in a preview"
    assert _preview(folder, commands=True).files["x"].content == b"hi"


OUTSIDE = "a preview reads nothing outside of the source folder and the home"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/etc/passwd", OUTSIDE),
        ("../secret", OUTSIDE),
        ("link/secret", OUTSIDE),
        ("missing", "no such file or directory"),
        ("folder", "is a directory"),
        ("pipe", "it is no regular file"),
    ],
)
def test_templates_read_files_of_the_source_folder_and_the_home_alone(source, tmp_path, name, said):
    folder = source({"x.tmpl": f'{{{{ include "{name}" }}}}', "folder/a": "", "../secret": "hunter2"})
    (folder / "link").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    place = name if name.startswith("/") else f"{folder}/{name}"
    with pytest.raises(RenderError) as caught:
        _preview(folder, only=lambda entry: entry.source == "x.tmpl")
    assert str(caught.value) == f"x.tmpl:1:4: error calling include: open {place}: {said}"


def test_a_link_that_stays_inside_is_followed(source, tmp_path):
    folder = source({"x.tmpl": '{{ include "link" }}', "y": "text"})
    (folder / "link").symlink_to("y")
    outside = tmp_path / "elsewhere"
    outside.symlink_to(folder)
    tree = _preview(outside, only=lambda entry: entry.source == "x.tmpl")
    assert tree.files["x"].content == b"text"


def test_only_what_is_wanted_is_rendered(source):
    folder = source(
        {"dot_a.tmpl": "{{ .chezmoi.sourceFile }} {{ .chezmoi.targetFile }}", "b.tmpl": "{{ .nope }}"}
    )
    tree = _preview(folder, only=lambda entry: entry.target == ".a")

    assert {name: target.content for name, target in tree.files.items()} == {
        ".a": b"dot_a.tmpl /home/me/.a"
    }


def test_given_facts_win(source):
    folder = source({"x.tmpl": "{{ .chezmoi.os }} {{ .chezmoi.hostname }} {{ .chezmoi.homeDir }}"})
    tree = _preview(folder, {"chezmoi": {"os": "plan9", "hostname": "glenda"}})

    assert tree.files["x"].content == b"plan9 glenda /home/me"


def test_warnings_are_kept(source):
    assert _preview(source({"x.tmpl": '{{ warnf "mind %d" 1 }}'})).warnings == ("mind 1",)


def test_bytes_that_are_no_text_survive(source):
    folder = source({"x.tmpl": '{{ include "y" }}\r\n', "y": ""})
    (folder / "y").write_bytes(b"\x00\xff{{\r")
    tree = _preview(folder)

    assert [tree.files[name].content for name in ("x", "y")] == [b"\x00\xff{{\r\r\n", b"\x00\xff{{\r"]


def test_inconsistent_names_are_refused(source):
    with pytest.raises(NameProblemError) as caught:
        _preview(source({"dot_config/x": "1", "private_dot_config/y": "2"}))

    assert str(caught.value) == ".config: inconsistent state (dot_config, private_dot_config)"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (".chezmoidata.yaml", "- 1\n", "the root of a data file must be a mapping"),
        (
            ".chezmoidata/x.json",
            "{",
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
    ],
)
def test_a_broken_data_file_is_named(source, name, text, message):
    folder = source({name: text})

    with pytest.raises(RenderError) as caught:
        _preview(folder)

    assert str(caught.value) == f"{folder}/{name}: {message}"


def test_a_tree_is_written(source, tmp_path):
    tree = _preview(
        source({"dot_a/private_b": "x", "executable_c": "y", "symlink_d": "e", "run_f.sh": "g"})
    )
    out = tmp_path / "out"
    out.mkdir()
    (out / "c").write_text("something longer")

    assert write(tree, str(out)) == (".a/b", "c")
    assert {str(path.relative_to(out)): path.read_text() for path in out.rglob("*") if path.is_file()} == {
        ".a/b": "x",
        "c": "y",
    }
    assert [oct(stat.S_IMODE((out / name).stat().st_mode)) for name in (".a/b", "c")] == ["0o600", "0o755"]


def test_nothing_is_written_beside_the_folder(tmp_path):
    tree = Tree(files={"../out2/x": Target(content=b"x")}, links={}, scripts={}, skipped={})
    with pytest.raises(OSError, match="a link leads out of the folder"):
        write(tree, str(tmp_path / "out"))
    assert not (tmp_path / "out2").exists()


def test_a_link_in_a_files_place_is_not_followed(source, tmp_path):
    tree = _preview(source({"a": "x"}))
    (tmp_path / "precious").write_text("keep")
    (tmp_path / "out").mkdir()
    os.symlink(tmp_path / "precious", tmp_path / "out" / "a")

    with pytest.raises(OSError, match="symbolic links"):
        write(tree, str(tmp_path / "out"))

    assert (tmp_path / "precious").read_text() == "keep"

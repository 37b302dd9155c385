from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezmoi_llm.chezmoi import naming, rootkeys
from chezmoi_llm.chezmoi.naming import File, Folder, Kind, NameProblemError
from chezmoi_llm.scaffold import paste
from chezmoi_llm.world import template_data

FOLDERS = {
    "dot_config": Folder(name=".config"),
    "private_dot_config": Folder(name=".config", private=True),
    "exact_private_readonly_x": Folder(name="x", exact=True, private=True, readonly=True),
    "private_exact_x": Folder(name="exact_x", private=True),
    "literal_dot_x": Folder(name="dot_x"),
    "remove_external_x": Folder(name="x", remove=True, external=True),
    "executable_x": Folder(name="executable_x"),
    "x.tmpl": Folder(name="x.tmpl"),
}

FILES = {
    "README.md": File(name="README.md"),
    "dot_bashrc.tmpl": File(name=".bashrc", template=True),
    "encrypted_private_readonly_empty_executable_dot_x": File(
        name=".x", encrypted=True, private=True, readonly=True, empty=True, executable=True
    ),
    "executable_private_x": File(name="private_x", executable=True),
    "encrypted_x.tmpl.age": File(name="x", encrypted=True, template=True),
    "x.age": File(name="x.age"),
    "literal_run_x": File(name="run_x"),
    "x.literal": File(name="x"),
    "x.tmpl.literal": File(name="x.tmpl"),
    "x.literal.tmpl": File(name="x", template=True),
    "create_private_empty_x": File(name="x", kind=Kind.CREATE, private=True, empty=True),
    "modify_executable_x": File(name="x", kind=Kind.MODIFY, executable=True),
    "modify_empty_x": File(name="empty_x", kind=Kind.MODIFY),
    "remove_private_x": File(name="private_x", kind=Kind.REMOVE),
    "symlink_dot_x.tmpl": File(name=".x", kind=Kind.SYMLINK, template=True),
    "run_x.sh": File(name="x.sh", kind=Kind.SCRIPT, condition="always", order="during"),
    "run_once_after_x.sh": File(name="x.sh", kind=Kind.SCRIPT, condition="once", order="after"),
    "run_onchange_before_x.sh.tmpl": File(
        name="x.sh", kind=Kind.SCRIPT, condition="onchange", order="before", template=True
    ),
    "run_before_once_x": File(name="once_x", kind=Kind.SCRIPT, condition="always", order="before"),
}

SOURCE = (
    "private_dot_config",
    "private_dot_config/exact_containers",
    "private_dot_config/exact_containers/systemd",
    "dot_local",
    ".git/dot_cache",
    ".chezmoiscripts/llm",
)


@pytest.mark.parametrize(("name", "expected"), FOLDERS.items(), ids=FOLDERS.keys())
def test_a_folder_says(name, expected):
    assert naming.folder(name) == expected


@pytest.mark.parametrize(("name", "expected"), FILES.items(), ids=FILES.keys())
def test_a_file_says(name, expected):
    assert naming.file(name) == expected


@pytest.mark.parametrize(
    "name", ["dot_", "run_once_", "private_", ".tmpl", "literal_", "dot_.", "literal_.."]
)
def test_a_name_must_leave_something(name):
    with pytest.raises(NameProblemError) as caught:
        naming.file(name)

    assert str(caught.value) == f"{name!r} names no file or folder"


def test_paths_are_translated_part_by_part():
    assert naming.target_path("private_dot_config/exact_x/executable_run.tmpl") == ".config/x/run"
    assert naming.target_path("dot_bashrc") == ".bashrc"
    assert naming.target_folder("private_dot_config/exact_x.tmpl") == ".config/x.tmpl"
    assert naming.target_folder("") == ""


@pytest.mark.parametrize(
    ("name", "is_special", "is_ignored"),
    [
        (".chezmoiignore", True, False),
        (".chezmoi.yaml.tmpl", True, False),
        (".git", False, True),
        (".llm", False, True),
        ("dot_config", False, False),
    ],
)
def test_dot_names_are_no_targets(name, is_special, is_ignored):
    assert (naming.is_special(name), naming.is_ignored(name)) == (is_special, is_ignored)


@pytest.mark.parametrize(
    ("target", "source"),
    [
        (".config", "dot_config"),
        ("llm", "llm"),
        ("exact_x", "literal_exact_x"),
        ("dot_x", "literal_dot_x"),
        ("run_x", "run_x"),
    ],
)
def test_a_folder_gets_its_plain_name(target, source):
    assert naming.folder_name(target) == source


PARTS = st.text(st.sampled_from("abc._-") | st.characters(exclude_characters="/\0"), min_size=1, max_size=8)
WORDS = st.sampled_from(
    ["", "dot_", "run_", "once_", "private_", "literal_", "empty_", "remove_", "exact_"]
)
TARGET_NAMES = st.builds("{}{}{}{}".format, WORDS, WORDS, PARTS, st.sampled_from(["", ".tmpl", ".literal"]))


@given(TARGET_NAMES.filter(lambda name: name not in (".", "..")))
def test_every_folder_of_the_home_can_be_written(name):
    assert naming.folder(naming.folder_name(name)) == Folder(name=name)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (".config", "private_dot_config"),
        (".config/containers/systemd/llm", "private_dot_config/exact_containers/systemd/llm"),
        (".config/containers/systemd", "private_dot_config/exact_containers/systemd"),
        (".config/litellm", "private_dot_config/litellm"),
        (".local/share", "dot_local/share"),
        (".cache/x", "dot_cache/x"),
        ("exact_x/.y", "literal_exact_x/dot_y"),
    ],
)
def test_a_target_folder_is_found_in_the_source(target, expected):
    assert naming.source_folder(SOURCE, target) == expected


def test_two_source_folders_of_one_target_are_refused():
    with pytest.raises(NameProblemError) as caught:
        naming.source_folder(["private_dot_config", "dot_config"], ".config/litellm")

    assert str(caught.value) == "dot_config and private_dot_config all map to .config"


def test_two_source_folders_of_the_same_attributes_are_one():
    assert naming.source_folder(["literal_.config", "dot_config"], ".config/x") == "dot_config/x"


@pytest.mark.parametrize(
    ("path", "ending"),
    [
        ("home/.chezmoi.yaml.tmpl", "yaml"),
        (".chezmoi.JSONC", "jsonc"),
        ("a.toml", "toml"),
        (".chezmoi.tmpl", "chezmoi"),
    ],
)
def test_the_ending_of_a_config_file_or_its_template(path, ending):
    assert naming.ending(path) == ending


def test_every_format_is_read_everywhere():
    assert set(rootkeys._READERS) == set(naming.FORMATS.values())  # noqa: SLF001
    assert set(template_data._READERS) == {f".{ending}" for ending in naming.FORMATS}  # noqa: SLF001
    assert set(paste._WRITERS) == set(naming.FORMATS.values())  # noqa: SLF001

from __future__ import annotations

import os

import pytest

from chezmoi_llm.world import source_files
from chezmoi_llm.world.failures import CouldNotRunError
from chezmoi_llm.world.stamp import with_folder

TARGET = ".config/containers/systemd/llm/models"
SOURCE = "dot_config/containers/systemd/llm/exact_models"


def unit(name: str, text: str = "") -> dict[str, str]:
    return {f"{name}.container": f"# chezmoi-llm: {name}.container 1\n{text}"}


def update(source, texts, **options) -> bool:
    return source_files.update(source_files.look(str(source), TARGET, texts), **options)


def there(source, folder=SOURCE) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (source / folder).iterdir()}


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


def test_files_are_written_where_they_are_missing_or_other(source):
    assert update(source, unit("a", "1") | unit("b")) is True
    assert there(source) == unit("a", "1") | unit("b")
    assert update(source, unit("a", "1") | unit("b")) is False
    assert update(source, unit("a", "2") | unit("b")) is True
    assert there(source) == unit("a", "2") | unit("b")


def test_a_file_that_is_as_it_should_be_is_not_written_again(source):
    update(source, unit("a"))
    before = (source / SOURCE / "a.container").stat()
    assert update(source, unit("a") | unit("b")) is True
    after = (source / SOURCE / "a.container").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_what_has_gone_is_deleted_and_the_folder_stays(source):
    update(source, unit("a") | unit("b"))
    assert update(source, unit("b")) is True
    assert there(source) == unit("b")
    assert update(source, {}) is True
    assert there(source) == {}
    assert update(source, {}) is False


def test_a_folder_that_was_never_there_is_not_made_for_nothing(source):
    assert update(source, {}) is False
    assert list(source.iterdir()) == []


def test_for_git_an_emptied_folder_has_something_to_keep_it_by(source):
    assert update(source, {}, for_git=True) is False
    assert list(source.iterdir()) == []
    update(source, unit("a"), for_git=True)
    assert update(source, {}, for_git=True) is True
    assert there(source) == {".keep": ""}


@pytest.mark.parametrize(
    ("folders", "found"),
    [
        ([], SOURCE),
        (["private_dot_config"], "private_dot_config/containers/systemd/llm/exact_models"),
        (
            ["exact_dot_config/private_containers/exact_systemd"],
            "exact_dot_config/private_containers/exact_systemd/llm/exact_models",
        ),
        (
            ["dot_config/containers/systemd/llm/exact_private_models"],
            "dot_config/containers/systemd/llm/exact_private_models",
        ),
        (["dot_confi", "dot_", ".config", "dot_config/.containers"], SOURCE),
    ],
    ids=["new", "private", "exact", "another attribute", "names that mean something else"],
)
def test_files_go_into_the_folder_that_maps_to_the_target(source, folders, found):
    for folder in folders:
        (source / folder).mkdir(parents=True)
    update(source, unit("a"))
    assert there(source, found) == unit("a")
    assert sum(len(files) for _, _, files in os.walk(source)) == 1


def test_a_folder_that_chezmoi_could_not_use_is_named(source):
    for folder in ("dot_config", "private_dot_config"):
        (source / folder).mkdir()
    problem = "the source folder cannot be used: dot_config and private_dot_config all map to .config"
    with pytest.raises(CouldNotRunError, match=problem):
        update(source, unit("a"))


def test_a_folder_that_would_let_units_outlive_their_models_is_refused(source):
    folder = source / "dot_config/containers/systemd/llm/models"
    folder.mkdir(parents=True)
    problem = "models is not exact_, so what goes would stay; rename it to exact_models"
    with pytest.raises(CouldNotRunError, match=problem):
        update(source, unit("a"))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["mine.container", "ramalama-x.container", "README.md", ".hidden"])
def test_a_file_of_the_persons_own_stays(source, name):
    update(source, unit("a"))
    (source / SOURCE / name).write_text("# chezmoi-llm: other.container 1\n")
    update(source, {})
    assert list(there(source)) == [name]


@pytest.mark.parametrize("make", ["file", "folder", "link", "link to ours"])
def test_what_is_in_the_place_of_ours_is_not_touched(source, make):
    outside = source / "outside"
    outside.write_text(unit("a")["a.container"] if make == "link to ours" else "mine\n")
    update(source, unit("b"))
    place = source / SOURCE / "a.container"
    if make == "file":
        place.write_text("mine\n")
    elif make == "folder":
        place.mkdir()
    else:
        place.symlink_to(outside)
    before = outside.read_text()
    with pytest.raises(PermissionError, match=r"a\.container is not of chezmoi-llm; move it away"):
        update(source, unit("a", "new"))
    update(source, {})
    assert outside.read_text() == before
    assert [path.name for path in (source / SOURCE).iterdir()] == ["a.container"]


@pytest.mark.parametrize("link", ["dot_config", SOURCE], ids=["above", "the folder"])
def test_no_symbolic_link_is_followed(source, tmp_path, link):
    outside = tmp_path / "outside"
    outside.mkdir()
    (source / link).parent.mkdir(parents=True, exist_ok=True)
    (source / link).symlink_to(outside)
    assert update(source, {}) is False
    folder = outside / SOURCE.removeprefix(link).strip("/")
    folder.mkdir(parents=True, exist_ok=True)
    with pytest.raises(PermissionError, match="outside of"):
        source_files.update(source_files.look(str(source), TARGET, {}), for_git=True)
    assert list(folder.iterdir()) == []
    for name in ("a.container", "gone.container"):
        (folder / name).write_text(f"# chezmoi-llm: {name} 1\n")
    for texts in (unit("a", "new"), {}):
        with pytest.raises(PermissionError, match=f"{SOURCE} leads through a symbolic link"):
            update(source, texts)
    assert sorted(path.name for path in folder.iterdir()) == ["a.container", "gone.container"]
    assert (folder / "a.container").read_text() == "# chezmoi-llm: a.container 1\n"


def test_a_source_folder_that_is_itself_a_link_is_fine(source, tmp_path):
    (tmp_path / "link").symlink_to(source)
    assert update(tmp_path / "link", unit("a")) is True
    assert there(source) == unit("a")


def test_looking_changes_nothing(source):
    folder = source_files.look(str(source), TARGET, unit("a"))
    assert (folder.is_current, list(source.iterdir())) == (False, [])
    source_files.update(folder)
    assert source_files.look(str(source), TARGET, unit("a")).is_current
    assert not source_files.look(str(source), TARGET, {}).is_current


SEEN = (
    "1 2 /helper\n"
    "cksum: /d/.chezmoidata.*: No such file or directory\n"
    "5 6 /d/models/gone\n"
    "cksum: '/d/models/*': No such file or directory\n"
    "cksum: /d/models: No such file or directory\n"
    "5 6 /d/models2/x\n"
    "7 8 /d/llm.json"
)


def test_the_stamp_holds_a_folder_as_the_script_will_see_it():
    assert with_folder(SEEN, "/d/models", {"b": b"", "a": b"abc"}) == (
        "1 2 /helper\n"
        "cksum: /d/.chezmoidata.*: No such file or directory\n"
        "5 6 /d/models2/x\n"
        "7 8 /d/llm.json\n"
        "1219131554 3 /d/models/a\n"
        "4294967295 0 /d/models/b"
    )

"""The data files of a source folder, and what git says of them, in folders that may be anybody's."""

from __future__ import annotations

import subprocess

import pytest

from chezmoi_llm.world import datafiles

DATA = ".chezmoidata"


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    (folder / DATA / "sub").mkdir(parents=True)
    (folder / DATA / "sub/a.yaml").write_text("a: 1\n")
    return folder


def named(source):
    return [path.removeprefix(f"{source}/") for path in datafiles.others(str(source))]


@pytest.mark.parametrize("name", ["loop", "loop.yaml"])
def test_a_link_to_a_folder_inside_the_data_folder_is_not_looked_into(source, name):
    (source / DATA / name).symlink_to(".")
    assert named(source) == [f"{DATA}/sub/a.yaml"]


def test_links_to_files_and_a_data_folder_that_is_one_are_read(source, tmp_path):
    (tmp_path / "b.yaml").write_text("b: 1\n")
    (source / DATA / "b.yaml").symlink_to(tmp_path / "b.yaml")
    (source / DATA).rename(tmp_path / "elsewhere")
    (source / DATA).symlink_to(tmp_path / "elsewhere")
    assert named(source) == [f"{DATA}/b.yaml", f"{DATA}/sub/a.yaml"]


@pytest.mark.real("git")
@pytest.mark.parametrize("is_bare", [True, False], ids=["as files of another", "of its own"])
def test_git_starts_no_program_that_a_repository_names(source, tmp_path, is_bare):
    started = tmp_path / "started"
    git = source if is_bare else source / ".git"
    for folder in ("objects", "refs"):
        (git / folder).mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    monitor = f"touch {started}; false"
    work_tree = source if is_bare else ".."
    settings = ("repositoryformatversion = 0", "bare = false", f"worktree = {work_tree}")
    (git / "config").write_text("\n".join(["[core]", *settings, f'fsmonitor = "{monitor}"', ""]))
    # git asks the program only where there is an index
    plain = ["git", "-c", "core.fsmonitor=false", f"--git-dir={git}", f"--work-tree={source}", "add", DATA]
    subprocess.run(plain, check=True, cwd=source)
    subprocess.run(["git", "-C", source, "ls-files"], check=True, capture_output=True)
    assert started.exists(), "git does not work as this test thinks"
    started.unlink()
    datafiles.tracked(str(source))
    datafiles.is_exposed(str(source))
    assert not started.exists()


@pytest.mark.real("git")
def test_what_git_tracks(source):
    for words in (["init", "-q"], ["add", DATA]):
        subprocess.run(["git", "-C", source, *words], check=True)
    assert datafiles.tracked(str(source)) == {f"{DATA}/sub/a.yaml"}

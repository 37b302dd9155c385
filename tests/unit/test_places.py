"""Where the person's source folder is."""

from __future__ import annotations

import pytest

from chezmoi_llm.world import places


@pytest.mark.parametrize(
    ("said", "inside"),
    [("home\n", "home"), ("/home/", "home"), ("/etc", "etc"), ("a/../b", "b"), ("", "")],
    ids=["a folder", "slashes", "an absolute path", "there and back", "nothing"],
)
def test_chezmoiroot_names_a_folder_below_the_repository(tmp_path, said, inside):
    (tmp_path / ".chezmoiroot").write_text(said)
    assert places.rooted(str(tmp_path)) == str(tmp_path / inside)


def test_without_chezmoiroot_the_repository_is_the_source_folder(tmp_path):
    assert places.rooted(f"{tmp_path}") == f"{tmp_path}"

"""Where the person's source folder is."""

from __future__ import annotations

import pytest

from chezmoi_llm.world import places
from chezmoi_llm.world.failures import CouldNotRunError


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


def test_no_folder_has_a_nul_in_its_name(tmp_path):
    (tmp_path / ".chezmoiroot").write_bytes(b"a\0b")
    with pytest.raises(CouldNotRunError, match=r"names no folder: it has a NUL in it$"):
        places.rooted(str(tmp_path))

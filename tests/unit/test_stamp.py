from __future__ import annotations

import pytest

from chezmoi_llm.chezmoi.truth import Pair
from chezmoi_llm.world.stamp import Memory, Shelf, cksum, with_checksum

SEEN = """\
7 -rwxr-xr-x 1 0 0 229 Nov 21 00:51 /bin/chezmoi-llm
cksum: '/s/.chezmoidata.*': No such file or directory
332 299 /s/.chezmoi.yaml.tmpl
111 5 /s/.chezmoidata/llm.jsonc
"""


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 4294967295),
        (b"a", 1220704766),
        (b"chezmoi\n", 4293953663),
        (bytes(range(256)) * 300, 821533005),
    ],
    ids=["nothing", "one byte", "a line", "76800 bytes"],
)
def test_checksums_are_those_of_posix_cksum(data, expected):
    assert cksum(data) == expected


@pytest.mark.parametrize(
    "last",
    [
        pytest.param("222 9 /s/.chezmoidata/llm.json", id="it was another"),
        pytest.param("cksum: /s/.chezmoidata/llm.json: No such file or directory", id="it was not there"),
        pytest.param("cksum: '/s/.chezmoidata/llm.json': No such file or directory", id="quoted"),
    ],
)
def test_what_is_seen_next_time_has_the_document_as_it_is_now(last):
    assert (
        with_checksum(f"{SEEN}{last}", "/s/.chezmoidata/llm.json", b"a")
        == f"{SEEN}1220704766 1 /s/.chezmoidata/llm.json"
    )


@pytest.fixture
def shelf(tmp_path):
    return Shelf(cache_dir=str(tmp_path / "cache"), source_dir="/s/é dir")


def test_what_is_remembered_is_recalled(shelf):
    memory = Memory(pair=Pair(template="t", config="c"), shown=frozenset({"x", "y"}))
    shelf.remember(memory)
    assert shelf.recall() == memory


def test_nothing_is_recalled_where_nothing_was_remembered(shelf):
    assert shelf.recall() == Memory()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pair": {"a": 1}}', '{"shown": 1}', "\xff"])
def test_a_memory_that_cannot_be_read_is_none(shelf, tmp_path, text):
    shelf.remember(Memory())
    (tmp_path / "cache/chezmoi-llm/s/é dir/memory.json").write_bytes(text.encode("latin-1"))
    assert shelf.recall() == Memory()


def test_a_stamp_is_the_watched_paths_and_what_was_seen(shelf, tmp_path):
    shelf.stamp("1 2 /f\n3 4 /g", ["/a b", "/c"])
    stamp = tmp_path / "cache/chezmoi-llm/s/é dir/stamp"
    assert stamp.read_text(encoding="utf-8") == "/a b\n/c\n\n1 2 /f\n3 4 /g\n"
    assert stamp.stat().st_mode & 0o777 == 0o600
    assert stamp.parent.stat().st_mode & 0o777 == 0o700
    shelf.unstamp()
    assert not stamp.exists()


@pytest.mark.parametrize("other", ["", "another", "é dir/inside"])
def test_nothing_is_left_of_what_is_forgotten_and_others_stay(shelf, tmp_path, other):
    kept = Shelf(cache_dir=shelf.cache_dir, source_dir=f"/s/{other}")
    if other:
        kept.remember(Memory())
    shelf.remember(Memory())
    shelf.stamp("1 2 /f", [])
    shelf.clear()
    left = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()]
    assert left == ([f"cache/chezmoi-llm/s/{other}/memory.json"] if other else [])
    assert (tmp_path / "cache/chezmoi-llm").exists() is bool(other)
    shelf.clear()


@pytest.mark.parametrize(
    ("seen", "watched"),
    [pytest.param("", ["/a"], id="nothing was seen"), pytest.param("1 2 /f", ["/a\nb"], id="a line end")],
)
def test_in_doubt_there_is_no_stamp(shelf, tmp_path, seen, watched):
    shelf.stamp(seen, watched)
    assert not list(tmp_path.rglob("stamp"))


def test_without_a_cache_nothing_is_kept():
    shelf = Shelf(cache_dir="", source_dir="/s")
    shelf.remember(Memory(shown=frozenset({"x"})))
    shelf.stamp("1 2 /f", [])
    shelf.unstamp()
    assert shelf.recall() == Memory()

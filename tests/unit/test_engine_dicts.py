from __future__ import annotations

import pytest

from chezmoi_llm.engine import dicts


@pytest.mark.parametrize(
    ("path", "target", "expected"),
    [
        ("a", {}, {"a": 5}),
        ("a.b", {"a": {"c": 1}}, {"a": {"b": 5, "c": 1}}),
        ("a.b", {"a": "text"}, {"a": {"b": 5}}),
        (["a.b", "c"], {}, {"a.b": {"c": 5}}),
        ("a", None, {"a": 5}),
    ],
)
def test_a_value_is_set_at_its_path(path, target, expected):
    assert dicts.set_value_at_path(path, 5, target) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.b", {"a": {}, "c": 1}),
        ("c", {"a": {"b": 2}}),
        ("a.x", {"a": {"b": 2}, "c": 1}),
        ("c.x.y", {"a": {"b": 2}, "c": 1}),
    ],
)
def test_a_value_is_deleted_at_its_path(path, expected):
    assert dicts.delete_value_at_path(path, {"a": {"b": 2}, "c": 1}) == expected


def test_empty_mappings_are_pruned():
    assert dicts.prune_empty_dicts({"a": {"b": {}}, "c": {"d": 1}, "e": []}) == {"c": {"d": 1}, "e": []}


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("", ValueError, "empty path"),
        ([], ValueError, "empty path"),
        (None, ValueError, "empty path"),
        ("a..b", ValueError, "empty path element at index 1"),
        (["a", ""], ValueError, "empty path element at index 1"),
        (5, TypeError, "5: invalid path type"),
        (["a", 5], TypeError, "5: invalid path element type"),
    ],
)
def test_a_bad_path_is_refused(path, error, message):
    with pytest.raises(error) as caught:
        dicts.keys(path)

    assert str(caught.value) == message

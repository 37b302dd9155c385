from __future__ import annotations

import pytest

from chezmoi_llm.engine import patterns
from chezmoi_llm.engine.errors import PatternProblemError
from chezmoi_llm.engine.patterns import PatternSet

PATHS = ("a", "a.bak", "b", "b/c", "b/c.bak", "b/d/e", "b/d/f/g", "x y", "z[1]", "é", "a-z", "a]")

MATCHES = {
    "a": ["a"],
    "*": ["a", "a.bak", "b", "x y", "z[1]", "é", "a-z", "a]"],
    "*.bak": ["a.bak"],
    "**/*.bak": ["a.bak", "b/c.bak"],
    "**": list(PATHS),
    "b/**": ["b", "b/c", "b/c.bak", "b/d/e", "b/d/f/g"],
    "b/**/e": ["b/d/e"],
    "b/**/**/g": ["b/d/f/g"],
    "**/d/**": ["b/d/e", "b/d/f/g"],
    "b**": ["b"],
    "b/?": ["b/c"],
    "?": ["a", "b", "é"],
    "[ab]": ["a", "b"],
    "[!a-y]": ["é"],
    "[^a]": ["b", "é"],
    "a[\\]]": ["a]"],
    "a[\\-q]z": ["a-z"],
    "z\\[1\\]": ["z[1]"],
    "z[[]1]": ["z[1]"],
    "{a,b/c}": ["a", "b/c"],
    "b/{c,d/{e,f/g}}": ["b/c", "b/d/e", "b/d/f/g"],
    "{,b/}c": ["b/c"],
    "b/{d/**/g,c}": ["b/c", "b/d/f/g"],
    "x y": ["x y"],
    ".": [],
}


@pytest.mark.parametrize(("pattern", "expected"), MATCHES.items(), ids=MATCHES.keys())
def test_a_pattern_matches(pattern, expected):
    assert [path for path in PATHS if patterns.matches(pattern, path)] == expected


@pytest.mark.parametrize("pattern", ["[", "[]a]", "[a", "{a", "{a,{b}", "a\\", "[!]"])
def test_a_broken_pattern_is_refused(pattern):
    with pytest.raises(PatternProblemError) as caught:
        patterns.matches(pattern, "a")

    assert str(caught.value) == f"{pattern}: invalid pattern"


@pytest.mark.parametrize(
    ("lines", "folder", "matched"),
    [
        pytest.param(["a # not b", "# b", "", "   é  "], "", ["a", "é"], id="comments and space"),
        pytest.param(["a   # not b", f"b{' ' * 99_999}c"], "", ["a"], id="many blanks"),
        pytest.param(["b/*", "!b/c"], "", ["b/c.bak"], id="brought back"),
        pytest.param(
            ["!b", "!b/**"], "", ["a", "a.bak", "x y", "z[1]", "é", "a-z", "a]"], id="only brought back"
        ),
        pytest.param(
            ["d/e", "./c", "/c.bak", "../a"], "b", ["a", "b/c", "b/c.bak", "b/d/e"], id="in a folder"
        ),
        pytest.param([], "", [], id="none"),
    ],
)
def test_a_set_of_patterns_matches(lines, folder, matched):
    found = PatternSet().joined(lines, folder)

    assert [path for path in PATHS if found.matches(path)] == matched


def test_a_set_grows_and_refuses_a_broken_line():
    found = PatternSet().joined(["a"], "").joined(["c"], "b")

    assert found == PatternSet(include=frozenset({"a", "b/c"}))
    with pytest.raises(PatternProblemError):
        found.joined(["["], "")

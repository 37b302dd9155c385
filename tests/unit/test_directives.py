from __future__ import annotations

import pytest

from chezmoi_llm.chezmoi import directives

LINE = "# chezmoi:template:left-delimiter=[[ right-delimiter=]]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\n", ()),
        (LINE, (("left-delimiter", "[["), ("right-delimiter", "]]"))),
        ("x chezmoi:template:a=1\n{{/* chezmoi:template:b=2 */}}", (("a", "1"), ("b", "2"))),
        ('chezmoi:template:left-delimiter="# {{" right-delimiter="\\u007d}"', None),
        ("chezmoi:template: missing-key=zero\r\nrest=1", (("missing-key", "zero"),)),
        ('chezmoi:template:a="b', (("a", '"b'),)),
    ],
    ids=["none", "two", "in comments", "quoted", "of its line alone", "half a quote"],
)
def test_what_the_lines_say(text, said):
    quoted = (("left-delimiter", "# {{"), ("right-delimiter", "}}"))
    assert directives.settings(text) == (quoted if said is None else said)


@pytest.mark.parametrize(
    ("text", "found"),
    [(LINE, ("[[", "]]")), ("{{ a }}", ("{{", "}}")), ("chezmoi:template:left-delimiter=<<", ("<<", "}}"))],
    ids=["both", "the usual", "one"],
)
def test_delimiters(text, found):
    assert directives.delimiters(text) == found


def test_the_lines_go_with_their_ends():
    other = "# chezmoi:template:x=1\r\n"
    text = f"a\n{LINE}b\r\n{other}c"

    assert directives.without(text) == "a\nb\r\nc"
    assert [text[start:end] for start, end in directives.spans(text)] == [
        LINE,
        "# chezmoi:template:x=1\r\n",
    ]

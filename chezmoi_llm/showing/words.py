"""How messages show values, lists and near misses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

LONGEST_SHOWN = 60
"""Characters of a value that a message repeats."""

SHORT, ONE_OF_THREE = 3, 0.66
"""Letters of a word so short that one wrong letter is a third of it, and how alike it is then."""


def shown(value: Any) -> str:
    """Return a value as a message shows it: one short line, without control characters."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case int() | float():
            return _short(str(value))
        case _:
            from chezmoi_llm.showing.veil import veiled  # noqa: PLC0415  only where something is said

            return _short(repr(veiled(str(value))))


def visible(text: str, *, besides: str = "\t") -> str:
    """Return a text without what moves the cursor of a terminal, or colours it, except what is ``besides``.

    Bytes of a file's name that are no UTF-8 stay as ``os.fsdecode`` reads them.
    """
    if text.isprintable():
        return text
    return "".join(char if _is_tame(char) or char in besides else "\ufffd" for char in text)


def _is_tame(char: str) -> bool:
    return char.isprintable() or "\udc80" <= char <= "\udcff"


def _short(text: str) -> str:
    if len(text) <= LONGEST_SHOWN:
        return text
    return f"{text[: LONGEST_SHOWN - 1]}… ({len(text)} characters)"


def listed(words: Iterable[Any], *, last: str) -> str:
    """Join words as in a sentence: ``a``, ``a or b``, ``a, b or c``."""
    texts = [str(word) for word in words]
    *first, end = texts or [""]
    return f"{', '.join(first)} {last} {end}" if first else end


def counted(number: int, word: str) -> str:
    """Return a number of things: ``1 file``, ``2 files``."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def did_you_mean(word: Any, choices: Sequence[str], *, cutoff: float = 0.7) -> str:
    """Return a hint with the nearest choice, or nothing where none is near."""
    if not isinstance(word, str):
        return ""
    by_lower = {choice.lower(): choice for choice in choices}
    wanted = word.lower()[:128]
    cutoff = min(cutoff, ONE_OF_THREE) if len(wanted) == SHORT else cutoff
    near = nearest(wanted, by_lower, most=1, cutoff=cutoff) or _begun(wanted, by_lower)
    return f"did you mean {by_lower[near[0]]!r}?" if near else ""


def _begun(word: str, choices: Iterable[str]) -> list[str]:
    """Return the longest choice that a word begins with: temperature is temp, chatting is chat."""
    begun = [choice for choice in choices if len(choice) > SHORT and word.startswith(choice)]
    return sorted(begun, key=len)[-1:]


def only_near(word: str, choices: Sequence[str], *, cutoff: float = 0.8) -> str:
    """Return the one choice that is near a word, or nothing where there is none, or more than one.

    Near is what is as like it as ``cutoff``, and what one slip of a finger makes of it.
    """
    wanted = word.lower()[:128]
    slips = [choice for choice in choices if _is_slip(wanted, choice)]
    near = {*slips, *nearest(wanted, choices, most=2, cutoff=cutoff)}
    return near.pop() if len(near) == 1 else ""


def _is_slip(word: str, other: str) -> bool:
    """Say whether two words differ in one letter, added, lost or wrong, or in two that changed places."""
    if min(len(word), len(other)) < SHORT or abs(len(word) - len(other)) > 1:
        return False
    letters = enumerate(zip(word, other, strict=False))
    same = next((at for at, (one, two) in letters if one != two), min(len(word), len(other)))
    one, two = word[same:], other[same:]
    swapped = one[:2] == two[1::-1] and one[2:] == two[2:]
    return swapped or one[1:] == two[1:] or one[1:] == two or one == two[1:]


def nearest(word: str, choices: Iterable[str], *, most: int, cutoff: float) -> list[str]:
    """Return the choices that are at least as like a word as ``cutoff``, the nearest first.

    Likeness is that of ``difflib.SequenceMatcher.ratio``, from 0 to 1. Its bound by the letters that
    both words have is taken first: the hook asks this of every key of the config file.
    """
    able = [choice for choice in choices if _most_alike(word, choice) >= cutoff]
    if not able:
        return []
    from difflib import get_close_matches  # noqa: PLC0415  only where there is a typo

    return get_close_matches(word, able, n=most, cutoff=cutoff)


def _most_alike(word: str, other: str) -> float:
    shared = sum(min(word.count(letter), other.count(letter)) for letter in set(word))
    return 2 * shared / (len(word) + len(other) or 1)

"""Makes YAML as people write it, at random from a seed: every style of text, list and mapping."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

WORDS = ("qwen3:8b", "a", "x y", "it's", "né", "日本", "🙂", "a#b", "50%", "C:\\dir", "ollama://a:1")
NUMBERS = (
    "-1.5",
    "1_000",
    "0o17",
    "0x1f",
    "1e3",
    "1.0e+3",
    "017",
    "+5",
    ".5",
    "1:30",
    "2026-01-31",
    "9999999999999999999",
)
PLAIN = (*WORDS, *NUMBERS, "yes", "~", "null", "True", "off")
QUOTED = (
    '"\\u00e9\\n\\t"', '"a\\\\b"', '"\\x41"', '"\\U0001f642"', '"\\ud83d\\ude42"', '""', "''", "'it''s'",
    '"# no comment"', "': '", '"{a: b}"', "'- a'", '"yes"', "'5'",
)  # fmt: skip
COMMENTS = ("", "", "", " # c", "\t# t", " #", ' # {a: ["b')
DEEPEST = 4

T = TypeVar("T")


class Maker:
    """Writes one mapping; every key and every anchor in it is new."""

    def __init__(self, seed: int) -> None:
        """Start from a seed: the same seed gives the same mapping."""
        self.random = random.Random(seed)  # noqa: S311  no secret
        self.number = 0
        self.seed = seed
        self.anchors: list[str] = []

    def mapping(self, indent: int, depth: int = 0) -> list[str]:
        """Return the lines of a block mapping."""
        lines: list[str] = []
        for _ in range(self.random.randint(1, 5)):
            lines += self.silent(indent) + self.member(indent, depth)
        return lines

    def key(self) -> str:
        self.number += 1
        name = f"k{self.number}"
        return self.chance(
            (name, name, name, f"'{name}'", f'"{name}"', f"{name} b", f"{name}-é", f"0x{self.number:x}0")
        )

    def name(self) -> str:
        self.number += 1
        return f"n{self.seed}_{self.number}"

    def chance(self, ways: Sequence[T]) -> T:
        return self.random.choice(ways)

    def silent(self, indent: int) -> list[str]:
        """Return lines that say nothing."""
        return self.chance(([], [], [], [""], ["# c"], [" " * indent + "# c: d"], ["", "#", ""]))

    def member(self, indent: int, depth: int) -> list[str]:
        """Return the lines of a key and its value."""
        pad, key = " " * indent, self.key()
        kind = self.random.random()
        if depth > DEEPEST or kind < 0.4:
            return [f"{pad}{key}:{self.chance((' ', '  '))}{self.inline()}{self.chance(COMMENTS)}"]
        if kind < 0.55:
            step = self.chance((1, 2, 4))
            return [f"{pad}{key}:{self.chance(COMMENTS)}", *self.mapping(indent + step, depth + 1)]
        if kind < 0.7:
            step = self.chance((0, 2))
            return [f"{pad}{key}:{self.chance(COMMENTS)}", *self.listing(indent + step, depth + 1)]
        if kind < 0.85:
            return self.text(f"{pad}{key}: ", indent)
        return self.over_lines(f"{pad}{key}: ", indent)

    def listing(self, indent: int, depth: int) -> list[str]:
        """Return the lines of a block list."""
        lines: list[str] = []
        for _ in range(self.random.randint(1, 4)):
            pad, kind = " " * indent, self.random.random()
            if depth > DEEPEST or kind < 0.4:
                lines.append(f"{pad}- {self.inline()}{self.chance(COMMENTS)}")
            elif kind < 0.7:
                first, *others = self.mapping(indent + 2, depth + 1)
                while not first.strip() or first.strip().startswith("#"):
                    first, *others = others
                lines += [f"{pad}- {first.lstrip()}", *others]
            elif kind < 0.8:
                lines += [f"{pad}-{self.chance(COMMENTS)}", *self.mapping(indent + 2, depth + 1)]
            elif kind < 0.9:
                first, *others = self.listing(indent + 2, depth + 1)
                lines += [f"{pad}- {first.lstrip()}", *others]
            else:
                lines += self.text(f"{pad}- ", indent)
        return lines

    def inline(self) -> str:
        """Return a value on one line: plain, in quotes, in brackets, or an alias."""
        kind = self.random.random()
        if kind < 0.5:
            return self.chance(PLAIN)
        if kind < 0.7:
            return self.chance(QUOTED)
        if kind < 0.9:
            return self.flow(0)
        if kind < 0.95:
            name = self.name()
            self.anchors.append(name)
            return f"&{name} {self.chance((*PLAIN, *QUOTED))}"
        return f"*{self.chance(self.anchors)}" if self.anchors else "a"

    def flow(self, depth: int) -> str:
        """Return a list in brackets or a mapping in braces."""
        words = [
            word for word in (*WORDS, *NUMBERS, *QUOTED) if not set(word) & set("[]{},") or word[0] in "'\""
        ]
        values = [
            self.flow(depth + 1) if depth < 2 and self.random.random() < 0.2 else self.chance(words)
            for _ in range(self.random.randint(0, 4))
        ]
        if depth == 0 and self.random.random() < 0.2:
            pad = " " * 40
            return (
                "[\n" + "".join(f"{pad}{value},{self.chance(COMMENTS)}\n" for value in values) + pad + "]"
            )
        if self.chance((True, False)):
            return f"[{self.chance((', ', ',', ' , ')).join(values)}]"
        return "{" + ", ".join(f"{self.flow_key()}: {value}" for value in values) + "}"

    def flow_key(self) -> str:
        self.number += 1
        return self.chance((f"f{self.number}", f"'f {self.number}'", f'"f{self.number}"'))

    def text(self, head: str, indent: int) -> list[str]:
        """Return the lines of a block of text, literal or folded."""
        sign = self.chance(("|", ">")) + self.chance(("", "-", "+"))
        pad = " " * (indent + 2)
        lines = [
            self.chance(("a", "b: c", "# d", "- e", "", "  f", "g # h", "'i", "{{ j }}")) for _ in range(3)
        ]
        return [f"{head}{sign}", f"{pad}first", *(f"{pad}{line}" if line else "" for line in lines)]

    def over_lines(self, head: str, indent: int) -> list[str]:
        """Return the lines of a text that goes on below its first line."""
        pad = " " * (indent + 2)
        quote = self.chance(("", "'", '"'))
        middle = self.chance(([], [""], ["b c"]))
        return [f"{head}{quote}a", *(f"{pad}{line}" if line else "" for line in middle), f"{pad}d{quote}"]


def texts(seeds: Sequence[int]) -> dict[str, str]:
    """Return the mapping of each seed as the text of a member, by its key."""
    made = {seed: "\n".join([f"  s{seed}:", *Maker(seed).mapping(4)]) for seed in seeds}
    return {
        f"s{seed}": text.replace("\n", "\r\n") if seed % 4 == 3 else text for seed, text in made.items()
    }

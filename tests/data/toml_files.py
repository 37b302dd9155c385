"""Makes TOML as people write it, at random from a seed: every kind of value, table and list of tables."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

VALUES = (
    '"a # b"', "'C:\\dir'", '"\\u00e9\\t\\"\\U0001f642"', "''", '"""a\n  b\\\n   c"""', "'''\n'a' b'''",
    "1_000", "-5", "0x1F", "0o17", "0b101", "+7", "1.5", "-0.25e3", "6.02e+23", "true", "false",
)  # fmt: skip
COMMENTS = ("", "", " # c", "\t# [t]", ' # "')
DEEPEST = 2

T = TypeVar("T")


class Maker:
    """Writes the tables below one name; every key in it is new."""

    def __init__(self, seed: int) -> None:
        """Start from a seed: the same seed gives the same text."""
        self.random = random.Random(seed)  # noqa: S311  no secret
        self.number = 0

    def tables(self, name: str) -> list[str]:
        """Return the lines of a table and of those below it."""
        lines = [f"[{name}]{self.chance(COMMENTS)}", *self.members()]
        for _ in range(self.random.randint(0, 3)):
            inner = f"{name}.{self.key()}"
            if self.chance((True, False)):
                lines += ["", f"[ {inner} ]", *self.members()]
            else:
                for _ in range(self.random.randint(1, 3)):
                    lines += [f"[[{inner}]]{self.chance(COMMENTS)}", *self.members()]
        return lines

    def members(self) -> list[str]:
        pad = self.chance(("", "  ", "\t"))
        return [
            f"{pad}{self.key()}{self.chance(('=', ' = ', '  ='))}{self.value(0)}{self.chance(COMMENTS)}"
            if self.random.random() < 0.9
            else self.chance(("", "# c = 1", f"{pad}#"))
            for _ in range(self.random.randint(1, 4))
        ]

    def key(self) -> str:
        self.number += 1
        name = f"k{self.number}"
        return self.chance(
            (name, name, f"'{name} a'", f'"{name}.é"', f"{name}.b", f"{name} . c", f"{name}-1")
        )

    def value(self, depth: int) -> str:
        kind = self.random.random()
        if depth > DEEPEST or kind < 0.6:
            return self.chance(VALUES)
        values = [self.value(depth + 1) for _ in range(self.random.randint(0, 3))]
        if kind < 0.8:
            return f"[{', '.join(values)}]"
        if kind < 0.9 and depth == 0:
            return "[\n" + "".join(f"  {value},{self.chance(COMMENTS)}\n" for value in values) + "]"
        flat = (value for value in values if "\n" not in value)
        return "{" + ", ".join(f"{self.key()} = {value}" for value in flat) + "}"

    def chance(self, ways: Sequence[T]) -> T:
        return self.random.choice(ways)


def texts(seeds: Sequence[int]) -> dict[str, str]:
    """Return the tables of each seed, by the key below ``data`` that they are under."""
    return {f"s{seed}": "\n".join([*Maker(seed).tables(f"data.s{seed}"), ""]) for seed in seeds}

"""Makes config templates as people write them, at random from a seed: every block, trim and style."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

CONDITIONS = ("true", "false", "eq 1 1", 'eq "}}" "a"', "not true", "and true (eq 1 2)")
ROUNDS = ("", '"a"', '"a" "b"')
PRINTED_ITEMS = '"- a\\n- b"'
DEEPEST = 4

T = TypeVar("T")


class Maker:
    """Writes one template; every key it writes is new."""

    def __init__(self, seed: int) -> None:
        """Start from a seed: the same seed gives the same template."""
        self.random = random.Random(seed)  # noqa: S311  no secret
        self.keys = 0

    def template(self) -> str:
        """Return a template whose root is the key ``data``."""
        return "\n".join(["data:", *self.mapping(2, 0), ""])

    def key(self) -> str:
        self.keys += 1
        return f"k{self.keys}"

    def chance(self, ways: Sequence[T]) -> T:
        return self.random.choice(ways)

    def condition(self) -> str:
        return self.chance(CONDITIONS)

    def scalar(self) -> str:
        """Return a value that fits on the line of its key."""
        condition = self.condition()
        return self.chance(
            (
                "a", "1", "true", "'q r'", '"d # e"', "x y", "ollama://x:1", "''", "~", "1.5 # c", "[a, b]",
                '{{ "lit" }}', '{{ "v w" | quote }}', 'p{{ "-q" | trim }}r', "'{{ 5 | toString }}'",
                '{{- " v" }}', '"{{ `a` | upper }} {{/* c */}}b"', "{{ 3 | add 4 }} # c",
                f"{{{{ if {condition} }}}}yes{{{{ else }}}}no{{{{ end }}}}",
                f"{{{{ if {condition} }}}}t{{{{ end }}}}z",
                f"[a, {{{{ if {condition} }}}}b, {{{{ end }}}}c]",
                f"{{a: 1{{{{ if {condition} }}}}, b: 2{{{{ end }}}}}}",
                "[{{ range $i, $e := list 1 2 3 }}{{ if $i }}, {{ end }}{{ $e }}{{ end }}]",
            )
        )  # fmt: skip

    def mapping(self, indent: int, depth: int, members: int = 0) -> list[str]:
        """Return the lines of a mapping."""
        plain, *others = self.members()
        lines: list[str] = []
        for _ in range(members or self.random.randint(1, 4)):
            is_plain = depth > DEEPEST or self.random.random() < 1 / 2
            lines += (plain if is_plain else self.chance(others))(indent, depth + 1)
        return lines

    def members(self) -> tuple[Callable[[int, int], list[str]], ...]:
        """Return the ways to write a member: given its indentation and depth, each returns its lines."""
        return (
            lambda n, _: [f"{' ' * n}{self.key()}: {self.scalar()}"],
            lambda n, depth: [f"{' ' * n}{self.key()}:", *self.mapping(n + 2, depth)],
            lambda n, depth: [f"{' ' * n}{self.key()}:", *self.listing(n + self.chance((0, 2)), depth)],
            self.value_in_block,
            lambda n, depth: self.block(self.mapping, n, depth),
            lambda n, _: self.text(n),
            lambda n, _: [self.silent(n)],
            lambda n, _: [self.two_on_a_line(n)],
            lambda n, _: [f"{' ' * n}{{{{- {self.printed_keys()} | nindent {n} }}}}"],
            lambda n, _: [f"{{{{ {self.printed_keys()} | indent {n} }}}}"],
            lambda n, _: [f"{' ' * n}{self.key()}: {{{{ {PRINTED_ITEMS} | nindent {n + 2} }}}}"],
            lambda n, _: self.printed_list(n),
        )  # fmt: skip

    def value_in_block(self, indent: int, depth: int) -> list[str]:
        return [f"{' ' * indent}{self.key()}:", *self.block(self.listing, indent + 2, depth, always=True)]

    def printed_list(self, indent: int) -> list[str]:
        printed = f"{{{{ {PRINTED_ITEMS} | indent {indent + 2} }}}}"
        return [f"{' ' * indent}{self.key()}:", printed, f"{' ' * indent}  - z"]

    def printed_keys(self) -> str:
        return f'"{self.key()}: 1\\n{self.key()}: 2"'

    def two_on_a_line(self, indent: int) -> str:
        one, other = f"{self.key()}: 1", f"{self.key()}: 2"
        return f"{' ' * indent}{{{{ if {self.condition()} }}}}{one}{{{{ else }}}}{other}{{{{ end }}}}"

    def text(self, indent: int) -> list[str]:
        pad = " " * indent
        lines = [f"{pad}{self.key()}: |", f"{pad}  text {{{{ 5 }}}}"]
        return [*lines, f"{pad}  {{{{ if {self.condition()} }}}}", f"{pad}  more", f"{pad}  {{{{ end }}}}"]

    def silent(self, indent: int) -> str:
        pad = " " * indent
        return self.chance(
            (
                "",
                "# c {{ 1 }}",
                f"{pad}{{{{/* x */}}}}",
                f"{pad}{{{{- /* x */}}}}",
                f"{pad}{{{{ $v := 1 }}}}",
            )
        )

    def listing(self, indent: int, depth: int) -> list[str]:
        """Return the lines of a list."""
        lines: list[str] = []
        for _ in range(self.random.randint(1, 4)):
            kind = self.random.random()
            if depth > DEEPEST or kind < 1 / 3:
                lines.append(f"{' ' * indent}- {self.scalar()}")
            elif kind < 2 / 3:
                first = f"{' ' * indent}- {self.key()}: {self.scalar()}"
                lines += [first, *self.mapping(indent + 2, depth + 1)]
            else:
                lines += self.block(self.listing, indent, depth)
        return lines

    def block(
        self, lines: Callable[[int, int], list[str]], indent: int, depth: int, *, always: bool = False
    ) -> list[str]:
        """Return lines in an ``if``, ``with`` or ``range``, in one of the ways to trim."""
        left, right = self.chance((("{{ ", " }}"), ("{{- ", " }}"), ("{{ ", " -}}")))
        pad = " " * (indent if right == " -}}" else self.chance((0, indent)))

        def arm(words: str) -> list[str]:
            return [f"{pad}{left}{words}{right}", *lines(indent, depth + 1)]

        arms = [arm(f"if {self.condition()}")]
        if not always and lines == self.listing and self.chance((True, False)):
            arms = [arm(f"range list {self.chance(ROUNDS)}")]
        elif not always and self.chance((True, False)):
            arms = [arm(self.chance(('with "x"', 'with ""')))]
        else:
            arms += [arm(f"else if {self.condition()}") for _ in range(self.chance((0, 0, 1)))]
            arms += [arm("else") for _ in range(1 if always else self.chance((0, 1)))]
        return [*(line for lines in arms for line in lines), f"{pad}{left}end }}}}"]

"""Makes a document's data of nodes, and remembers where each key and value stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from chezmoi_llm.diagnostics import Path, Pos
from chezmoi_llm.document import UNKNOWN, Branches, Document
from chezmoi_llm.showing.words import shown
from chezmoi_llm.source.nodes import Alias, Collection, Mapping, Node, Pair, Scalar, Sequence
from chezmoi_llm.source.rendered import Rendered
from chezmoi_llm.source.text import Lines, Unreadable

Span: TypeAlias = tuple[int, int]
T = TypeVar("T")

MAX_DOCUMENTS: Final = 16
"""Most values of one key, in different branches, that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """The documents that a text stands for, and the keys that stand twice in it.

    There is one document, unless the branches of a template give one key several values: then the
    second document has the second value of each such key, and so on.
    """

    documents: tuple[Document, ...]
    problems: tuple[Unreadable, ...]


def assemble(
    root: Node | None, rendered: Rendered, lines: Lines, file: str, first_key: str = "data"
) -> Assembled:
    """Return the data of a tree with its places; raises Unreadable if the root is no mapping.

    ``first_key`` is what a mapping could start with. Offsets of all problems are those of ``lines``.
    """
    _check_root(root, rendered, first_key)
    assemblies = [_Assembly(rendered, lines, pick=0)]
    documents = [assemblies[0].document(root, file)]
    for pick in range(1, assemblies[0].most):
        assemblies.append(_Assembly(rendered, lines, pick=pick))
        documents.append(assemblies[-1].document(root, file))
    problems = {problem.start: problem for one in assemblies for problem in one.problems}
    return Assembled(documents=tuple(documents), problems=tuple(problems.values()))


def _check_root(root: Node | None, rendered: Rendered, first_key: str) -> None:
    if root is None or isinstance(root, Mapping):
        return
    if isinstance(root, Scalar) and (root.value is None or root.value is UNKNOWN):
        return
    found = "a list" if isinstance(root, Sequence) else "one value"
    start, end = rendered.span(root.start, root.end)
    message = f"the file is {found}, but must be keys with values"
    raise Unreadable("LLM001", start, message, end=end, hint=f"start with the key {first_key!r}")


class _Lazy(MappingABC[Path, T]):
    """Spans by path, worked out when somebody asks; most places of a good file are never asked for."""

    def __init__(self, spans: dict[Path, Span], work_out: Callable[[Span], T]) -> None:
        self._spans, self._work_out = spans, work_out

    def __getitem__(self, path: Path) -> T:
        return self._work_out(self._spans[path])

    def __iter__(self) -> Iterator[Path]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)


class _Assembly:
    """One walk over the tree; ``most`` becomes the largest number of values that one key has."""

    def __init__(self, rendered: Rendered, lines: Lines, *, pick: int) -> None:
        self.rendered, self.lines, self.pick = rendered, lines, pick
        self.most = 1
        self.keys: dict[Path, Span] = {}
        self.values: dict[Path, Span] = {}
        self.problems: list[Unreadable] = []

    def document(self, root: Node | None, file: str) -> Document:
        data = None if root is None else self.value(root, ())
        if data is UNKNOWN or (data is None and self.rendered.holes):
            data = {UNKNOWN: UNKNOWN}
        places = {**self.values, **self.keys}
        return Document(
            file=file,
            data=data if data is not None else {},
            keys=_Lazy(self.keys, self.pos),
            values=_Lazy(self.values, self.pos),
            branches=_Lazy(places if self.rendered.forked else {}, self.branches),
        )

    def pos(self, span: Span) -> Pos:
        return self.lines.pos(*self.rendered.span(*span))

    def branches(self, span: Span) -> Branches:
        return self.rendered.branches(span[0])

    def value(self, node: Node, path: Path) -> Any:
        if isinstance(node, Alias):
            return self.value(node.node, path)
        if isinstance(node, Scalar):
            return node.value
        return self.listing(node, path) if isinstance(node, Sequence) else self.mapping(node, path)

    def listing(self, node: Sequence, path: Path) -> list[Any]:
        items: list[Any] = []
        for index, item in enumerate(node.items):
            self.values[*path, index] = _span(item)
            items.append(self.value(item, (*path, index)))
        return [*items, UNKNOWN] if node.more else items

    def mapping(self, node: Mapping, path: Path) -> dict[Any, Any]:
        data: dict[Any, Any] = {}
        for pair in self.chosen(node.pairs):
            if pair.merge:
                self.merge(pair.value, data, path)
            elif pair.key.value is UNKNOWN:
                data[UNKNOWN] = UNKNOWN
            else:
                self.pair(pair, data, path)
        if node.more:
            data[UNKNOWN] = UNKNOWN
        return data

    def pair(self, pair: Pair, data: dict[Any, Any], path: Path) -> None:
        here = (*path, pair.key.value)
        key = pair.key.start, pair.key.end
        self.keys[here] = key
        self.values[here] = key if _spreads(pair.value) else (pair.value.start, pair.value.end)
        data[pair.key.value] = self.value(pair.value, here)

    def merge(self, node: Node, data: dict[Any, Any], path: Path) -> None:
        """Put the keys of a merged mapping in; as chezmoi reads it, the later of two keys wins."""
        target = node.node if isinstance(node, Alias) else node
        if isinstance(target, Mapping):
            data.update(self.mapping(target, path))
        elif isinstance(target, Sequence):
            for item in target.items:
                self.merge(item, data, path)
        elif isinstance(target, Scalar) and target.value is UNKNOWN:
            data[UNKNOWN] = UNKNOWN
        else:
            self.problem("LLM001", node, "'<<' must be followed by a mapping, or a list of mappings")

    def chosen(self, pairs: list[Pair]) -> list[Pair]:
        """Return the pairs with each key once: of several values in branches, the one to pick."""
        by_key: dict[Any, list[Pair]] = {}
        for pair in pairs:
            by_key.setdefault("<<" if pair.merge else pair.key.value, []).append(pair)
        if len(by_key) == len(pairs):
            return pairs
        picked: list[Pair] = []
        for key, same in by_key.items():
            picked += same if key is UNKNOWN else [self.one_of(same)]
        return picked

    def one_of(self, pairs: list[Pair]) -> Pair:
        """Return one of the pairs with the same key; only in different branches may it stand twice.

        Two of them are there together if the branches around one begin with those around the other.
        """
        kept: list[Pair] = []
        by_branches: dict[Branches, Pair] = {}
        by_beginning: dict[Branches, Pair] = {}
        for pair in pairs:
            branches = self.rendered.branches(pair.key.start)
            beginnings = [branches[:length] for length in range(len(branches) + 1)]
            together = (by_branches.get(beginning) for beginning in beginnings)
            before = by_beginning.get(branches) or next(filter(None, together), None)
            if before is None:
                kept.append(pair)
                by_branches[branches] = pair
                by_beginning |= dict.fromkeys(beginnings, pair)
            else:
                self.written_twice(pair, before)
        self.most = max(self.most, min(len(kept), MAX_DOCUMENTS))
        return kept[min(self.pick, len(kept) - 1)]

    def written_twice(self, pair: Pair, before: Pair) -> None:
        line = self.pos((before.key.start, before.key.end)).line
        message = f"the key {shown(pair.key.value)} is already written on line {line}"
        self.problem("LLM005", pair.key, message, hint="keep one of the two")

    def problem(self, code: str, node: Node, message: str, *, hint: str = "") -> None:
        start, end = self.rendered.span(node.start, node.end)
        self.problems.append(Unreadable(code, start, message, end=end, hint=hint))


def _spreads(node: Node) -> bool:
    """Say whether a value has no place of its own beside its key: it is empty or on the next lines."""
    if isinstance(node, Collection):
        return not node.flow
    return node.start == node.end


def _span(item: Node) -> Span:
    """Return the place of a list's item; a mapping is shown by its first key."""
    if isinstance(item, Mapping) and item.pairs and not item.flow:
        return item.pairs[0].key.start, item.pairs[0].key.end
    return (item.start, item.start + 1) if isinstance(item, Sequence) else (item.start, item.end)

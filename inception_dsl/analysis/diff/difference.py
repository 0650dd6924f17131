"""The difference of two networks: what was done, and what became of the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from inception_dsl.analysis.cost import Cost, NodeCost, aux_only, cost, node_costs, total
from inception_dsl.analysis.diff.arguments import Value
from inception_dsl.analysis.diff.changes import Change, grouped
from inception_dsl.analysis.diff.edits import edits
from inception_dsl.analysis.diff.matching import Matching, match
from inception_dsl.analysis.diff.modules import Module, modules
from inception_dsl.analysis.diff.pieces import Contents, Piece
from inception_dsl.analysis.diff.wiring import Side
from inception_dsl.elaborate.values import show
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.types import Word

__all__ = ["Difference", "Mark", "difference"]

Mark = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True)
class Difference:
    """What is different in `b` from `a`; true if anything is.

    `declared` are settings, input, auxiliary weights, preprocess and recipe, each by its kind;
    `modules` are the rows of `incept show` whose counts or shapes changed, `reshaped` the number
    of unchanged operations whose output has another shape. `marks_a` and `marks_b` say for
    figures what became of the node or region at a path, `paths` which nodes go together.
    """

    a: CheckedGraph
    b: CheckedGraph
    declared: tuple[tuple[str, Value], ...]
    changes: tuple[Change, ...]
    modules: tuple[Module, ...]
    reshaped: int
    costs: tuple[Cost, Cost]
    auxiliary: tuple[NodeCost, NodeCost]
    marks_a: Mapping[str, Mark] = field(repr=False)
    marks_b: Mapping[str, Mark] = field(repr=False)
    paths: Mapping[str, str] = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.declared or self.changes)

    def __str__(self) -> str:
        a, b = self.a.graph.name, self.b.graph.name
        if not self:
            return f"{a} and {b} are the same" if a != b else f"{a}: no difference"
        kinds = Counter(change.kind for change in self.changes)
        said = [f"{count} {kind}" for kind, count in sorted(kinds.items())]
        if self.declared:
            said.insert(0, f"{len(self.declared)} declared otherwise")
        return f"{a} -> {b}: {', '.join(said)}"

    def __repr__(self) -> str:
        names = f"{self.a.graph.name} -> {self.b.graph.name}"
        count = len(self.declared) + len(self.changes)
        said = f"{count} change{'s' * (count != 1)}" if count else "no difference"
        return f"<Difference {names}: {said}>"


def difference(a: CheckedGraph, b: CheckedGraph) -> Difference:
    """What was done to `a` to make `b`.

    Raises: AssertionError if the networks differ and nothing was found.
    """
    contents = Contents()
    matching = match(contents.pieces(a.graph), contents.pieces(b.graph))
    moved = {matching.to_b[piece] for piece in matching.moved}
    sides = Side(a.graph, matching.a, matching.moved), Side(b.graph, matching.b, moved)
    changes = grouped(edits(*sides, matching), matching)
    declared = tuple(_declared(a, b, matching))
    alike = matching.a.content == matching.b.content
    assert alike or changes or declared, (
        "diff: the networks are made of different things, and none was found"
    )
    marks = _marks(changes, matching)
    return Difference(
        a,
        b,
        declared,
        changes,
        modules(a, b, matching),
        _reshaped(a, b, matching),
        (cost(a), cost(b)),
        (total(node_costs(a), aux_only(a)), total(node_costs(b), aux_only(b))),
        *marks,
        {old.path: new.path for old, new in matching.to_b.items() if old.node is not None},
    )


def _declared(a: CheckedGraph, b: CheckedGraph, matching: Matching) -> Iterator[tuple[str, Value]]:
    old, new = a.graph, b.graph
    if old.name != new.name:
        yield "network", Value("name", old.name, new.name)
    if a.input_map != b.input_map:
        yield "input", Value(matching.b.children[0].segment, str(a.input_map), str(b.input_map))
    for value in _compared(old.settings, new.settings):
        yield "setting", value
    region_there = {p.path: q.path for p, q in matching.to_b.items() if p.region is not None}
    weights = {region_there.get(head.path, head.path): str(head.weight) for head in old.aux}
    weights_now = {head.path: str(head.weight) for head in new.aux}
    for path in dict.fromkeys((*weights, *weights_now)):
        before, after = weights.get(path), weights_now.get(path)
        if before != after:
            yield "auxiliary", Value(path, before, after)
    for kind, before_, after_ in (
        ("preprocess", old.preprocess, new.preprocess),
        ("recipe", old.recipe, new.recipe),
    ):
        for value in _compared(before_ or {}, after_ or {}):
            yield kind, value


def _compared(a: Mapping[str, object], b: Mapping[str, object]) -> Iterator[Value]:
    old, new = dict(_flat(a)), dict(_flat(b))
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield Value(name, old.get(name), new.get(name))


def _flat(said: Mapping[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, show(Word(value) if isinstance(value, str) else value)


def _reshaped(a: CheckedGraph, b: CheckedGraph, matching: Matching) -> int:
    return sum(
        a.graph[old.path].out != b.graph[new.path].out
        for old, new in matching.to_b.items()
        if old.node is not None and old.content == new.content
    )


def _marks(
    changes: tuple[Change, ...], matching: Matching
) -> tuple[dict[str, Mark], dict[str, Mark]]:
    marks: tuple[dict[str, Mark], dict[str, Mark]] = {}, {}
    for change in changes:
        mark: Mark = "moved"
        if change.kind in ("added", "removed", "changed"):
            mark = change.kind
        elif change.kind == "rewired":
            mark = "changed"
        for place in change.places:
            for side, path in zip(marks, (place.a, place.b), strict=True):
                if path and side.get(path) != "changed":
                    side[path] = mark
    for old, new in matching.to_b.items():
        if old.node is not None and old.content != new.content:
            marks[0][old.path] = marks[1][new.path] = "changed"
    _mark_inside(marks[0], "removed", matching.a, matching.to_b)
    _mark_inside(marks[1], "added", matching.b, matching.to_a)
    return marks


def _mark_inside(
    marks: dict[str, Mark], mark: Mark, root: Piece, pairs: Mapping[Piece, Piece]
) -> None:
    """Mark all of what only one network has: changes name it as a whole, and only count rounds."""
    for piece in root.walk():
        if piece not in pairs and (piece.word == "iteration" or marks.get(piece.path) == mark):
            for each in piece.walk():
                if each not in pairs:
                    marks.setdefault(each.path, mark)

"""What the modules of two networks cost, side by side: the rows of `incept show`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from inception_dsl.analysis.cost import NodeCost, aux_only, node_costs, total
from inception_dsl.analysis.diff.matching import Matching
from inception_dsl.analysis.diff.pieces import Piece
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.types import FeatureMap

__all__ = ["Figures", "Module", "modules"]


@dataclass(frozen=True, slots=True)
class Figures:
    """A part of one network: its path, its output, and what its nodes cost."""

    path: str
    call: str
    output: FeatureMap | None
    cost: NodeCost
    auxiliary: bool


@dataclass(frozen=True, slots=True)
class Module:
    """A part of both networks, or of one of them; `times` equal neighbours are one."""

    a: Figures | None
    b: Figures | None
    times: int = 1

    @property
    def differs(self) -> bool:
        """Whether anything that is counted changed."""
        if self.a is None or self.b is None:
            return True
        return (self.a.output, self.a.cost) != (self.b.output, self.b.cost)


def modules(a: CheckedGraph, b: CheckedGraph, matching: Matching) -> tuple[Module, ...]:
    """Every module, section's layer and loose operation of the two, in the order of `b`.

    What only `a` has stands where it was. Together they hold each operation once.
    """
    old, new = _Closed(a), _Closed(b)
    parts_a, parts_b = list(_closed(matching.a)), list(_closed(matching.b))
    in_b = set(parts_b)
    found: list[Module] = []
    gone: dict[Piece | None, list[Piece]] = {}
    last: Piece | None = None
    for part in parts_a:
        there = matching.to_b.get(part)
        if there in in_b:
            last = there
        else:
            gone.setdefault(last, []).append(part)
    found += [Module(old.figures(part), None) for part in gone.get(None, ())]
    known = set(parts_a)
    for part in parts_b:
        before = matching.to_a.get(part)
        figures = old.figures(before) if before is not None and before in known else None
        found.append(Module(figures, new.figures(part)))
        found += [Module(old.figures(each), None) for each in gone.get(part, ())]
    return tuple(_folded(module for module in found if module.differs))


def _closed(piece: Piece) -> Iterator[Piece]:
    """The calls and loose operations of the network itself."""
    if piece.node is not None or (piece.region and piece.region.kind == "instance"):
        if piece.word != "input":
            yield piece
    else:
        for child in piece.children:
            yield from _closed(child)


class _Closed:
    def __init__(self, checked: CheckedGraph) -> None:
        self.graph = checked.graph
        self.costs = node_costs(checked)
        self.aux = frozenset(aux_only(checked))

    def figures(self, piece: Piece) -> Figures:
        paths = [each.path for each in piece.walk() if each.node is not None]
        outputs = piece.region.outputs if piece.region is not None else (piece.path,)
        return Figures(
            path=piece.path,
            call=piece.region.call if piece.region is not None else piece.word,
            output=self.graph[outputs[0]].out if outputs else None,
            cost=total(self.costs, paths),
            auxiliary=bool(paths) and all(path in self.aux for path in paths),
        )


def _folded(found: Iterator[Module]) -> Iterator[Module]:
    """Neighbours that differ in their paths alone as one: the first, and how many."""
    row: Module | None = None
    for module in found:
        if row is not None and _unnamed(row) == _unnamed(module):
            row = replace(row, times=row.times + 1)
        else:
            if row is not None:
                yield row
            row = module
    if row is not None:
        yield row


def _unnamed(module: Module) -> Module:
    a, b = (each and replace(each, path="") for each in (module.a, module.b))
    return Module(a, b)

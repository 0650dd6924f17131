"""What reads something else, although nothing was put between or taken away."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from inception_dsl.analysis.diff.arguments import Value
from inception_dsl.analysis.diff.matching import Matching
from inception_dsl.analysis.diff.pieces import Piece
from inception_dsl.ir.graph import Graph

__all__ = ["Side", "rewired"]


class Side:
    """One of the two networks: its graph, its pieces by path, and the moved parts of each."""

    def __init__(self, graph: Graph, root: Piece, moved: set[Piece]) -> None:
        self.graph, self.root = graph, root
        self.at = {piece.path: piece for piece in root.walk() if piece.node is not None}
        self.moved_with: dict[Piece, frozenset[Piece]] = {}
        for piece in root.walk():
            above = self.moved_with[piece.parent] if piece.parent else frozenset()
            self.moved_with[piece] = above | {piece} if piece in moved else above

    def operands(self, piece: Piece, pairs: dict[Piece, Piece]) -> list[Piece]:
        """What a node reads, less what comes to it over branches without operations that are new
        or stand elsewhere.
        """
        found = [self.at[path] for path in piece.reads]
        for branch in piece.parent.children if piece.parent and len(found) > 1 else ():
            region = branch.region
            if region and region.kind == "branch" and not branch.children and region.outputs:
                passed = self.at[region.outputs[0]]
                apart = branch not in pairs or self.moved_with[branch] - self.moved_with[piece]
                if apart and passed in found:
                    found.remove(passed)
        return found

    def read_by(self, piece: Piece) -> str:
        """What a part reads, by paths in the definition that it stands in."""
        around = piece.enclosing()
        prefix = f"{around.path}." if around else ""
        return ", ".join(path.removeprefix(prefix) for path in piece.reads)

    def is_outside(self, piece: Piece, region: Piece) -> bool:
        """Whether all that a part of a region reads stands outside of that."""
        assert region.region is not None
        return all(path in region.region.inputs for path in piece.reads)


def rewired(a: Side, b: Side, matching: Matching) -> Iterator[tuple[Piece, Piece, Value]]:
    """Matched nodes that read something else, and what; for the output of all, the two roots."""
    sides = (_Reading(a, matching.to_b), _Reading(b, matching.to_a))
    for old, new in matching.to_b.items():
        if old.node is None:
            continue
        reads = [
            side.of(piece, side.side.operands(piece, side.pairs))
            for side, piece in zip(sides, (old, new), strict=True)
        ]
        if not _explained(*reads[0], *reads[1], matching):
            while (
                old.parent
                and new.parent
                and matching.to_b.get(old.parent) is new.parent
                and a.is_outside(old, old.parent)
                and b.is_outside(new, new.parent)
            ):
                old, new = old.parent, new.parent
            yield old, new, Value("reads", a.read_by(old), b.read_by(new))
    ends = [side.of(side.side.root, [side.side.at[side.side.graph.output]]) for side in sides]
    if not _explained(*ends[0], *ends[1], matching):
        yield a.root, b.root, Value("output", a.graph.output, b.graph.output)


class _Reading:
    def __init__(self, side: Side, pairs: dict[Piece, Piece]) -> None:
        self.side, self.pairs = side, pairs
        self.through = cache(self._through)

    def of(self, piece: Piece, operands: list[Piece]) -> tuple[list[Piece], frozenset[Piece]]:
        """The operands that the other network has too, and those behind what it has not."""
        moved = self.side.moved_with[piece]
        direct: list[Piece] = []
        behind: frozenset[Piece] = frozenset()
        for operand in operands:
            if moved - self.side.moved_with[operand]:
                continue  # it was moved, and reads what stands there
            if self._stays(operand, moved):
                direct.append(operand)
            else:
                behind |= self.through(operand, moved)
        return direct, behind

    def _stays(self, piece: Piece, moved: frozenset[Piece]) -> bool:
        return piece in self.pairs and self.side.moved_with[piece] <= moved

    def _through(self, start: Piece, moved: frozenset[Piece]) -> frozenset[Piece]:
        """The nearest nodes before `start` that the other network has in their places too."""
        found: set[Piece] = set()
        seen, pending = {start}, [start]
        while pending:
            for path in pending.pop().reads:
                piece = self.side.at[path]
                if piece not in seen:
                    seen.add(piece)
                    (found.add if self._stays(piece, moved) else pending.append)(piece)
        return frozenset(found)


def _explained(
    old: list[Piece],
    old_behind: frozenset[Piece],
    new: list[Piece],
    new_behind: frozenset[Piece],
    matching: Matching,
) -> bool:
    there = [matching.to_b[piece] for piece in old]
    if there == new:
        return True
    reached = {matching.to_b[piece] for piece in old_behind}
    lost = [piece for piece in there if piece not in new]
    won = [piece for piece in new if piece not in there]
    if not all(p in new_behind for p in lost) or not all(p in reached for p in won):
        return False
    return [p for p in there if p in new] == [p for p in new if p in there]

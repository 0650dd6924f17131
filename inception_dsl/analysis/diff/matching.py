"""Which part of one network is which part of the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from inception_dsl.analysis.diff.affinity import Affinity
from inception_dsl.analysis.diff.alignment import heaviest_increasing
from inception_dsl.analysis.diff.bodies import pair_bodies
from inception_dsl.analysis.diff.pieces import Piece

__all__ = ["Matching", "match"]

_LEAST_WEIGHTED = 2
"""Convolutions and linear layers in a part that is known again anywhere in the network."""


@dataclass
class Matching:
    """Pairs of pieces of two networks. `moved` are those of `a` that stand elsewhere in `b`."""

    a: Piece
    b: Piece
    to_b: dict[Piece, Piece] = field(default_factory=dict)
    to_a: dict[Piece, Piece] = field(default_factory=dict)
    moved: set[Piece] = field(default_factory=set)

    def reversed(self) -> Matching:
        """The same, from `b` to `a`."""
        moved = {self.to_b[piece] for piece in self.moved}
        return Matching(self.b, self.a, self.to_a, self.to_b, moved)

    def around(self, piece: Piece) -> Piece | None:
        """The innermost region around a piece that both networks have."""
        parent = piece.parent
        while parent is not None and parent not in self.to_b and parent not in self.to_a:
            parent = parent.parent
        return parent


def match(a: Piece, b: Piece) -> Matching:
    """The pairs of two networks; which of them comes first makes no difference to who is whose."""
    if _key(b) < _key(a):
        return _Matcher(Matching(b, a)).run().reversed()
    return _Matcher(Matching(a, b)).run()


def _key(root: Piece) -> list[tuple[str, str, str]]:
    return [(each.path, each.word, repr(each.node and each.node.op)) for each in root.walk()]


class _Matcher:
    def __init__(self, matching: Matching) -> None:
        self.matching = matching
        self.affinity = Affinity(matching.a, matching.b)

    def run(self) -> Matching:
        self._link([(self.matching.a, self.matching.b)])
        self._link(self._known_again(_LEAST_WEIGHTED))
        self._find_moved()
        return self.matching

    def _link(self, pairs: Sequence[tuple[Piece, Piece]]) -> None:
        """Enter pairs, and what is in them."""
        pending = list(pairs)
        while pending:
            old, new = pending.pop()
            if old in self.matching.to_b or new in self.matching.to_a:
                continue
            self.matching.to_b[old], self.matching.to_a[new] = new, old
            if old.content == new.content:
                pending += zip(old.children, new.children, strict=True)
            elif not self.affinity.replaced(old, new):
                free_a = [each for each in old.children if each not in self.matching.to_b]
                free_b = [each for each in new.children if each not in self.matching.to_a]
                pending += pair_bodies(free_a, free_b, self.affinity).items()

    def _known_again(self, least: int) -> list[tuple[Piece, Piece]]:
        """Large parts that went from one body to another: the only ones made of the same,
        or of equal name and definition.
        """
        old, new = (
            [
                piece
                for piece in root.walk()
                if piece not in done and piece.region is not None and piece.weighted >= least
            ]
            for root, done in (
                (self.matching.a, self.matching.to_b),
                (self.matching.b, self.matching.to_a),
            )
        )
        pairs = []
        for key_of in (_by_content, _by_name):
            places: dict[object, tuple[list[Piece], list[Piece]]] = defaultdict(lambda: ([], []))
            for side, pieces in enumerate((old, new)):
                for piece in pieces:
                    if (key := key_of(piece)) is not None:
                        places[key][side].append(piece)
            pairs += [
                (there[0], here[0])
                for there, here in places.values()
                if len(there) == len(here) == 1 and self.affinity.related(there[0], here[0])
            ]
        return sorted(pairs, key=lambda pair: pair[0].mass)  # the largest are taken first

    def _find_moved(self) -> None:
        """Mark what stands in another region, or at another place of the same one."""
        matching = self.matching
        at_b = {piece: place for place, piece in enumerate(matching.b.walk())}
        bodies: dict[Piece, list[Piece]] = defaultdict(list)
        for old in matching.a.walk():
            if old in matching.to_b and old.parent is not None:
                here, there = matching.around(old), matching.around(matching.to_b[old])
                if here is not None and matching.to_b[here] is there:
                    bodies[here].append(old)
                else:
                    matching.moved.add(old)
        for body in bodies.values():
            places = [at_b[matching.to_b[piece]] for piece in body]
            kept = heaviest_increasing(places, [piece.mass + 1 for piece in body])
            matching.moved |= {piece for index, piece in enumerate(body) if index not in kept}


def _by_content(piece: Piece) -> object:
    return piece.content


def _by_name(piece: Piece) -> object:
    return (piece.name, piece.word) if piece.name else None

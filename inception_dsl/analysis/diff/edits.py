"""What was done to one network to make the other, one place at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from inception_dsl.analysis.diff.affinity import Affinity
from inception_dsl.analysis.diff.arguments import (
    Differing,
    Value,
    compare_calls,
    compare_operations,
    renamed_parameters,
)
from inception_dsl.analysis.diff.describe import describe, kind_of, outlined
from inception_dsl.analysis.diff.matching import Matching
from inception_dsl.analysis.diff.pieces import Piece
from inception_dsl.analysis.diff.rounds import counted_by, is_spare_round, of_rounds
from inception_dsl.analysis.diff.wiring import Side, rewired
from inception_dsl.ir.regions import Region

__all__ = ["Edit", "Kind", "edits"]

Kind = Literal["added", "removed", "changed", "moved", "renamed", "wrapped", "unwrapped", "rewired"]

_ONE_SIDED: tuple[tuple[Kind, str], ...] = (("removed", "after"), ("added", "before"))
_RENAMED, _RENAMED_ONCE = 0.3, 0.6
"""How alike two bodies are for one to be the other under a new name; one use is less of a proof."""


@dataclass(frozen=True, eq=False)
class Edit:
    """One change at one place: `a` and `b` are what it changed, None where there is nothing.

    `outline` and `formulas` are `what` and `values` as they read in every use of a definition.
    `everywhere` says that it is a change of a definition, whichever of its uses shows it.
    """

    kind: Kind
    what: str
    a: Piece | None
    b: Piece | None
    values: tuple[Value, ...] = ()
    outline: str = ""
    formulas: tuple[Value, ...] = ()
    everywhere: bool = False


def edits(a: Side, b: Side, matching: Matching) -> list[Edit]:
    """All changes in the order of the spec, what was removed where it stood.

    That names without a word of the spec count on otherwise, `conv_2` for `conv_3`, follows from
    what was added or removed; it is a change where nothing was.
    """
    finder = _Finder(a, b, matching)
    rewirings = {old: value for old, _, value in rewired(a, b, matching)}
    found: dict[Piece, list[Edit]] = defaultdict(list)
    last = b.root
    for old in a.root.walk():
        if old in matching.to_b:
            last = matching.to_b[old]
            found[last] += finder.of_pair(old, last, rewirings.get(old))
        else:
            found[last] += finder.of_one(old, "removed", "unwrapped", matching.to_b)
    for new in b.root.walk():
        if new not in matching.to_a:
            found[new] += finder.of_one(new, "added", "wrapped", matching.to_a)
    listed = [edit for piece in b.root.walk() for edit in found[piece]]
    return [edit for edit in listed if not _follows(edit, found)] or [
        _renamed(old, new)
        for old, new in matching.to_b.items()
        if old.parent is not None and old.segment != new.segment
    ]


def _follows(edit: Edit, found: Mapping[Piece, list[Edit]]) -> bool:
    """Whether a repeat has other rounds because the call around it has another argument."""
    if edit.a is None or edit.b is None or not edit.values or edit.values[0].name != "rounds":
        return False
    around = edit.b.enclosing()
    said = [value for call in found.get(around, ()) for value in call.values] if around else []
    return any(counted_by(edit.a, edit.b, edit.values[0], value) for value in said)


class _Finder:
    def __init__(self, a: Side, b: Side, matching: Matching) -> None:
        self.a, self.b, self.matching = a, b, matching
        self.affinity = Affinity(matching.a, matching.b)
        self.holding = {
            above
            for pairs in (matching.to_b, matching.to_a)
            for piece in pairs
            for above in _above(piece, pairs)
        }
        self.definitions = _renamed_definitions(matching, self.affinity)

    def of_one(
        self, piece: Piece, alone: Kind, around: Kind, pairs: Mapping[Piece, Piece]
    ) -> Iterator[Edit]:
        """What one network has and the other has not: new, or only put around what was there."""
        parent = piece.parent
        assert parent is not None
        apart = parent not in pairs and parent not in self.holding
        if piece in self.holding:
            if parent in pairs:  # what is around that was put around it as well
                names = _nearest(piece, pairs)
                wrapped = around == "wrapped"
                values = (Value("around", *((None, names) if wrapped else (names, None))),)
                yield self._one(around, piece, values)
        elif not (apart or self._is_opaque(parent, pairs) or is_spare_round(piece, pairs)):
            yield self._one(alone, piece, ())

    def _is_opaque(self, region: Piece, pairs: Mapping[Piece, Piece]) -> bool:
        return region in pairs and self.affinity.replaced(region, pairs[region])

    def _one(self, kind: Kind, piece: Piece, values: tuple[Value, ...]) -> Edit:
        in_a = kind in ("removed", "unwrapped")
        a, b = (piece, None) if in_a else (None, piece)
        return Edit(kind, describe(piece), a, b, values, outlined(piece))

    def of_pair(self, a: Piece, b: Piece, reads: Value | None) -> Iterator[Edit]:
        """What became of a piece that both networks have."""
        if a.parent is not None and a.segment != b.segment and (a.name or b.name):
            yield _renamed(a, b)
        if a in self.matching.moved:
            yield Edit("moved", kind_of(b), a, b, (self._place(a, b),))
        if a.region is not None and b.region is not None:
            yield from self._of_regions(a, b, a.region, b.region)
        elif a.node is not None and b.node is not None:
            around = self._parameters_around(a, b)
            yield from _changed(a, b, list(compare_operations(a.node, b.node, around)))
        if reads is not None:
            yield Edit("rewired", b.word, a, b, (reads,))

    def _of_regions(self, a: Piece, b: Piece, old: Region, new: Region) -> Iterator[Edit]:
        if old.definition is None or new.definition is None:
            if old.kind != new.kind:
                value = Value("written as", describe(a), describe(b))
                yield Edit("changed", kind_of(b), a, b, (value,))
            elif old.kind == "repeat" and len(old.children) != len(new.children):
                value = Value("rounds", str(len(old.children)), str(len(new.children)))
                yield Edit("changed", of_rounds(a, b), a, b, (value,))
            return
        renamed = self.definitions.get(a.word) == b.word
        if a.word != b.word and not renamed:
            value = Value("call", old.call, new.call)
            anywhere = Value("call", a.word, b.word)
            yield Edit("changed", kind_of(b), a, b, (value,), formulas=(anywhere,))
            return
        if renamed:
            value = Value("definition", a.word, b.word)
            yield Edit("renamed", "definition", a, b, (value,), everywhere=True)
        for before, after in renamed_parameters(old, new).items():
            value = Value("parameter", before, after)
            yield Edit("renamed", "parameter", a, b, (value,), everywhere=True)
        if old.role != new.role:
            value = Value("role", old.role, new.role)
            yield Edit("changed", b.word, a, b, (value,), everywhere=True)
        around = self._parameters_around(a, b)
        differs = list(compare_calls(old, new, around, self.definitions))
        for kind, given in _ONE_SIDED:
            names = [each.value.name for each in differs if getattr(each.value, given) is None]
            if names:
                what = f"parameter{'s' * (len(names) > 1)} {', '.join(names)}"
                yield Edit(kind, what, a, b, everywhere=True)
        yield from _changed(a, b, [each for each in differs if None not in each.value.sides])

    def _parameters_around(self, a: Piece, b: Piece) -> Mapping[str, str] | None:
        """The new names of the parameters that a formula at this place may speak of."""
        here, there = a.enclosing(), b.enclosing()
        if here is None or there is None:
            return {} if here is there else None
        if self.matching.to_b.get(here) is not there:
            return None
        assert here.region is not None
        assert there.region is not None
        return renamed_parameters(here.region, there.region)

    def _place(self, a: Piece, b: Piece) -> Value:
        here, there = self.matching.around(a), self.matching.around(b)
        if here is not None and self.matching.to_b[here] is there:
            return Value("place", _before(a), _before(b))
        return Value("place", _path(here), _path(there))


def _changed(a: Piece, b: Piece, differs: list[Differing]) -> Iterator[Edit]:
    news = [each for each in differs if not each.follows]
    if news:
        values, formulas = (
            tuple(each.value for each in news),
            tuple(each.formula for each in news),
        )
        yield Edit("changed", b.word, a, b, values, formulas=formulas)


def _renamed(a: Piece, b: Piece) -> Edit:
    return Edit("renamed", kind_of(b), a, b, (Value("name", a.segment, b.segment),))


def _renamed_definitions(matching: Matching, affinity: Affinity) -> dict[str, str]:
    """Definitions that only have another name: the uses of one became uses of a new one."""
    alike: dict[tuple[str, str], list[float]] = defaultdict(list)
    for old in matching.a.walk():
        new = matching.to_b.get(old)
        if new is not None and old.word != new.word and affinity.same_definition(old, new):
            alike[old.word, new.word].append(affinity.similarity(old, new))
    renamed: dict[str, str] = {}
    for (before, after), found in sorted(alike.items(), key=lambda each: (-len(each[1]), each[0])):
        enough = max(found) >= (_RENAMED_ONCE if len(found) == 1 else _RENAMED)
        if enough and before not in renamed and after not in renamed.values():
            renamed[before] = after
    return renamed


def _above(piece: Piece, pairs: Mapping[Piece, Piece]) -> Iterator[Piece]:
    """The regions right around a piece that the other network has not."""
    parent = piece.parent
    while parent is not None and parent not in pairs:
        yield parent
        parent = parent.parent


def _nearest(region: Piece, pairs: Mapping[Piece, Piece]) -> str:
    """What stands in a region that only one network has, under its names in the other one."""
    names, pending = [], list(reversed(region.children))
    while pending:
        piece = pending.pop()
        if piece in pairs:
            names.append(pairs[piece].segment)
        else:
            pending += reversed(piece.children)
    return ", ".join(names)


def _before(piece: Piece) -> str:
    assert piece.parent is not None
    place = piece.parent.children.index(piece)
    return f"after {piece.parent.children[place - 1].segment}" if place else "first"


def _path(piece: Piece | None) -> str:
    return f"in {piece.path}" if piece is not None and piece.path else "in the network"

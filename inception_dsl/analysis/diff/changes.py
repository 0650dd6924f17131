"""Equal changes as one: a definition that is used n times was changed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from inception_dsl.analysis.diff.arguments import Value
from inception_dsl.analysis.diff.edits import Edit, Kind
from inception_dsl.analysis.diff.matching import Matching
from inception_dsl.analysis.diff.pieces import Piece

__all__ = ["Change", "Place", "Scope", "grouped"]


@dataclass(frozen=True, slots=True)
class Place:
    """The paths of what changed in the two networks; None where there is nothing."""

    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where in the spec a change stands: `at` is a path inside `definition`, or in the network.

    Rounds of a repeat are a `*` there. It was found in `uses` of the `of` uses that both
    networks have; in the network itself, where `definition` is empty, both count the places.
    """

    definition: str
    at: str
    uses: int
    of: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change, and every place where it shows.

    `what` was added, removed, changed, ...; `values` say from what to what.
    """

    kind: Kind
    what: str
    values: tuple[Value, ...]
    scopes: tuple[Scope, ...]
    places: tuple[Place, ...]


def grouped(edits: Iterable[Edit], matching: Matching) -> tuple[Change, ...]:
    """The edits of two networks with equal ones joined, in the order of the first of each."""
    counts = Counter(
        piece.word for piece in matching.to_a if piece.region and piece.region.definition
    )
    uses: dict[Hashable, list[Edit]] = {}
    for edit in edits:
        around, path = _where(edit, matching)
        told = (edit.outline or edit.what, edit.formulas or edit.values)
        key = (around.word, path, *told) if around else (edit.what, edit.values)
        uses.setdefault((edit.kind, *key), []).append(edit)
    groups: dict[tuple[Kind, str, tuple[Value, ...]], list[Edit]] = {}
    for alike in uses.values():
        first, rest = alike[0], alike[1:]
        what, values = first.what, first.values
        if any(edit.what != what for edit in rest):
            what = first.outline
        if any(edit.values != values for edit in rest):
            values = first.formulas
        groups.setdefault((first.kind, what, values), []).extend(alike)
    return tuple(
        Change(kind, what, values, _scopes(group, counts, matching), tuple(map(_place, group)))
        for (kind, what, values), group in groups.items()
    )


def _place(edit: Edit) -> Place:
    return Place(edit.a.path if edit.a else None, edit.b.path if edit.b else None)


def _where(edit: Edit, matching: Matching) -> tuple[Piece | None, str]:
    """The use of a definition that an edit stands in, None for the network, and its path there."""
    piece = edit.b or edit.a
    assert piece is not None
    around = piece if edit.everywhere else piece.enclosing()
    path = _path_in(around, piece)
    return (matching.to_b.get(around, around) if around else None), path


def _scopes(group: list[Edit], counts: Counter[str], matching: Matching) -> tuple[Scope, ...]:
    instances: dict[tuple[str, str], set[Piece | None]] = {}
    for edit in group:
        around, path = _where(edit, matching)
        key = (around.word if around else "", path)
        instances.setdefault(key, set()).add(around or edit.b or edit.a)
    return tuple(
        Scope(name, path, len(found), counts[name] if name else len(found))
        for (name, path), found in instances.items()
    )


def _path_in(around: Piece | None, piece: Piece) -> str:
    segments: list[str] = []
    each: Piece | None = piece
    while each is not None and each is not around and each.parent is not None:
        segments.append("*" if each.word == "iteration" else each.segment)
        each = each.parent
    return ".".join(reversed(segments))

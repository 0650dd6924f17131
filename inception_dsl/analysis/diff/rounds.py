"""The rounds of repeats: how many there are is one change, not one for each."""

from __future__ import annotations

import re
from collections.abc import Mapping

from inception_dsl.analysis.diff.arguments import Value
from inception_dsl.analysis.diff.describe import kind_of
from inception_dsl.analysis.diff.pieces import Piece

__all__ = ["counted_by", "is_spare_round", "of_rounds"]


def is_spare_round(piece: Piece, pairs: Mapping[Piece, Piece]) -> bool:
    """Whether it is a round like others that stayed; their number is said of the repeat."""
    repeat = piece.parent
    if piece.word != "iteration" or repeat is None or repeat not in pairs:
        return False
    return any(each.content == piece.content and each in pairs for each in repeat.children)


def of_rounds(a: Piece, b: Piece) -> str:
    """What two repeats are of."""
    fuller = a if len(a.children) > len(b.children) else b
    inside = list(dict.fromkeys(kind_of(each) for each in fuller.children[0].children))
    return f"repeat of {', '.join(inside)}" if inside else "repeat"


def counted_by(a: Piece, b: Piece, rounds: Value, argument: Value) -> bool:
    """Whether the rounds of a repeat are what an argument of the call around it says."""
    return rounds.sides == argument.sides and all(_counts(each, argument.name) for each in (a, b))


def _counts(repeat: Piece, parameter: str) -> bool:
    """Whether it is written `repeat parameter {` or `repeat i in 0..parameter {`."""
    written = repeat.region.origin.span.text if repeat.region else ""
    pattern = rf"repeat\s+(\w+\s+in\s+0\s*\.\.\s*)?{parameter}\s*\{{"
    return re.match(pattern, written) is not None

"""The words for cells along each axis of a feature map."""

from __future__ import annotations

from inception_dsl.ir.types import FeatureMap

__all__ = ["counted", "lines_of"]

_LINES = {0: (), 1: ("cell",), 2: ("row", "column"), 3: ("plane", "row", "column")}


def lines_of(x: FeatureMap) -> tuple[str, ...]:
    """What the cells along each axis are called: rows and columns on a 2-D grid."""
    return _LINES[x.rank]


def counted(number: int, noun: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number} {noun}{'s' * (number != 1)}"

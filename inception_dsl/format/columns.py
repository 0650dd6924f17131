"""Where a column stands: what stands out is not waited for, and nothing is pushed off the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final

from inception_dsl.format.text import WIDTH

__all__ = ["FAR", "Cell", "columns", "pushes", "widest"]

FAR: Final = 12  # columns by which a line may be wider than all others and still be waited for


@dataclass(frozen=True)
class Cell:
    """What is to stand in a column: word `at`, on a line that is `width` wide before it.

    `rest` is how wide the line goes on; cells of one `unit` stand in one column.
    """

    at: int
    width: int
    rest: int
    unit: int


def columns(cells: Sequence[Cell], gap: int, least: int = 0) -> Iterator[tuple[Cell, int]]:
    """Each cell with the width that its line is padded to, for most of them `least` or more.

    Lines that are not waited for have columns of their own, where several follow one another.
    """
    pending, share = [list(cells)] if cells else [], 4
    while pending:
        group = pending.pop()
        column, units = max(least, widest(group, gap, share)), _unit_widths(group)
        least, share = 0, 1
        fits = [units[cell.unit] <= column for cell in group]
        yield from ((cell, column) for cell, fit in zip(group, fits, strict=True) if fit)
        runs = groupby(zip(group, fits, strict=True), key=itemgetter(1))
        pending += [[cell for cell, _ in run] for fit, run in runs if not fit]


def widest(cells: Sequence[Cell], gap: int, share: int = 4) -> int:
    """The widest line that the others are padded to.

    One in `share` of the lines may stand out, and more where others would be pushed off the page.
    """
    units = _unit_widths(cells)
    candidates = sorted(set(units.values()), reverse=True)
    for column, narrower in pairwise(candidates):
        beyond = sum(units[cell.unit] >= column for cell in cells)
        stands_out = column - narrower > FAR and share * beyond <= len(cells)
        inside = [cell for cell in cells if units[cell.unit] <= column]
        if not stands_out and not pushes(inside, column, gap):
            return column
    return candidates[-1]


def pushes(cells: Iterable[Cell], column: int, gap: int) -> bool:
    """Whether a line that waits for this column goes off the page."""
    return any(cell.width < column and column + gap + cell.rest > WIDTH for cell in cells)


def _unit_widths(cells: Iterable[Cell]) -> dict[int, int]:
    widths: dict[int, int] = {}
    for cell in cells:
        widths[cell.unit] = max(cell.width, widths.get(cell.unit, 0))
    return widths

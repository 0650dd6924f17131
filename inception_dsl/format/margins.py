"""Shape notes in one column, and so the sources of published figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from inception_dsl.format.columns import FAR, Cell, columns, widest
from inception_dsl.format.outline import Body, Unit
from inception_dsl.format.spacing import BETWEEN, CLOSER
from inception_dsl.format.tables import tables_of
from inception_dsl.format.text import INDENT, WIDTH, Text
from inception_dsl.syntax import tree

__all__ = ["align_notes", "align_sources", "close_up"]


@dataclass(frozen=True)
class _Note:
    """A shape note in a body, and whether it stands behind the brace of a broken line."""

    body: Body
    cell: Cell
    brace: bool = False


def align_sources(text: Text, body: Body) -> None:
    """Align the sources of consecutive `expect`s."""
    cells: list[Cell] = []
    for row in body.rows:
        source = row.end - 1
        has_source = row.flat and text.words[source].span.start in text.marks.sources
        if not has_source or text.parted(row.first):
            _align(text, columns(cells, CLOSER))
            cells = []
        if has_source:
            cells.append(_cell(text, body, row.first, source, row.end, source))
    _align(text, columns(cells, CLOSER))


def close_up(text: Text, body: Body) -> None:
    """Put notes one blank behind the braces of broken lines, as is right without neighbours."""
    for row in body.rows:
        if (at := _behind_brace(text, row.units[-1])) is not None:
            text.pads[at] = 1 - BETWEEN


def align_notes(text: Text, item: Unit) -> None:
    """Align the notes of a definition or network, those of a body with those before it.

    They go on in a column of their own where the lines are much wider.
    """
    group: list[list[Cell]] = []
    column = rest = 0
    for cells in _runs(note for body in item.bodies for note in _notes(text, body)):
        own, longest = widest(cells, BETWEEN), max(cell.rest for cell in cells)
        if own > column + FAR or max(column, own) + BETWEEN + max(rest, longest) > WIDTH:
            _align_group(text, group, column)
            group, column, rest = [], own, longest
        group.append(cells)
        column, rest = max(column, own), max(rest, longest)
    _align_group(text, group, column)


def _runs(notes: Iterable[_Note]) -> Iterator[list[Cell]]:
    """Notes of one body that follow one another; those behind braces join others only."""
    for _, run in groupby(notes, key=lambda note: id(note.body)):
        found = list(run)
        if not all(note.brace for note in found):
            yield [note.cell for note in found]


def _align_group(text: Text, group: Iterable[Sequence[Cell]], column: int) -> None:
    for cells in group:
        _align(text, columns(cells, BETWEEN, column))


def _notes(text: Text, body: Body) -> Iterator[_Note]:
    """The notes of a body and of those inside, in the order of the text, but for sections' ends.

    Those of one table are a unit.
    """
    tables = {row.first: rows[0].first for rows in tables_of(text, body) for row in rows}
    for row in body.rows:
        unit = row.units[-1]
        table = tables.get(row.first, row.first)
        if row.flat:
            if unit.note is not None:
                yield _Note(body, _cell(text, body, row.first, unit.note, unit.end, table))
            continue
        for inner in unit.bodies:
            yield from _notes(text, inner)
        at = _behind_brace(text, unit)
        if at is not None and not isinstance(unit.node, tree.Section):
            yield _Note(body, _cell(text, body, at - 1, at, unit.end, table), brace=True)


def _behind_brace(text: Text, unit: Unit) -> int | None:
    """The note of a broken line, where it stands behind a brace."""
    behind = not unit.flat and unit.note and text.words[unit.note - 1].type == "RBRACE"
    return unit.note if behind else None


def _cell(text: Text, body: Body, first: int, at: int, end: int, unit: int) -> Cell:
    width = INDENT * body.depth + text.padded_width(first, at)
    return Cell(at, width, text.width(at, end), unit)


def _align(text: Text, cells: Iterable[tuple[Cell, int]]) -> None:
    for cell, column in cells:
        text.pads[cell.at] = column - cell.width

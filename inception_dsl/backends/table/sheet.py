"""A table that is ready to be written: headings and cells as text, whatever the rows tell."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Literal

from inception_dsl.backends.table.rows import Table

__all__ = ["Heading", "Line", "Sheet", "sheet_of"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its heading, the short one for terminals and spreadsheets, what its cells are."""

    text: str
    kind: Literal["text", "shape", "number"] = "text"
    short: str = ""

    @property
    def name(self) -> str:
        """The short heading."""
        return self.short or self.text


@dataclass(frozen=True, slots=True)
class Line:
    """A row's cells; the first is indented by `level`.

    `exact` are its cells for a program, where those for people are rounded. `open` marks a part
    whose rows follow, `aux` what only auxiliary heads need.
    """

    cells: tuple[str, ...]
    level: int = 0
    open: bool = False
    aux: bool = False
    exact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A caption, headings, lines of as many cells, and the lines of totals."""

    caption: str
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    totals: tuple[Line, ...]

    def width(self, place: int) -> int:
        """The characters of the longest cell of a column, its indentation with it."""
        lines = (*self.lines, *self.totals)
        return max((len(x.cells[place]) + 2 * x.level * (place == 0) for x in lines), default=0)

    def spaced(self, place: int) -> bool:
        """Whether a column has cells of several words."""
        return any(" " in line.cells[place] for line in self.lines)

    def heading(self, place: int, text: str) -> list[str]:
        """A heading of a column in lines that are hardly wider than what stands below."""
        room = max(self.width(place), 8 if self.headings[place].kind == "number" else 11)
        words = text.replace("/", "/ ")
        return textwrap.wrap(words, room, break_long_words=False, break_on_hyphens=False) or [""]


def sheet_of(table: Table) -> Sheet:
    """The plain table: parts, operations, outputs, and the columns that were asked for."""
    headings = (
        Heading("part"),
        Heading("operation"),
        Heading("output", "shape"),
        *(
            Heading(text, "number", name)
            for text, name in zip(table.headings, table.names, strict=True)
        ),
    )
    lines = tuple(
        Line(
            (row.name, row.operation, row.output, *table.shown(row)),
            level=row.level,
            open=row.figures is None,
            aux=row.aux,
        )
        for row in table.rows
    )
    totals = tuple(Line((name, "", "", *figures)) for name, figures in table.shown_totals)
    return Sheet(table.caption, headings, lines, totals)

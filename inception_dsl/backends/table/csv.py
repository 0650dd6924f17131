"""A table as CSV, for a spreadsheet: plain numbers, one row per part, no caption."""

from __future__ import annotations

import csv
import io

from inception_dsl.backends.table.columns import Figure, show_figure
from inception_dsl.backends.table.one_line import one_line
from inception_dsl.backends.table.rows import Table
from inception_dsl.backends.table.sheet import Sheet

__all__ = ["escape", "sheet_to_csv", "to_csv"]


def to_csv(table: Table) -> str:
    """Comma-separated, with a line of column names; the totals come last and have no path."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["path", "operation", "output", *table.names, "auxiliary"])
    for row in table.rows:
        figures = _figures(row.figures or (None,) * len(table.names))
        aux = "yes" if row.aux else "no"
        writer.writerow([escape(row.path), escape(row.operation), row.output, *figures, aux])
    for name, totals in table.totals:
        aux = "no" if name == "total" else "yes"
        writer.writerow(["", name, "", *_figures(totals), aux])
    return text.getvalue()


def sheet_to_csv(sheet: Sheet) -> str:
    """A paper's table, with exact figures; the totals come last."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([escape(heading.text) for heading in sheet.headings])
    for line in (*sheet.lines, *sheet.totals):
        writer.writerow(map(escape, line.exact or line.cells))
    return text.getvalue()


def _figures(figures: tuple[Figure, ...]) -> list[str]:
    """Plain numbers; several of them as text."""
    return [
        escape(show_figure(each)) if isinstance(each, tuple) else "" if each is None else str(each)
        for each in figures
    ]


def escape(text: str) -> str:
    """Text that no spreadsheet takes for a formula; the writer quotes what CSV itself needs."""
    shown = one_line(text)
    return "'" + shown if shown.startswith(("=", "+", "-", "@")) else shown

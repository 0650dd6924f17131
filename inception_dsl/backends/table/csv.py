"""A table as CSV, for a spreadsheet: plain numbers, one row per part, no caption."""

from __future__ import annotations

import csv
import io

from inception_dsl.backends.table.rows import Table

__all__ = ["to_csv"]


def to_csv(table: Table) -> str:
    """Comma-separated, with a line of column names; the totals come last and have no path."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["path", "operation", "output", "params", "macs", "auxiliary"])
    for row in table.rows:
        figures = (row.cost.params, row.cost.macs) if row.cost else ("", "")
        aux = "yes" if row.aux else "no"
        writer.writerow([_escape(row.path), _escape(row.operation), row.output, *figures, aux])
    for name, params, macs in table.totals:
        writer.writerow(["", name, "", params, macs, "no" if name == "total" else "yes"])
    return text.getvalue()


def _escape(text: str) -> str:
    """Text that no spreadsheet takes for a formula; the writer quotes what CSV itself needs."""
    one_line = "".join(character if character.isprintable() else " " for character in text)
    return "'" + one_line if one_line.startswith(("=", "+", "-", "@")) else one_line

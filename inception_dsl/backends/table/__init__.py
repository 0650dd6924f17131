"""Tables: a network as rows, for a terminal, a program, a spreadsheet, a web page or a paper."""

from inception_dsl.backends.table.columns import COLUMNS, DEFAULT_COLUMNS
from inception_dsl.backends.table.render import FORMATS, LAYOUTS, Format, Layout, render, sheet
from inception_dsl.backends.table.rows import Row, Table, rows

__all__ = [
    "COLUMNS", "DEFAULT_COLUMNS", "FORMATS", "LAYOUTS", "Format", "Layout", "Row", "Table",
    "render", "rows", "sheet",
]  # fmt: skip

"""A table for a terminal, drawn by rich."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from inception_dsl.backends.table.rows import Row, Table

__all__ = ["to_rich", "to_text"]


def to_rich(table: Table) -> RichTable:
    """The table for a rich console; operations wrap where the terminal is narrow."""
    totals = [figures for _, figures in table.shown_totals]
    drawn = RichTable(
        caption=_text(table.caption),
        caption_justify="left",
        box=box.SIMPLE,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_footer=True,
    )
    drawn.add_column("part", "\n".join(name for name, _ in table.totals), no_wrap=True)
    drawn.add_column("operation", overflow="fold")
    drawn.add_column("output", justify="right", no_wrap=True)
    for name, *shown in zip(table.names, *totals, strict=True):
        drawn.add_column(name, "\n".join(shown), justify="right", no_wrap=True)
    for row in table.rows:
        drawn.add_row(
            _text("  " * row.level + row.name),
            _text(row.operation + (", auxiliary" if row.aux and not row.level else "")),
            row.output,
            *table.shown(row),
            style=_style(row),
        )
    return drawn


def to_text(table: Table, width: int = 100) -> str:
    """The table as plain text."""
    text = io.StringIO()
    Console(file=text, width=width, color_system=None).print(to_rich(table))
    lines = (line.rstrip() for line in text.getvalue().splitlines())
    return "\n".join(lines).strip("\n") + "\n"


def _text(text: str) -> Text:
    """Text that neither rich nor the terminal takes for an instruction."""
    return Text("".join(character if character.isprintable() else " " for character in text))


def _style(row: Row) -> str:
    if row.aux:
        return "dim"
    return "bold" if row.figures is None and not row.level else ""

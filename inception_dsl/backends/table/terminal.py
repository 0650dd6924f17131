"""A table for a terminal, drawn by rich."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from inception_dsl.backends.table.one_line import one_line
from inception_dsl.backends.table.sheet import Line, Sheet

__all__ = ["to_rich", "to_text"]


def to_rich(sheet: Sheet) -> RichTable:
    """The table for a rich console; text wraps where the terminal is narrow."""
    drawn = RichTable(
        caption=_text(sheet.caption),
        caption_justify="left",
        box=box.SIMPLE,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_footer=True,
    )
    for place, heading in enumerate(sheet.headings):
        text = place > 0 and heading.kind == "text"
        drawn.add_column(
            _text_lines(sheet.heading(place, heading.name)),
            _text_lines(line.cells[place] for line in sheet.totals),
            justify="left" if heading.kind == "text" else "right",
            no_wrap=not (text or (heading.kind == "number" and sheet.spaced(place))),
            overflow="fold" if text else "ellipsis",
        )
    for line in sheet.lines:
        name, operation, *rest = line.cells
        drawn.add_row(
            _text("  " * line.level + name),
            _text(operation + (", auxiliary" if line.aux and not line.level else "")),
            *map(_text, rest),
            style=_style(line),
        )
    return drawn


def to_text(sheet: Sheet, width: int = 100) -> str:
    """The table as plain text."""
    text = io.StringIO()
    console = Console(file=text, width=width, color_system=None, force_jupyter=False)
    console.print(to_rich(sheet))
    lines = (line.rstrip() for line in text.getvalue().splitlines())
    return "\n".join(lines).strip("\n") + "\n"


def _text(text: str) -> Text:
    """Text that neither rich nor the terminal takes for an instruction."""
    return Text(one_line(text))


def _text_lines(texts: Iterable[str]) -> Text:
    return Text("\n").join(map(_text, texts))


def _style(line: Line) -> str:
    if line.aux:
        return "dim"
    return "bold" if line.open and not line.level else ""

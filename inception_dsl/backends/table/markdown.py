"""A table in GitHub's Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inception_dsl.backends.table.one_line import one_line
from inception_dsl.backends.table.sheet import Line, Sheet

__all__ = ["to_markdown"]


def to_markdown(sheet: Sheet) -> str:
    """The caption as a paragraph, then the table; open parts have no numbers of their own."""
    sides = (" :--- |" if heading.kind == "text" else " ---: |" for heading in sheet.headings)
    lines = [
        escape(sheet.caption),
        "",
        _row(escape(heading.text) for heading in sheet.headings),
        "|" + "".join(sides),
        *(_row(_cells(line)) for line in sheet.lines),
        *(
            _row(f"**{escape(cell)}**" if cell else "" for cell in line.cells)
            for line in sheet.totals
        ),
    ]
    return "\n".join(lines) + "\n"


def _cells(line: Line) -> list[str]:
    name, operation, *rest = map(escape, line.cells)
    marked = operation + (" *(auxiliary)*" if line.aux and not line.level else "")
    return ["&emsp;" * line.level + name, marked, *rest]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escape(text: str) -> str:
    """Text that Markdown shows literally, inside a table cell too."""
    escaped = re.sub(r"([\\`*\[\]<>|&~$])", r"\\\1", one_line(text))
    return re.sub(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])", r"\\_", escaped)

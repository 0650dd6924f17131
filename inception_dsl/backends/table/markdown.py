"""A table in GitHub's Markdown."""

from __future__ import annotations

import re

from inception_dsl.backends.table.rows import Row, Table

__all__ = ["to_markdown"]


def to_markdown(table: Table) -> str:
    """The caption as a paragraph, then the table; open parts have no numbers of their own."""
    lines = [
        escape(table.caption),
        "",
        f"| part | operation | output | {' | '.join(table.headings)} |",
        f"| :--- | :--- | ---: |{' ---: |' * len(table.headings)}",
        *(_line(row, table.shown(row)) for row in table.rows),
        *(_total(name, figures) for name, figures in table.shown_totals),
    ]
    return "\n".join(lines) + "\n"


def _line(row: Row, figures: tuple[str, ...]) -> str:
    indent = "&emsp;" * row.level
    operation = escape(row.operation) + (" *(auxiliary)*" if row.aux and not row.level else "")
    cells = (f"{indent}{escape(row.name)}", operation, row.output, *figures)
    return f"| {' | '.join(cells)} |"


def _total(name: str, figures: tuple[str, ...]) -> str:
    cells = (f"**{figure}**" if figure else "" for figure in figures)
    return f"| **{name}** |  |  | {' | '.join(cells)} |"


def escape(text: str) -> str:
    """Text that Markdown shows literally, inside a table cell too."""
    one_line = "".join(character if character.isprintable() else " " for character in text)
    escaped = re.sub(r"([\\`*\[\]<>|&~$])", r"\\\1", one_line)
    return re.sub(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])", r"\\_", escaped)

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
        "| part | operation | output | parameters | multiply-adds |",
        "| :--- | :--- | ---: | ---: | ---: |",
        *(_line(row) for row in table.rows),
        *(f"| **{name}** |  |  | **{p:,}** | **{m:,}** |" for name, p, m in table.totals),
    ]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    indent = "&emsp;" * row.level
    params, macs = row.figures
    operation = escape(row.operation) + (" *(auxiliary)*" if row.aux and not row.level else "")
    return f"| {indent}{escape(row.name)} | {operation} | {row.output} | {params} | {macs} |"


def escape(text: str) -> str:
    """Text that Markdown shows literally, inside a table cell too."""
    one_line = "".join(character if character.isprintable() else " " for character in text)
    escaped = re.sub(r"([\\`*\[\]<>|&~$])", r"\\\1", one_line)
    return re.sub(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])", r"\\_", escaped)

"""A table in the format asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from inception_dsl.backends.table.columns import DEFAULT_COLUMNS
from inception_dsl.backends.table.csv import to_csv
from inception_dsl.backends.table.json import to_json
from inception_dsl.backends.table.latex import to_latex
from inception_dsl.backends.table.markdown import to_markdown
from inception_dsl.backends.table.rows import rows
from inception_dsl.ir.graph import CheckedGraph

__all__ = ["FORMATS", "Format", "render"]

Format = Literal["table", "json", "csv", "markdown", "latex"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(
    checked: CheckedGraph,
    format: Format = "table",
    depth: int | None = 0,
    columns: Sequence[str] = DEFAULT_COLUMNS,
) -> str:
    """The table as text, ending with a line end; `json` lists every node at any depth.

    `columns` are names of `COLUMNS`.
    """
    if format == "json":
        return to_json(checked, columns)
    table = rows(checked, depth, columns)
    match format:
        case "table":
            from inception_dsl.backends.table.terminal import (
                to_text,  # the only one that needs rich
            )

            return to_text(table)
        case "csv":
            return to_csv(table)
        case "markdown":
            return to_markdown(table)
        case "latex":
            return to_latex(table)

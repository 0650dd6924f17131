"""A table in the format and layout asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from inception_dsl.backends.table.columns import DEFAULT_COLUMNS
from inception_dsl.backends.table.csv import sheet_to_csv, to_csv
from inception_dsl.backends.table.json import to_json
from inception_dsl.backends.table.latex import to_latex
from inception_dsl.backends.table.markdown import to_markdown
from inception_dsl.backends.table.paper import paper
from inception_dsl.backends.table.rows import rows
from inception_dsl.backends.table.sheet import Sheet, sheet_of
from inception_dsl.ir.graph import CheckedGraph

__all__ = ["FORMATS", "LAYOUTS", "Format", "Layout", "render", "sheet"]

Format = Literal["table", "json", "csv", "markdown", "latex"]
FORMATS: tuple[Format, ...] = get_args(Format)
Layout = Literal["plain", "paper"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)


def sheet(
    checked: CheckedGraph,
    depth: int | None = 0,
    columns: Sequence[str] = DEFAULT_COLUMNS,
    layout: Layout = "plain",
) -> Sheet:
    """The table for people: every part with its figures, or what a paper would print."""
    if layout == "paper":
        return paper(checked, depth, columns)
    return sheet_of(rows(checked, depth, columns))


def render(
    checked: CheckedGraph,
    format: Format = "table",
    depth: int | None = 0,
    columns: Sequence[str] = DEFAULT_COLUMNS,
    layout: Layout = "plain",
) -> str:
    """The table as text, ending with a line end; `json` lists every node at any depth and layout.

    `columns` are names of `COLUMNS`.
    """
    match format:
        case "json":
            return to_json(checked, columns)
        case "csv" if layout == "plain":
            return to_csv(rows(checked, depth, columns))
        case "csv":
            return sheet_to_csv(sheet(checked, depth, columns, layout))
        case "table":
            from inception_dsl.backends.table.terminal import (
                to_text,  # the only one that needs rich
            )

            return to_text(sheet(checked, depth, columns, layout))
        case "markdown":
            return to_markdown(sheet(checked, depth, columns, layout))
        case "latex":
            return to_latex(sheet(checked, depth, columns, layout))

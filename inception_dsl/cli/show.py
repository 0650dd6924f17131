"""`incept show`: the network as a table."""

from __future__ import annotations

import sys
from typing import Any

import click

from inception_dsl.backends.table import (
    COLUMNS,
    DEFAULT_COLUMNS,
    FORMATS,
    LAYOUTS,
    Format,
    Layout,
    render,
    sheet,
)
from inception_dsl.backends.table.arena import render_memory_plan
from inception_dsl.cli import request
from inception_dsl.cli.console import colored
from inception_dsl.cli.rewriting import passes_option, rewritten
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.passes import PIPELINES

__all__ = ["command"]


def _columns(written: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in written.split(",")))
    for name in names:
        if name not in COLUMNS:
            hint = suggestion(name, COLUMNS) or "the columns are " + ", ".join(COLUMNS)
            raise click.BadParameter(f"no column is called `{name}`; {hint}")
    return names


@click.command("show")
@request.spec_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="How to write the table; json lists every node.",
)
@click.option(
    "--layout",
    type=click.Choice(LAYOUTS),
    default="plain",
    show_default=True,
    help="Every part, or the table of a paper: patch sizes, filters, rounded figures.",
)
@request.depth_option(default=0)
@click.option(
    "--columns",
    type=_columns,
    metavar="NAME,...",
    default=",".join(DEFAULT_COLUMNS),
    show_default=True,
    help="What to tell of each part: " + ", ".join(COLUMNS) + ".",
)
@click.option(
    "--stage",
    type=click.Choice(["checked", "optimized"]),
    default="checked",
    show_default=True,
    help="The network as written, or as rewritten for inference.",
)
@click.option(
    "--target",
    type=click.Choice(list(PIPELINES)),
    help="Whose rewrites --stage optimized shows; torch, if not given.",
)
@passes_option
@click.option("--memory", is_flag=True, help="The memory plan: where each feature map lies.")
@request.options
def command(
    spec: str,
    format_: Format,
    layout: Layout,
    depth: int | None,
    columns: tuple[str, ...],
    stage: str,
    target: str | None,
    passes: tuple[str, ...] | None,
    memory: bool,
    **options: Any,
) -> None:
    """Show the network of SPEC as a table.

    Its parts with their output shapes, and what --columns asks for; totals are of the main path.
    """
    network = request.load(spec, **options)
    if stage == "optimized":
        target = target or "torch"
    checked = rewritten(network.graph, target, passes)
    if memory:
        if format_ != "table":
            raise click.UsageError(f"--memory is a table, and has no --format {format_}")
        if layout != "plain":
            raise click.UsageError(f"--memory is a table of its own, and has no --layout {layout}")
        click.echo(render_memory_plan(checked), nl=False)
        return
    if format_ == "json" and layout != "plain":
        raise click.UsageError(
            f"--format json lists every node, and has no --layout {layout}; "
            f"--format csv --layout {layout} has exact figures for programs"
        )
    if format_ == "table" and colored(sys.stdout):
        from rich.console import Console

        from inception_dsl.backends.table.terminal import to_rich

        Console().print(to_rich(sheet(checked, depth, columns, layout)))
    else:
        click.echo(render(checked, format_, depth, columns, layout), nl=False)

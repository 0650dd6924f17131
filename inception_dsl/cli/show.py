"""`incept show`: the network as a table."""

from __future__ import annotations

import sys
from typing import Any

import click

from inception_dsl.backends.table import FORMATS, Format, render, rows
from inception_dsl.cli import request
from inception_dsl.cli.console import colored

__all__ = ["command"]


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
@request.depth_option(default=0)
@request.options
def command(spec: str, format_: Format, depth: int | None, **options: Any) -> None:
    """Show the network of SPEC as a table.

    Its parts with their output shapes, parameters and multiply-adds; totals are of the main path.
    """
    network = request.load(spec, **options)
    if format_ == "table" and colored(sys.stdout):
        from rich.console import Console

        from inception_dsl.backends.table.terminal import to_rich

        Console().print(to_rich(rows(network.graph, depth)))
    else:
        click.echo(render(network.graph, format_, depth), nl=False)

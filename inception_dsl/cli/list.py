"""`incept list`: the specs that come with the package."""

from __future__ import annotations

import sys

import click

from inception_dsl.cli.console import terminal_width, working
from inception_dsl.diagnostics.cells import clip

__all__ = ["command"]


@click.command("list")
def command() -> None:
    """List the shipped specs with their size and cost."""
    from inception_dsl.loading import load
    from inception_dsl.shipped import shipped_specs

    rows = []
    for name in shipped_specs():
        with working(f"reading {name}"):
            network = load(name)
        shape = str(network.graph.input_map)
        title = " ".join(network.doc.split()).partition(". ")[0].removesuffix(".")
        rows.append((name, shape, f"{network.params:,}", f"{network.macs:,}", title))
    heading = ("spec", "input", "parameters", "multiply-adds", "")
    widths = [max(map(len, column)) for column in zip(heading, *rows, strict=True)]
    for name, shape, params, macs, title in (heading, *rows):
        line = (
            f"{name:{widths[0]}}  {shape:>{widths[1]}}  {params:>{widths[2]}}  "
            f"{macs:>{widths[3]}}  {title}"
        ).rstrip()
        click.echo(clip(line, terminal_width()) if sys.stdout.isatty() else line)

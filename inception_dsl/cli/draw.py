"""`incept draw`: the network as a figure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from inception_dsl.analysis.outline import UnknownPart
from inception_dsl.cli import request
from inception_dsl.cli.console import Refused, working, writing

__all__ = ["command"]


@click.command("draw")
@request.spec_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to; NAME.svg if not given. The suffix is the format: svg, pdf, png or dot.",
)
@request.depth_option(default=1)
@click.option(
    "--expand",
    multiple=True,
    metavar="PATH",
    help="Open the part with this path, too; may be repeated.",
)
@request.options
def command(
    spec: str, output: Path | None, depth: int | None, expand: tuple[str, ...], **options: Any
) -> None:
    """Draw the network of SPEC.

    Stem, modules, reductions and heads are clusters; every box has its operation, its output's
    shape and its parameters.
    """
    network = request.load(spec, **options)
    from inception_dsl.backends.graphviz import RenderError, render, to_graphviz

    output = output or Path(f"{network.name}.svg")
    try:
        with working(f"drawing {network.name}"), writing(output):
            render(to_graphviz(network.graph, depth=depth, expand=expand), output)
    except (RenderError, UnknownPart) as error:
        raise Refused(str(error)) from None

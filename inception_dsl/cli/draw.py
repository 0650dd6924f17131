"""`incept draw`: the network as a figure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from inception_dsl.cli import request
from inception_dsl.cli.console import working, writing
from inception_dsl.cli.figure_options import figure_refused, look, print_size

__all__ = ["command"]


@click.command("draw")
@request.spec_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to; NAME.svg if not given. The suffix is the format: svg, pdf, png, tex (TikZ), "
    "dot, or html, a page that folds and unfolds.",
)
@request.depth_option(default=0)
@click.option(
    "--expand",
    multiple=True,
    metavar="PATH",
    help="Open the part with this path, too; may be repeated.",
)
@click.option(
    "--module",
    metavar="NAME|PATH",
    help="Draw one module alone, opened: by the name of its definition, or by its path.",
)
@look
@print_size
@request.options
def command(
    spec: str,
    output: Path | None,
    settings: Any,
    input: Any,
    **options: Any,
) -> None:
    """Draw the network of SPEC.

    One box per module, equal neighbours as one box; --depth, --expand and --module open them.
    Branches stand side by side in the order of the spec.
    """
    network = request.load(spec, settings, input)
    output = output or Path(f"{network.name}.svg")
    with figure_refused(), working(f"drawing {network.name}"), writing(output):
        network.draw(output, **options)

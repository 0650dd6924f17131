"""`incept diff`: what is different between two networks."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from inception_dsl.backends.table.diff_json import difference_to_json
from inception_dsl.backends.table.diff_text import render_difference
from inception_dsl.cli import request
from inception_dsl.cli.console import Refused, colored, terminal_width, working, writing
from inception_dsl.cli.figure_options import figure_refused, look, print_size
from inception_dsl.cli.revisions import at_revision
from inception_dsl.diagnostics import SpecError
from inception_dsl.elaborate.files import is_there
from inception_dsl.elaborate.limits import Limits
from inception_dsl.loading import load_request
from inception_dsl.locate import request_for
from inception_dsl.network import Network
from inception_dsl.shipped import shipped_file

__all__ = ["command"]

_NARROWEST, _WIDEST = 60, 100

Settings = tuple[tuple[str, str], ...]
Shape = tuple[int, ...] | None


@click.command("diff")
@click.argument("a", metavar="A")
@click.argument("b", metavar="[B]", required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to write what is different.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Also draw both side by side, in colours: svg, pdf, png, tex, or html with the text.",
)
@request.depth_option(default=0)
@look
@print_size
@request.options
@request.options_of("a")
def command(
    a: str,
    b: str | None,
    format_: str,
    output: Path | None,
    settings: Settings,
    input: Shape,
    settings_a: Settings,
    input_a: Shape,
    **figure: Any,
) -> None:
    """Show what is different in network B from A: structure, arguments, names and counts.

    A and B are SPECs, or REV:PATH, a file at a revision that git has. --set and --input are for B,
    which is A under these settings if it is left out. Exit status: 0 the same, 1 different.
    """
    if b is None and not (settings or input or settings_a or input_a):
        raise click.UsageError("name two networks, or one and a --set or --input for the other")
    if a == b == "-":
        raise click.UsageError("only one of the two can be standard input")
    if b is None and a == "-":
        raise click.UsageError("standard input is read once: name the other network")
    if output is None:
        _no_figure(figure)
    with working("comparing"):
        old, new = _load(a, settings_a, input_a), _load(b or a, settings, input)
        found = old.diff(new)
    if output is not None:
        with figure_refused(), writing(output):
            found.draw(output, **figure)
    if format_ == "json":
        click.echo(difference_to_json(found), nl=False)
    else:
        width = min(max(terminal_width(), _NARROWEST), _WIDEST) if sys.stdout.isatty() else 80
        click.echo(render_difference(found, color=colored(sys.stdout), width=width), nl=False)
    if found:
        raise click.exceptions.Exit(1)


def _no_figure(options: Iterable[str]) -> None:
    """Refuse what is said of a figure where none is drawn."""
    context = click.get_current_context()
    for parameter in context.command.params:
        written = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if written and parameter.name in options:
            raise click.UsageError(f"`{parameter.opts[0]}` is for a figure: add `-o FILE`")


def _load(spec: str, settings: Settings, input: Shape) -> Network:
    """The network of a SPEC or of REV:PATH; what stands in its way goes to stderr.

    Raises: Exit with 2: whether anything differs is not known.
    """
    limits = Limits()
    try:
        if not _is_revision(spec):
            found = request_for(request.text_or_place(spec), input, dict(settings), limits)
            return load_request(found, limits)
        with at_revision(spec) as found:
            return load_request(replace(found, settings=dict(settings), input=input), limits)
    except SpecError as error:
        request.report(error.diagnostics)
        raise click.exceptions.Exit(Refused.exit_code) from None


def _is_revision(spec: str) -> bool:
    """Whether only git can know what is meant: a file, or a file with a network, comes first."""
    places = (spec, spec.rpartition(":")[0])
    here = any(shipped_file(place) or is_there(Path(place), stat.S_ISREG) for place in places)
    return ":" in spec and not here

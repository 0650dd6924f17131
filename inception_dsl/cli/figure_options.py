"""The options of every command that draws: what is open, what is said, and how it looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from inception_dsl.backends.drawing.fit import SMALLEST_TYPE, parse_length
from inception_dsl.backends.figure.options import DIRECTIONS, FACTS, HEATS, THEMES, Fact
from inception_dsl.cli.console import Refused
from inception_dsl.diagnostics.suggest import suggestion

__all__ = ["figure_refused", "look", "print_size"]

F = TypeVar("F", bound=Callable[..., Any])


def _facts(written: str) -> tuple[Fact, ...]:
    words = [word.strip() for word in written.split(",")] if written else []
    names: tuple[str, ...] = tuple(dict.fromkeys(words))
    for name in names:
        if name not in FACTS:
            hint = suggestion(name, FACTS) or "the facts are " + ", ".join(FACTS)
            raise click.BadParameter(f"no fact is called `{name}`; {hint}")
    return tuple(fact for name in names for fact in FACTS if fact == name)


def _length(written: str) -> float:
    try:
        return parse_length(written)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@contextmanager
def figure_refused() -> Iterator[None]:
    """What cannot be drawn as asked for, in a line.

    Raises: Refused in its place.
    """
    from inception_dsl.backends.drawing import RenderError
    from inception_dsl.backends.figure import FigureError, UnknownPart

    try:
        yield
    except (RenderError, FigureError, UnknownPart) as error:
        raise Refused(str(error)) from None


def look(command: F) -> F:
    """`--show`, `--heat`, `--theme`, `--direction`, and what may be left out."""
    for option in (
        click.option(
            "--legend/--no-legend", default=True, help="Explain the colours below the figure."
        ),
        click.option(
            "--caption/--no-caption", default=True, help="Name and totals below the figure."
        ),
        click.option(
            "--direction",
            type=click.Choice(DIRECTIONS),
            default="TB",
            show_default=True,
            help="From top to bottom, or from left to right.",
        ),
        click.option(
            "--theme",
            type=click.Choice(THEMES),
            default="light",
            show_default=True,
            help="Colours for a light page, a dark one, or black ink.",
        ),
        click.option(
            "--heat",
            type=click.Choice(HEATS),
            help="Colour boxes by their share of this instead of by role.",
        ),
        click.option(
            "--show",
            type=_facts,
            metavar="FACT,...",
            default="kernel,shape,params",
            show_default=True,
            help=f"What a box says besides its name: {', '.join(FACTS)}; memory is that of feature "
            "maps, rf the receptive field.",
        ),
    ):
        command = option(command)
    return command


def print_size(command: F) -> F:
    """`--width` and `--smallest-type`, in points."""
    command = click.option(
        "--smallest-type",
        type=_length,
        default=f"{SMALLEST_TYPE:g}pt",
        show_default=True,
        metavar="LENGTH",
        help="Refuse a figure whose smallest type would be printed smaller.",
    )(command)
    return click.option(
        "--width",
        type=_length,
        metavar="LENGTH",
        help="Print the figure so wide: 3.25in, 8.3cm, 83mm, 234pt.",
    )(command)

"""What every command takes: a SPEC, its settings, and the size of its input."""

from __future__ import annotations

import re
import stat
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from inception_dsl.cli.console import Refused, colored, say, terminal_width
from inception_dsl.diagnostics import Diagnostic, Diagnostics, SpecError
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.diagnostics.text import render_text
from inception_dsl.elaborate.elaborate import Checked, elaborate
from inception_dsl.elaborate.files import is_there
from inception_dsl.elaborate.limits import Limits
from inception_dsl.loading import examine
from inception_dsl.loading import load_with as network_of
from inception_dsl.locate import request_for
from inception_dsl.network import Network
from inception_dsl.shipped import shipped_file, shipped_specs
from inception_dsl.source import Source

__all__ = [
    "checked",
    "depth_option",
    "load",
    "look_into",
    "options",
    "options_of",
    "report",
    "spec_argument",
    "standard_input",
    "text_or_place",
]

F = TypeVar("F", bound=Callable[..., Any])


def _setting(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not (equals and name.isidentifier()):
        raise click.BadParameter(f"{written!r} is not NAME=VALUE, for example classes=10")
    return name, value


def _shape(written: str) -> tuple[int, ...]:
    if not re.fullmatch(r"[1-9][0-9]{0,8}(x[1-9][0-9]{0,8}){0,3}", written):
        raise click.BadParameter(f"{written!r} is no shape, for example 3x224x224")
    return tuple(int(extent) for extent in written.split("x"))


def _depth(written: str) -> int | None:
    if written != "all" and not re.fullmatch(r"[0-9]{1,4}", written):
        raise click.BadParameter(f"{written!r} is no depth: write a number, or all")
    return None if written == "all" else int(written)


def depth_option(default: int) -> Callable[[F], F]:
    """`--depth`, which arrives as a number of levels or, for all of them, as None."""
    return click.option(
        "--depth",
        type=_depth,
        metavar="N|all",
        default=str(default),
        show_default=True,
        help="How many levels of definitions to open.",
    )


spec_argument = click.argument("spec", metavar="SPEC")


def options(command: F) -> F:
    """The options of every command that loads a spec; they arrive as `settings` and `input`."""
    return _options("", "")(command)


def options_of(side: str) -> Callable[[F], F]:
    """The same for one of two specs: `--set-a`, which arrives as `settings_a`."""
    return _options(side, f", in {side.upper()}")


def _options(side: str, where: str) -> Callable[[F], F]:
    dash, line = (f"-{side}", f"_{side}") if side else ("", "")

    def add(command: F) -> F:
        command = click.option(
            f"--input{dash}",
            f"input{line}",
            type=_shape,
            metavar="CxHxW",
            help=f"Give the input this shape instead of the declared one{where}.",
        )(command)
        return click.option(
            f"--set{dash}", f"settings{line}", type=_setting, metavar="NAME=VALUE", multiple=True,
            help=f"Set a parameter of the network or its file{where}; may be repeated.",
        )(command)  # fmt: skip

    return add


def load(spec: str, settings: Iterable[tuple[str, str]], input: tuple[int, ...] | None) -> Network:
    """The network of SPEC; its diagnostics go to stderr, and an error in it ends the command.

    Published figures are left to `check`.
    """
    try:
        network = network_of(text_or_place(spec), settings=dict(settings), input=input)
    except SpecError as error:
        report(error.diagnostics)
        raise click.exceptions.Exit(1) from None
    report(network.warnings)
    return network


def checked(
    spec: str, settings: Iterable[tuple[str, str]], input: tuple[int, ...] | None
) -> Checked:
    """The text of SPEC and what it imports, with the network if there is one; as `load` else."""
    limits = Limits()
    diagnostics = Diagnostics(limits.diagnostics)
    try:
        asked = request_for(text_or_place(spec), input, dict(settings), limits)
    except SpecError as error:
        report(error.diagnostics)
        raise click.exceptions.Exit(1) from None
    found = elaborate(replace(asked, library=True), diagnostics, limits)
    report(diagnostics)
    if found is None:
        raise click.exceptions.Exit(1)
    return found


def look_into(
    spec: str,
    settings: Iterable[tuple[str, str]],
    input: tuple[int, ...] | None,
    ignore: Collection[str] = (),
) -> tuple[Network | None, tuple[Diagnostic, ...]]:
    """The network of SPEC, None for a library, and all there is to say of it, figures included."""
    return examine(text_or_place(spec), settings=dict(settings), input=input, ignore=ignore)


def text_or_place(spec: str) -> Path | Source:
    """What SPEC stands for.

    Raises: Refused if it leads nowhere.
    """
    return standard_input() if spec == "-" else _place(spec)


def report(diagnostics: Iterable[Diagnostic]) -> None:
    """Write diagnostics for a person to stderr."""
    text = render_text(diagnostics, color=colored(sys.stderr), width=terminal_width())
    if text:
        say(text.rstrip("\n"))


def _place(spec: str) -> Path:
    """SPEC, once it is known to lead somewhere: a path, whatever is in its name.

    Raises: Refused if it does not.
    """
    for place in (spec, spec.rpartition(":")[0]):
        if shipped_file(place) or is_there(Path(place), stat.S_ISREG):
            return Path(spec)
    if is_there(Path(spec)):
        raise Refused(f"cannot read {spec}: it is no file")
    near = suggestion(spec, shipped_specs()) or "`incept list` has the shipped specs"
    raise Refused(f"no file and no shipped spec is called `{spec}`; {near}")


def standard_input() -> Source:
    """What `-` stands for.

    Raises: Refused if it is not UTF-8.
    """
    try:
        return Source("<stdin>", sys.stdin.buffer.read().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Refused(f"cannot read standard input: not UTF-8 at byte {error.start}") from None

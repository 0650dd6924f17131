"""`incept new`: a spec to start from."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path
from typing import Final

import click

from inception_dsl.cli.console import Refused, say, writing
from inception_dsl.diagnostics import Diagnostics
from inception_dsl.elaborate.names import RESERVED
from inception_dsl.format import formatted
from inception_dsl.source import Source
from inception_dsl.syntax.tables import tables
from inception_dsl.whole_file import whole_file

__all__ = ["KINDS", "command"]

KINDS: Final = ("classifier", "minimal", "library")
_SUFFIX: Final = ".incept"


def _name(written: str) -> str:
    name = written.removesuffix(_SUFFIX)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,99}", name):
        raise click.BadParameter(
            f"{written!r} is no name of a network: names are letters, digits and `_`, "
            "and start with a letter"
        )
    if name in RESERVED or name in tables().keywords:
        raise click.BadParameter(f"`{name}` is a word of the language, which names nothing")
    return name


@click.command("new")
@click.argument("name", type=_name)
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="classifier",
    show_default=True,
    help="A whole network with comments, the smallest one, or definitions to import.",
)
def command(name: str, kind: str) -> None:
    """Write NAME.incept, a spec to start from.

    It checks as it is. A file that is there is never written over.
    """
    path = Path(f"{name}{_SUFFIX}")
    if os.path.lexists(path):
        raise Refused(f"{path} is there already")
    with writing(path), whole_file(path) as partial:
        partial.write_text(_starter(name, kind), encoding="utf-8")
    say(f"next: incept check {path}" + ("" if kind == "library" else f", incept draw {path}"))


def _starter(name: str, kind: str) -> str:
    """A starter under its name, in the one form of specs."""
    starter = files("inception_dsl.cli") / "starters" / f"{kind}{_SUFFIX}"
    text = starter.read_text(encoding="utf-8").replace("NAME", name)
    form = formatted(Source(f"{name}{_SUFFIX}", text), Diagnostics())
    assert form is not None, f"the {kind} that we ship parses"
    return form

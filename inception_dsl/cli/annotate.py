"""`incept annotate`: shape notes written and brought up to date."""

from __future__ import annotations

import click

from inception_dsl.annotate import annotate
from inception_dsl.cli.in_place import Rewriting, rewrite_in_place

__all__ = ["command"]


@click.command("annotate")
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Only tell in which files notes are missing or stale.")
@click.option("--diff", is_flag=True, help="Only show what would change.")
def command(specs: tuple[str, ...], check: bool, diff: bool) -> None:
    """Write the shape notes of every SPEC; a folder stands for all specs in it.

    Named instances and the ends of sections get one (`: 288x35x35`), and notes that are wrong say
    what is right. A definition's notes leave the grid open, and are written where all its uses
    agree. The result has the form of `incept fmt`. Standard input, -, is written to standard
    output. Specs that come with the package are never rewritten.
    """
    rewrite_in_place(specs, Rewriting(annotate, "annotate", "annotated"), check=check, diff=diff)

"""`incept fmt`: specs in their one form."""

from __future__ import annotations

import click

from inception_dsl.cli.in_place import Rewriting, rewrite_in_place
from inception_dsl.diagnostics import Diagnostics, SpecError
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.request import Request
from inception_dsl.format import formatted

__all__ = ["command"]


@click.command("fmt")
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Only tell which files have another form.")
@click.option("--diff", is_flag=True, help="Only show what would change.")
def command(specs: tuple[str, ...], check: bool, diff: bool) -> None:
    """Rewrite every SPEC in its one form; a folder stands for all specs in it.

    Words and comments stay as they are. Standard input, -, is written to standard output. Specs
    that come with the package are never rewritten: look at them with --check or --diff.
    """
    rewrite_in_place(specs, Rewriting(_in_form, "reformat", "reformatted"), check=check, diff=diff)


def _in_form(request: Request, limits: Limits) -> str:
    """The spec in its one form.

    Raises: SpecError if it has mistakes.
    """
    diagnostics = Diagnostics(limits.diagnostics)
    text = formatted(request.source, diagnostics)
    if text is None:
        raise SpecError(tuple(diagnostics))
    return text

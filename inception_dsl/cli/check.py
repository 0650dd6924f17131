"""`incept check`: is each spec right, and does it reproduce its published figures?"""

from __future__ import annotations

from typing import Any

import click

from inception_dsl.cli import request
from inception_dsl.cli.console import Refused, working
from inception_dsl.cli.mend import mend_file
from inception_dsl.diagnostics import Diagnostic
from inception_dsl.diagnostics.cells import visible
from inception_dsl.diagnostics.codes import CODES
from inception_dsl.diagnostics.github import render_github
from inception_dsl.diagnostics.json import render_json
from inception_dsl.diagnostics.sarif import render_sarif
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.network import Network

__all__ = ["command"]

_RENDERERS = {"json": render_json, "github": render_github, "sarif": render_sarif}


def _warning(written: str) -> str:
    warnings = [code for code in CODES if code.startswith("W")]
    if written in CODES and written not in warnings:
        raise click.BadParameter(f"{written} is an error, and only warnings can be ignored")
    if not written or not any(code.startswith(written) for code in warnings):
        hint = suggestion(written, warnings) or "`incept explain` lists them"
        raise click.BadParameter(f"no warning has the code `{written}`; {hint}")
    return written


@click.command("check")
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True)
@click.option(
    "--output-format",
    type=click.Choice(["text", *_RENDERERS]),
    default="text",
    show_default=True,
    help="How to write what is found.",
)
@click.option(
    "--ignore",
    type=_warning,
    metavar="CODE",
    multiple=True,
    help="Turn a warning off by its code, or several by how their codes begin; may be repeated.",
)
@click.option("--fix", is_flag=True, help="Carry out the fixes that are certain, in the files.")
@request.options
def command(
    specs: tuple[str, ...], output_format: str, ignore: tuple[str, ...], fix: bool, **options: Any
) -> None:
    """Check every SPEC, and its published figures.

    As text, errors and warnings go to stderr and a line for each right spec to stdout; in the other
    formats everything that was found goes to stdout.
    """
    if fix and any(options.values()):
        raise Refused("--fix mends a spec as it is declared: leave --set and --input out")
    found: list[Diagnostic] = []
    failed = False
    for spec in specs:
        if fix:
            mend_file(spec, ignore)
        with working(f"checking {spec}"):
            network, diagnostics = request.look_into(spec, ignore=ignore, **options)
        found += diagnostics
        wrong = any(record.severity == "error" for record in diagnostics)
        failed = failed or wrong
        if output_format == "text":
            request.report(diagnostics)
            if not wrong:
                click.echo(
                    _right(network) if network else f"ok  {visible(spec)}  a library: no network"
                )
    if output_format != "text":
        click.echo(_RENDERERS[output_format](found), nl=False)
    if failed:
        raise click.exceptions.Exit(1)


def _right(network: Network) -> str:
    aux = f" and {network.aux_params:,} in auxiliary heads" if network.aux_params else ""
    return (
        f"ok  {network.name}  {network.params:,} parameters{aux}, "
        f"{network.macs:,} multiply-adds, depth {network.cost.depth}"
    )

"""`incept audit`: every published figure, with its source, our own, and the verdict."""

from __future__ import annotations

import sys

import click

from inception_dsl.backends.table.findings import AUDIT_FORMATS, AuditFormat, render_findings
from inception_dsl.cli import request
from inception_dsl.cli.console import terminal_width, working

__all__ = ["command"]


@click.command("audit")
@click.argument("specs", metavar="[SPEC]...", nargs=-1)
@click.option(
    "--format",
    "format_",
    type=click.Choice(AUDIT_FORMATS),
    default="table",
    show_default=True,
    help="How to write the findings.",
)
@click.option("--differs", is_flag=True, help="Show only the figures that nobody can reproduce.")
def command(specs: tuple[str, ...], format_: AuditFormat, differs: bool) -> None:
    """Hold published figures against what the specs compute.

    Those of each SPEC, or of all that ship and of the building blocks they share. Exit status 1
    if a figure is neither reproduced nor explained.
    """
    from inception_dsl.analysis.audit import audit_claims, audit_expectations
    from inception_dsl.analysis.published import read_published
    from inception_dsl.shipped import shipped_specs

    published = read_published()
    shipped = shipped_specs()
    findings, failed = [], False
    for spec in specs or dict.fromkeys((*shipped, *(claim.about for claim in published.claims))):
        if spec:
            with working(f"auditing {spec}"):
                network, diagnostics = request.look_into(spec, (), None)
            request.report(diagnostics)
            failed = failed or any(record.severity == "error" for record in diagnostics)
            findings += audit_expectations(spec, network.expectations if network else ())
        if not specs or spec in shipped:
            findings += audit_claims(published, [spec])
    width = terminal_width() if sys.stdout.isatty() else 100
    shown = [each for each in findings if each.verdict == "differs"] if differs else findings
    click.echo(render_findings(shown, format_, width), nl=False)
    if failed or not all(finding.settled for finding in findings):
        raise click.exceptions.Exit(1)

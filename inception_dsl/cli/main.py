"""The entry point of `incept`: finds the command, and stands behind it when something breaks."""

from __future__ import annotations

import io
import os
import sys
import traceback
from importlib import import_module

import click

from inception_dsl.cli.console import Refused, say, style_error
from inception_dsl.diagnostics.cells import visible
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.version import __version__

__all__ = ["incept", "main"]

COMMANDS = (
    "new",
    "check",
    "annotate",
    "fmt",
    "show",
    "draw",
    "diff",
    "compile",
    "run",
    "bench",
    "audit",
    "weights",
    "list",
    "explain",
)
INTERNAL_FAULT = 70  # EX_SOFTWARE of sysexits.h


class _Commands(click.Group):
    """The commands, in the order in which a newcomer meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"inception_dsl.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            hint = suggestion(name, COMMANDS) or "the commands are " + ", ".join(COMMANDS)
            raise click.UsageError(f"no command is called `{name}`; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    epilog="Exit status: 0 fine, 1 an error in a spec, 2 a command that cannot be carried out.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="incept")
def incept() -> None:
    """Inception networks as text: checked, drawn, and compiled to PyTorch and ONNX.

    SPEC is the name of a shipped spec (`incept list` has them), a path, PATH:NETWORK, or - for
    standard input.
    """


def main() -> None:
    """Run `incept` with the arguments of the process, and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what the terminal cannot show is no failure
            stream.reconfigure(errors="backslashreplace")
    try:
        incept(prog_name="incept")
    except OSError as error:  # standard output on a full disk, for one
        # Nothing more can be written there, and Python would try again while it ends.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - open to the end
        where = f"{visible(str(error.filename))}: " if error.filename else ""
        say(f"{style_error('error')}: {where}{error.strerror or error}")
        sys.exit(Refused.exit_code)
    except Exception:  # noqa: BLE001 - the last resort: say whose fault it is
        traceback.print_exc()
        say(
            f"{style_error('internal fault')}: this is a mistake in inception-dsl {__version__}, "
            "not in your spec; please report it with the lines above"
        )
        sys.exit(INTERNAL_FAULT)

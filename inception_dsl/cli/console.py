"""What the commands say to a person: on stderr, in colour and moving only where one looks."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from inception_dsl.diagnostics.cells import visible

__all__ = ["Refused", "colored", "say", "style_error", "terminal_width", "working", "writing"]


class Refused(click.ClickException):
    """What was asked cannot be done, though nothing is wrong with the spec."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Say why on stderr."""
        lines = map(visible, self.format_message().split("\n"))
        say(f"{style_error('error')}: " + "\n".join(lines))


def say(message: str) -> None:
    """A line for the person, beside the results."""
    click.echo(message, err=True, color=colored(sys.stderr))


def colored(stream: IO[str]) -> bool:
    """Whether colour is welcome there. `NO_COLOR`: see no-color.org."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not plain


def style_error(words: str) -> str:
    """Words that announce an error."""
    return click.style(words, fg="red", bold=True) if colored(sys.stderr) else words


def terminal_width() -> int:
    """Columns to fold text at."""
    return shutil.get_terminal_size().columns


@contextmanager
def working(on: str) -> Iterator[None]:
    """Show that work goes on, on a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{on} ..."):
        yield


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say what was written, or in a line why it could not be.

    Raises: Refused in place of OSError.
    """
    try:
        yield
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror or error}") from None
    say(f"wrote {visible(str(path))}  {_size(path.stat().st_size)}")


def _size(size_bytes: int) -> str:
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.1f} {unit}"
    return f"{size_bytes} bytes"

"""Conflicts that a merge left in a spec."""

from __future__ import annotations

import re

from inception_dsl.diagnostics.record import Diagnostic
from inception_dsl.source import Source, Span

__all__ = ["conflicts", "unresolved"]

_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?=[ \r\n]|\Z)[^\r\n]*", re.MULTILINE)


def conflicts(text: str) -> dict[int, int]:
    """Where a merge left something to pass over, and up to where: of two sides the first is read.

    That is the line above the first side, and the other side with the lines around it.
    """
    passed_over: dict[int, int] = {}
    first: re.Match[str] | None = None
    other = -1
    for line in _CONFLICT.finditer(text):
        match line[0][0]:
            case "<":
                first, other = line, -1
            case ">" if first and other >= 0:
                passed_over |= {first.start(): first.end(), other: line.end()}
                first = None
            case "|" | "=" if other < 0:
                other = line.start()
    return passed_over


def unresolved(source: Source, at: int) -> Diagnostic:
    """The error for a conflict that begins at `at`."""
    message = "a merge conflict is not resolved"
    help_ = "keep one of its sides, and remove the other with the marks around them"
    return Diagnostic("E0101", message, Span(source, at, at + 7), help=help_)

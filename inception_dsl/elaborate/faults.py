"""How a stage stops at a fault: one exception with the diagnostic, one for what follows from it."""

from __future__ import annotations

from typing import NoReturn

from inception_dsl.diagnostics import Diagnostic, Edit, Label, Note
from inception_dsl.source import Span

__all__ = ["Fault", "OverBudget", "Unknown", "fail"]


class Fault(Exception):
    """A user's mistake, on its way to the statement that reports it."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Unknown(Exception):
    """A value that an earlier mistake left unknown; says nothing more."""


class OverBudget(Exception):
    """A bound was passed; elaboration ends with this diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def fail(
    code: str,
    span: Span,
    message: str,
    label: str = "",
    *,
    help: str | None = None,
    labels: tuple[Label, ...] = (),
    notes: tuple[Note, ...] = (),
    fix: tuple[Edit, ...] = (),
) -> NoReturn:
    """Raise the fault.

    Raises: Fault, always.
    """
    raise Fault(Diagnostic(code, message, span, label, labels, notes, help, fix))

"""The record every stage reports in: data now, words for a terminal or an editor later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from inception_dsl.source import Span

__all__ = ["Diagnostic", "Diagnostics", "Edit", "Label", "Note", "Severity", "SpecError"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Label:
    """A few words under a span of the source, leaning on the code they point at."""

    span: Span
    message: str


@dataclass(frozen=True)
class Note:
    """A fact that explains the fault, at another place where there is one."""

    message: str
    span: Span | None = None


@dataclass(frozen=True)
class Edit:
    """A replacement of a span of the source by a text; an empty span inserts."""

    span: Span
    text: str


@dataclass(frozen=True)
class Diagnostic:
    """One fault: what was found at `span`, what was expected, and what to do next.

    `message` is the title: lower case, no full stop, stands alone. `label` leans on the underlined
    code, `labels` are secondary spans, `notes` are facts, `help` is one action. `fix` are the edits
    that carry out that action, or the likelier one where `help` leaves a choice.
    """

    code: str
    message: str
    span: Span
    label: str = ""
    labels: tuple[Label, ...] = ()
    notes: tuple[Note, ...] = ()
    help: str | None = None
    fix: tuple[Edit, ...] = ()

    @property
    def severity(self) -> Severity:
        """`warning` for W codes, `error` for all others."""
        return "warning" if self.code.startswith("W") else "error"


class Diagnostics:
    """The faults of one run, errors before warnings, each place and code once.

    At most `limit` errors and as many warnings, so that warnings never crowd out an error.
    """

    def __init__(self, limit: int = 100) -> None:
        self.limit = limit
        self._records: dict[tuple[str, str, int, int], Diagnostic] = {}
        self._count: dict[Severity, int] = {"error": 0, "warning": 0}

    def add(self, diagnostic: Diagnostic) -> None:
        """Record a fault, unless the same code was already reported at the same span."""
        span = diagnostic.span
        key = (diagnostic.code, span.source.name, span.start, span.end)
        if key not in self._records and self._count[diagnostic.severity] < self.limit:
            self._records[key] = diagnostic
            self._count[diagnostic.severity] += 1

    def find(self, code: str, span: Span) -> Diagnostic | None:
        """What was recorded with that code at that very span."""
        return self._records.get((code, span.source.name, span.start, span.end))

    def replace(self, better: Diagnostic) -> None:
        """Say more of a recorded fault, at the same span."""
        span = better.span
        self._records[better.code, span.source.name, span.start, span.end] = better

    @property
    def full(self) -> bool:
        """Whether so many errors were found that later ones are dropped."""
        return self._count["error"] >= self.limit

    @property
    def failed(self) -> bool:
        """Whether any record is an error."""
        return self._count["error"] > 0

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sorted(self._records.values(), key=_position))

    def __len__(self) -> int:
        return len(self._records)


def _position(record: Diagnostic) -> tuple[bool, str, int]:
    return record.severity == "warning", record.span.source.name, record.span.start


class SpecError(Exception):
    """A spec that does not check; `diagnostics` holds every fault, errors before warnings."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        errors = [d for d in diagnostics if d.severity == "error"]
        first = f"{errors[0].span}: {errors[0].code}: {errors[0].message}" if errors else "no error"
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(first + more)

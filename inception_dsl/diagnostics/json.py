"""Diagnostics as JSON, for editors and scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable

from inception_dsl.diagnostics.record import Diagnostic
from inception_dsl.source import Span

__all__ = ["render_json"]


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A list of objects; lines and columns count from 1, and the end is just behind the span.

    `notes` begins with the label of the span and the labelled places beside it. A note without a
    place has null for each of its five members. Pure ASCII, whatever the spec holds.
    """
    return json.dumps([_entry(record) for record in diagnostics], indent=2) + "\n"


def _entry(record: Diagnostic) -> dict[str, object]:
    labels = [(record.label, record.span)] if record.label else []
    labels += [(label.message, label.span) for label in record.labels]
    notes = [*labels, *((note.message, note.span) for note in record.notes)]
    return {
        "code": record.code,
        "severity": record.severity,
        "message": record.message,
        **_place(record.span),
        "notes": [{"message": message, **_place(span)} for message, span in notes],
        "help": record.help,
    }


def _place(span: Span | None) -> dict[str, str | int | None]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    return {
        "file": span.source.name,
        "line": span.first.line,
        "column": span.first.column,
        "end_line": span.last.line,
        "end_column": span.last.column,
    }

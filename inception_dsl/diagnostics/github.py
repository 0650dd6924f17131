"""Diagnostics as GitHub workflow commands, which show them beside the changed lines."""

from __future__ import annotations

from collections.abc import Iterable

from inception_dsl.diagnostics.cells import visible
from inception_dsl.diagnostics.record import Diagnostic

__all__ = ["render_github"]


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One `::error` or `::warning` line for each.

    Source: docs.github.com, "Workflow commands for GitHub Actions"; columns may only be given for
    a span on one line.
    """
    return "".join(_command(record) + "\n" for record in diagnostics)


def _command(record: Diagnostic) -> str:
    first, last = record.span.first, record.span.last
    properties: dict[str, str | int] = {"file": record.span.source.name, "line": first.line}
    if first.line == last.line:
        properties |= {"col": first.column, "endLine": last.line, "endColumn": last.column}
    else:
        properties |= {"endLine": last.line}
    properties |= {"title": f"{record.code}: {record.message}"}
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())

    lines = [record.label or record.message]
    lines += [f"{label.span}: {label.message}" for label in record.labels]
    lines += [note.message for note in record.notes]
    lines += [f"help: {record.help}"] if record.help is not None else []
    return f"::{record.severity} {listed}::" + _data("\n".join(map(visible, lines)))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")

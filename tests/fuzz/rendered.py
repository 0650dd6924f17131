"""What every diagnostic promises, whatever the spec: a place inside its file, and clean output.

Each rendering is read back by something that is not ours: rich counts the cells of the text, json
parses JSON and SARIF, and GitHub's lines are taken apart by its own rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.diagnostics.codes import CODES
from inception_dsl.diagnostics.github import render_github
from inception_dsl.diagnostics.json import render_json
from inception_dsl.diagnostics.sarif import render_sarif
from inception_dsl.diagnostics.text import render_text
from inception_dsl.source import Span

__all__ = ["broken_promises"]

COLUMNS = 80
_GITHUB = re.compile(
    r"::(error|warning) file=[^,:]+,line=(\d+),"
    r"(col=(\d+),)?endLine=(\d+)(,endColumn=(\d+))?,title=[^,:]+::.*"
)


def broken_promises(records: Sequence[Diagnostic]) -> Iterator[str]:
    """What is wrong with diagnostics or one of their renderings, in a line each."""
    for record in records:
        yield from _record(record)
    yield from _text(records)
    yield from _json(records)
    yield from _github(records)
    yield from _sarif(records)


def _record(record: Diagnostic) -> Iterator[str]:
    if record.code not in CODES:
        yield f"no such code: {record.code}"
    if not record.message.strip():
        yield f"{record.code} says nothing"
    noted = [note.span for note in record.notes if note.span]
    edits = [edit.span for edit in record.fix]
    for span in [record.span, *(label.span for label in record.labels), *noted, *edits]:
        yield from _span(record.code, span)


def _span(code: str, span: Span) -> Iterator[str]:
    lines = span.source.text.split("\n")
    for line, column in (span.first, span.last):
        if not (1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1):
            yield f"{code} points outside the file, at {line}:{column}"
    if not 0 <= span.start <= span.end <= len(span.source.text):
        yield f"{code} has the span {span.start}..{span.end}"
    if not span.source.name:
        yield f"{code} names no file"


def _text(records: Sequence[Diagnostic]) -> Iterator[str]:
    for line in render_text(records, width=COLUMNS).split("\n"):
        if cell_len(line) > COLUMNS:
            yield f"a line of {cell_len(line)} columns: {line!r}"
        if not line.isprintable():
            yield f"control characters on the terminal: {line!r}"


def _json(records: Sequence[Diagnostic]) -> Iterator[str]:
    found = json.loads(_unicode(render_json(records)))
    for record, entry in zip(records, found, strict=True):
        place = (entry["file"], entry["line"], entry["column"], entry["code"])
        if place != (record.span.source.name, *record.span.first, record.code):
            yield f"JSON has another place: {place}"


def _github(records: Sequence[Diagnostic]) -> Iterator[str]:
    lines = render_github(records).split("\n")
    if lines.pop() or len(lines) != len(records):
        yield "GitHub gets lines that are no command"
    for line in lines:
        if not _GITHUB.fullmatch(line) or not line.isprintable():
            yield f"no workflow command: {line!r}"


def _sarif(records: Sequence[Diagnostic]) -> Iterator[str]:
    results = json.loads(_unicode(render_sarif(records)))["runs"][0]["results"]
    if [result["ruleId"] for result in results] != [record.code for record in records]:
        yield "SARIF has other results"


def _unicode(text: str) -> bytes:
    """The bytes of an output, which UTF-8 must hold."""
    return text.encode("utf-8")

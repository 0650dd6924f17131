"""Diagnostics as SARIF 2.1.0, for code scanning and for editors that read it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from inception_dsl.diagnostics.codes import CODES
from inception_dsl.diagnostics.record import Diagnostic
from inception_dsl.source import Span
from inception_dsl.version import __version__

__all__ = ["render_sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_INDEX = {code: index for index, code in enumerate(CODES)}


def render_sarif(diagnostics: Iterable[Diagnostic], *, root: Path | None = None) -> str:
    """One run of `incept` as a SARIF log; file names are relative to `root`, else to here.

    Source: OASIS, "Static Analysis Results Interchange Format 2.1.0", sections 3.13 to 3.30.
    """
    base = root or Path.cwd()
    rules = [
        {
            "id": code,
            "shortDescription": {"text": title},
            "defaultConfiguration": {"level": "warning" if code.startswith("W") else "error"},
        }
        for code, title in CODES.items()
    ]
    run = {
        "tool": {"driver": {"name": "incept", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(record, base) for record in diagnostics],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(record: Diagnostic, base: Path) -> dict[str, object]:
    text = f"{record.message}: {record.label}" if record.label else record.message
    help_ = [record.help] if record.help is not None else []
    loose = [note.message for note in record.notes if note.span is None]
    related = [(label.message, label.span) for label in record.labels]
    related += [(note.message, note.span) for note in record.notes if note.span is not None]
    result: dict[str, object] = {
        "ruleId": record.code,
        "ruleIndex": _INDEX[record.code],
        "level": record.severity,
        "message": {"text": "\n".join([text, *loose, *help_])},
        "locations": [_location(record.span, base)],
        "relatedLocations": [
            {**_location(span, base), "message": {"text": message}} for message, span in related
        ],
    }
    return result | {"fixes": [_fix(record, base)]} if record.fix else result


def _fix(record: Diagnostic, base: Path) -> dict[str, object]:
    edits = sorted(record.fix, key=lambda edit: (edit.span.source.name, edit.span.start))
    changes = [
        {
            "artifactLocation": {"uri": _uri(name, base)},
            "replacements": [
                {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
                for edit in same
            ],
        }
        for name, same in groupby(edits, key=lambda edit: edit.span.source.name)
    ]
    return {"description": {"text": record.help or record.message}, "artifactChanges": changes}


def _location(span: Span, base: Path) -> dict[str, object]:
    place = {"uri": _uri(span.source.name, base)}
    return {"physicalLocation": {"artifactLocation": place, "region": _region(span)}}


def _region(span: Span) -> dict[str, int]:
    first, last = span.first, span.last
    return {
        "startLine": first.line,
        "startColumn": first.column,
        "endLine": last.line,
        "endColumn": last.column,
    }


def _uri(name: str, base: Path) -> str:
    path = Path(name)
    if path.is_absolute() and path.is_relative_to(base):
        path = path.relative_to(base)
    return quote(path.as_posix(), errors="surrogatepass")

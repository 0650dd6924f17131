"""Text to text: the one form of a spec."""

from __future__ import annotations

from inception_dsl.diagnostics.record import Diagnostics
from inception_dsl.format.lines import lines
from inception_dsl.format.margins import align_notes, align_sources, close_up
from inception_dsl.format.outline import Body, outline
from inception_dsl.format.tables import align_tables
from inception_dsl.format.text import Text
from inception_dsl.source import Source
from inception_dsl.syntax.parse import parse

__all__ = ["formatted"]


def formatted(source: Source, diagnostics: Diagnostics) -> str | None:
    """A spec in its one form, or None where it has mistakes, which are recorded.

    Words and comments stay as they are; only what stands between them changes. Lines end as the
    first one does, and a byte order mark stays.
    """
    file = parse(source, diagnostics)
    if diagnostics.failed:
        return None
    text = Text(file)
    body = outline(text)
    _align(text, body)
    for unit in body.units:
        align_notes(text, unit)
    mark = "\ufeff" if source.text.startswith("\ufeff") else ""
    end = "\r\n" if source.text.partition("\n")[0].endswith("\r") else "\n"
    return mark + "".join(line + end for line in lines(text, body))


def _align(text: Text, body: Body) -> None:
    align_tables(text, body)
    align_sources(text, body)
    close_up(text, body)
    for row in body.rows:
        if not row.flat:
            for inner in row.units[0].bodies:
                _align(text, inner)

"""Spec text and places in it: the two types that every later stage points with."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from re import finditer
from typing import NamedTuple

from inception_dsl.record import record

__all__ = ["Place", "Source", "Span"]


class Place(NamedTuple):
    """A 1-based line and column, counted in characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """A spec's text under the name that diagnostics show for it.

    Lines end at `\\n`; a `\\r` before it belongs to the line end, so CRLF files keep their columns.
    """

    name: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(newline.end() for newline in finditer("\n", self.text))]

    def place(self, offset: int) -> Place:
        """The line and column of the character at `offset`; the end of the text is a place too."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._line_starts, offset)
        return Place(line, offset - self._line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of the 1-based line `number`, without its line end."""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end].rstrip("\r")


@record
class Span:
    """The half-open range of characters `start..end` of a source."""

    source: Source
    start: int
    end: int

    @property
    def first(self) -> Place:
        """Where the span begins."""
        return self.source.place(self.start)

    @property
    def last(self) -> Place:
        """The place just behind the span's last character."""
        return self.source.place(self.end)

    @property
    def text(self) -> str:
        """The characters of the span."""
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(self.source, self.start, max(self.end, other.end))

    def __str__(self) -> str:
        return f"{self.source.name}:{self.first.line}:{self.first.column}"

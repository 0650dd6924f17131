"""The framed piece of a source: its lines, with carets and dashes under the labelled spans."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from inception_dsl.diagnostics.cells import visible, width, wrap
from inception_dsl.source import Source, Span

__all__ = ["Mark", "Paint", "frame"]

Paint = Callable[[str, str], str]
"""`paint(style, text)`: the text in the style of an `error`, a `gutter` and so on."""

TAB = 4
DOTS = len("...")
LEAD = 10  # columns of a cut line kept before the span
NARROW = 30  # a label with less room than this beside its span goes below it


@dataclass(frozen=True)
class Mark:
    """One labelled span; the primary one is underlined with carets."""

    span: Span
    message: str
    primary: bool

    @property
    def line(self) -> int:
        """The 1-based line that the span begins on."""
        return self.span.first.line


def frame(
    source: Source, marks: Iterable[Mark], *, gutter: int, columns: int, paint: Paint
) -> Iterator[str]:
    """The lines of one source that `marks` speak of, in order, `...` standing for what is between.

    `gutter` is the width of the line numbers, `columns` that of the whole frame.
    """
    bar = paint("gutter", " " * gutter + " |")
    room = columns - gutter - 3
    yield bar
    previous = None
    for number, group in groupby(sorted(marks, key=_order), key=lambda mark: mark.line):
        if previous is not None and number == previous + 2:
            yield from _numbered(source, previous + 1, [], gutter, bar, room, paint)
        elif previous is not None and number > previous + 2:
            yield paint("gutter", "...")
        yield from _numbered(source, number, list(group), gutter, bar, room, paint)
        previous = number


def _order(mark: Mark) -> tuple[int, bool, int]:
    return mark.line, not mark.primary, mark.span.start


def _numbered(
    source: Source, number: int, marks: list[Mark], gutter: int, bar: str, room: int, paint: Paint
) -> Iterator[str]:
    head = paint("gutter", f"{number:>{gutter}} |")
    text = source.line(number)
    edges = _edges(text)
    for left, shown in _views(edges, marks, room):
        yield f"{head} {_cut(text, edges, left, room)}".rstrip()
        for mark, start, end in shown:
            for row in _underline(mark, start - left, min(end - left, room), room, paint):
                yield f"{bar} {row}"


@lru_cache(maxsize=4)
def _edges(text: str) -> list[int]:
    """The column at which each character begins, and the one behind the last."""
    if text.isascii() and text.isprintable():
        return list(range(len(text) + 1))
    edges = [0]
    for character in text:
        at = edges[-1]
        edges.append(at + TAB - at % TAB if character == "\t" else at + width(visible(character)))
    return edges


def _extent(edges: list[int], span: Span) -> tuple[int, int]:
    """The columns of a span: to the line's end if it goes on behind it, and one at least."""
    first, last = span.first, span.last
    final = len(edges) - 1
    start = edges[min(first.column - 1, final)]
    end = edges[-1] if last.line > first.line else edges[min(last.column - 1, final)]
    return start, max(end, start + 1)


_View = tuple[int, list[tuple[Mark, int, int]]]


def _views(edges: list[int], marks: list[Mark], room: int) -> Iterator[_View]:
    """The first column to show, and the marks in sight of it: all at once, or each by itself."""
    found = [(mark, *_extent(edges, mark.span)) for mark in marks]
    first = min((start for _, start, _ in found), default=0)
    last = max((end for _, _, end in found), default=0)
    if max(edges[-1], last) <= room or last <= room - DOTS:
        yield 0, found
    elif last - first <= room - LEAD - DOTS:
        yield max(0, first - LEAD), found
    else:
        yield from ((max(0, start - LEAD), [(mark, start, end)]) for mark, start, end in found)


def _cut(text: str, edges: list[int], left: int, room: int) -> str:
    """The `room` columns of a line from `left` on, with `...` at the ends that were cut off."""
    right = left + room
    after = edges[-1] > right
    low, high = left + (DOTS if left else 0), right - (DOTS if after else 0)
    shown, at = "", low
    first, last = bisect_left(edges, low), bisect_right(edges, high) - 1
    for index in range(first, last):
        start, end = edges[index], edges[index + 1]
        shown += " " * (start - at)
        shown += " " * (end - start) if text[index] == "\t" else visible(text[index])
        at = end
    shown = ("..." if left else "") + shown
    return shown + " " * (high - at) + "..." if after else shown


def _underline(mark: Mark, start: int, end: int, room: int, paint: Paint) -> Iterator[str]:
    style = "primary" if mark.primary else "secondary"
    line = " " * start + paint(style, ("^" if mark.primary else "-") * max(1, end - start))
    message = visible(mark.message)
    if not message:
        yield line
        return
    beside = room - end - 1
    if width(message) <= beside or beside >= NARROW:
        first, *rest = wrap(message, beside)
        yield f"{line} {paint(style, first)}"
        indent = end + 1
    else:
        yield line
        indent = max(0, min(start, room - width(message), room - NARROW))
        rest = wrap(message, room - indent)
    yield from (" " * indent + paint(style, text) for text in rest)

"""The lines of a formatted spec: rows as they are, what is too long for a line broken."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from inception_dsl.diagnostics.cells import width
from inception_dsl.format.columns import Cell, columns
from inception_dsl.format.outline import Body, Row, Unit
from inception_dsl.format.spacing import BETWEEN
from inception_dsl.format.text import INDENT, Text, room
from inception_dsl.syntax import tree

__all__ = ["lines"]


@dataclass
class _Line:
    """A line of the result; `comment` stands behind its words, of which some lines have none."""

    text: str
    depth: int | None = None
    comment: str = ""
    opens: bool = False


def lines(text: Text, file: Body) -> list[str]:
    """The lines of the result."""
    writer = _Writer(text)
    writer.body(file)
    writer.comments_above(len(text.words), 0, opening=not text.words)
    _align_comments(writer.lines)
    return [
        line.text + (" " * BETWEEN + line.comment if line.comment else "") for line in writer.lines
    ]


class _Writer:
    def __init__(self, text: Text) -> None:
        self.lines: list[_Line] = []
        self._text = text

    def body(self, body: Body) -> None:
        before: Row | None = None
        for row in body.rows:
            self._between(before, row)
            self.comments_above(row.first, body.depth, opening=before is None)
            if row.flat:
                self._line(row.first, row.end, body.depth)
            else:
                self._unit(row.units[0], body.depth)
            before = row

    def comments_above(self, k: int, depth: int, *, opening: bool, closing: bool = False) -> None:
        """The comments above word `k`, and the blank lines between them."""
        for comment in self._text.above[k]:
            if comment.blank and not opening:
                self._blank()
            self.lines.append(_Line(" " * INDENT * depth + comment.text))
            opening = False
        if self._text.blank[k] and not opening and not closing and k < len(self._text.words):
            self._blank()

    def _blank(self) -> None:
        self.lines.append(_Line("", 0))

    def _between(self, before: Row | None, row: Row) -> None:
        """A blank line where a definition of several lines begins or ends."""
        long = [r for r in (before, row) if r and not r.flat and _is_definition(r.units[0])]
        if before and long and not self._text.parted(row.first):
            self._blank()

    def _unit(self, unit: Unit, depth: int) -> None:
        first = unit.first
        for body in unit.bodies:
            self._words(first, body.first, depth)
            self.body(body)
            self.comments_above(body.end, depth + 1, opening=not body.rows, closing=True)
            first = body.end
        self._words(first, unit.end, depth)

    def _line(self, first: int, end: int, depth: int) -> None:
        text = " " * INDENT * depth + self._text.flat(first, end)
        opens = self._text.words[end - 1].type == "LBRACE"
        self.lines.append(_Line(text, depth, self._text.behind[end - 1], opens))

    def _words(self, first: int, end: int, depth: int) -> None:
        """The words `first` to `end`: on one line, else broken at arrows, else in brackets."""
        text = self._text
        fits = text.padded_width(first, end) <= room(depth)
        if fits and not text.commented(first, end):
            self._line(first, end, depth)
        elif len(names := self._imported(first, end, depth + 1)) > 1:
            self._pieces(names, depth, depth + 1)
        elif cuts := list(self._cuts(first, end)):
            self._pieces(list(pairwise([first, *cuts, end])), depth, depth + 1)
        elif opener := self._opener(first, end):
            close = text.partners[opener]
            self._words(first, opener + 1, depth)
            self.comments_above(opener + 1, depth + 1, opening=True)
            inside = self._items(opener + 1, close, depth + 1)
            self._pieces(inside, depth + 1, depth + 1)
            self.comments_above(close, depth + 1, opening=False, closing=True)
            self._words(close, end, depth)
        else:
            self._line(first, end, depth)

    def _pieces(self, pieces: list[tuple[int, int]], depth: int, inner: int) -> None:
        """Pieces of what is too long, all but the first at depth `inner`."""
        self._words(*pieces[0], depth)
        for first, end in pieces[1:]:
            self.comments_above(first, inner, opening=False, closing=not self._text.above[first])
            self._words(first, end, inner)

    def _cuts(self, first: int, end: int) -> Iterator[int]:
        """The arrows of a chain, the `import` of an import, and what follows a comment."""
        for k in self._outside(first, end):
            if self._text.words[k].type == "IMPORT":
                yield k
                return
            if self._text.words[k].type == "ARROW" or self._text.commented(k - 1, k + 1):
                yield k

    def _imported(self, first: int, end: int, depth: int) -> list[tuple[int, int]]:
        """The names behind `import` as lines, the word on the first of them."""
        is_import = self._text.words[first].type == "IMPORT"
        return self._items(first, end, depth) if is_import else []

    def _items(self, first: int, end: int, depth: int) -> list[tuple[int, int]]:
        """A list as lines: few of them, and about as long, but one an item where a comment is."""
        commas = (k + 1 for k in self._outside(first, end) if self._text.words[k].type == "COMMA")
        items = list(pairwise(dict.fromkeys([first, *commas, end])))
        if self._text.commented(first, end):
            return items
        most = room(depth)
        count = len(self._filled(items, most))
        narrow = bisect_left(range(most), -count, key=lambda r: -len(self._filled(items, r)))
        return self._filled(items, narrow)

    def _filled(self, items: list[tuple[int, int]], most: int) -> list[tuple[int, int]]:
        """Items on lines of at most so many columns."""
        filled: list[tuple[int, int]] = []
        for first, end in items:
            if filled and self._text.width(filled[-1][0], end) <= most:
                filled[-1] = (filled[-1][0], end)
            else:
                filled.append((first, end))
        return filled

    def _opener(self, first: int, end: int) -> int | None:
        """The bracket to open: the first with a comment inside, else the widest."""
        found, most = None, 0
        for k in (first, *self._outside(first, end)):
            close = self._text.partners.get(k, end)
            if k + 1 < close < end:
                if self._text.commented(k, close + 1):
                    return k
                if self._text.width(k, close) > most:
                    found, most = k, self._text.width(k, close)
        return found

    def _outside(self, first: int, end: int) -> Iterator[int]:
        """The words behind the first that are in no bracket; brackets themselves are outside."""
        k = first
        while True:
            close = self._text.partners.get(k, k)
            k = close if k < close < end else k + 1
            if k >= end:
                return
            yield k


def _is_definition(unit: Unit) -> bool:
    return isinstance(unit.node, tree.Definition | tree.Network)


def _align_comments(lines: list[_Line]) -> None:
    """Align the comments behind consecutive lines of one depth.

    What stands inside a bracket is not between the lines around it.
    """
    runs: dict[int, list[Cell]] = {}
    found: list[list[Cell]] = []
    for number, line in enumerate(lines):
        if line.depth is None:
            continue
        ended = [depth for depth in runs if depth > line.depth]
        if not line.text:
            ended = list(runs)
        elif line.comment:
            cell = Cell(number, width(line.text), width(line.comment), number)
            runs.setdefault(line.depth, []).append(cell)
        elif not line.opens and line.depth in runs:
            ended.append(line.depth)
        found.extend(runs.pop(depth) for depth in ended)
    for run in (*found, *runs.values()):
        for cell, column in columns(run, BETWEEN):
            lines[cell.at].text += " " * (column - cell.width)

"""The words of a spec as lines in bodies: what shares a line, and what is broken."""

from __future__ import annotations

from dataclasses import dataclass, field

from inception_dsl.format.marks import Line
from inception_dsl.format.text import Text, room
from inception_dsl.syntax import tree

__all__ = ["Body", "Row", "Unit", "outline"]

_SHARING = (tree.Apply, tree.Bind, tree.Branch, tree.Setting)
_ALONE = (tree.Expect, tree.InputDecl, tree.Section, tree.Settings)


@dataclass
class Unit:
    """A statement, branch, setting or item: the words `first` to `end`, and the bodies inside.

    A body's braces are words of the unit; braces around nothing are no body. `note` is the colon
    of its shape note. `flat` tells that it stands on one line, `whole` that its author would
    have it so.
    """

    node: Line
    first: int
    end: int = 0
    bodies: list[Body] = field(default_factory=list)
    note: int | None = None
    whole: bool = True
    flat: bool = False


@dataclass
class Row:
    """Units that share a line, or one alone."""

    units: list[Unit]

    @property
    def first(self) -> int:
        """Its first word."""
        return self.units[0].first

    @property
    def end(self) -> int:
        """Behind its last word."""
        return self.units[-1].end

    @property
    def flat(self) -> bool:
        """Whether it is a line."""
        return self.units[0].flat


@dataclass
class Body:
    """What stands between two braces, or in the file: the words `first` to `end`."""

    depth: int
    first: int
    end: int = 0
    units: list[Unit] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def outline(text: Text) -> Body:
    """The whole file as a body, its rows made and those of all bodies inside."""
    file = _body(text, 0, 0)
    _lay_out(text, file)
    return file


def _body(text: Text, first: int, depth: int) -> Body:
    body = Body(depth, first)
    k = first
    while k < len(text.words) and text.words[k].type != "RBRACE":
        body.units.append(_unit(text, k, depth))
        k = body.units[-1].end
    body.end = k
    return body


def _unit(text: Text, first: int, depth: int) -> Unit:
    unit = Unit(text.marks.lines[text.words[first].span.start], first)
    k = first + 1
    while k < len(text.words) and text.words[k].type != "RBRACE" and not _begins(text, k):
        if text.words[k].type == "COLON" and text.words[k + 1].span.start in text.marks.notes:
            unit.note = k
        elif text.words[k].type == "LBRACE":
            close = text.partners[k]
            if close > k + 1 or text.commented(k, close + 1):
                unit.bodies.append(_body(text, k + 1, depth + 1))
            k = close
        k += 1
    unit.end = k
    unit.whole = not text.commented(first, k) and all(
        text.on_one_line(body.first - 1, body.end + 1) and all(map(_may_be_inside, body.units))
        for body in unit.bodies
    )
    return unit


def _begins(text: Text, k: int) -> bool:
    """Whether word `k` begins a unit; in `else if` it does not."""
    return text.words[k].span.start in text.marks.lines and text.words[k - 1].type != "ELSE"


def _may_be_inside(unit: Unit) -> bool:
    """Whether a unit may stand in braces that are on one line."""
    return unit.whole and unit.note is None and not isinstance(unit.node, _ALONE)


def _lay_out(text: Text, body: Body) -> None:
    for unit in body.units:
        unit.flat = unit.whole and _width(text, unit) <= room(body.depth)
        if body.rows and _share(text, body.rows[-1], unit, body.depth):
            body.rows[-1].units.append(unit)
        else:
            body.rows.append(Row([unit]))
        if not unit.flat:
            for inner in unit.bodies:
                _lay_out(text, inner)


def _width(text: Text, unit: Unit) -> int:
    """The columns of a unit on one line; a source may run off the page."""
    has_source = text.words[unit.end - 1].span.start in text.marks.sources
    return text.width(unit.first, unit.end - has_source)


def _share(text: Text, row: Row, unit: Unit, depth: int) -> bool:
    """Whether a unit stays on the line of the one before it, where its author has it."""
    return (
        text.on_one_line(unit.first - 1, unit.first + 1)
        and text.width(row.first, unit.end) <= room(depth)
        and all(
            u.flat and u.note is None and isinstance(u.node, _SHARING) for u in (*row.units, unit)
        )
    )

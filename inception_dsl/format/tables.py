"""Tables: near lines of one form have their numbers and their arrows aligned."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Final

from inception_dsl.format.columns import FAR
from inception_dsl.format.outline import Body, Row, Unit
from inception_dsl.format.text import WIDTH, Text, room
from inception_dsl.syntax import tree

__all__ = ["align_tables", "tables_of"]

_NEAR: Final = 2  # other lines that may stand between two of a table
_NUMBERS: Final = (["INT"], ["FLOAT"], ["SIZE"], ["MINUS", "INT"], ["MINUS", "FLOAT"])


def align_tables(text: Text, body: Body) -> None:
    """Align the tables of a body, where that makes no line too long."""
    for rows in tables_of(text, body):
        units = [row.units[0] for row in rows]
        if units[0].bodies:
            _align_blocks(text, units)
        else:
            _align_chains(text, units)
        if any(text.padded_width(row.first, row.end) > room(body.depth) for row in rows):
            for row in rows:
                text.pads[row.first : row.end] = [0] * (row.end - row.first)


def _form(text: Text, row: Row) -> Hashable:
    """What two lines of one table have in common; None where a line is in no table."""
    unit = row.units[0]
    node = unit.node
    if not row.flat or len(row.units) > 1:
        return None
    if isinstance(node, tree.Let):
        return tree.Let
    if unit.bodies:
        pieces = unit.bodies[0].units
        head = tuple(word.type for word in text.words[unit.first : unit.bodies[0].first])
        return (head, len(pieces)) if len(unit.bodies) == 1 and len(pieces) > 1 else None
    called = tuple(
        link.name.text if isinstance(link, tree.Call) else type(link) for link in _links(node)
    )
    named = getattr(node, "name", None) is not None
    return (type(node), named, called) if any(isinstance(c, str) for c in called) else None


def tables_of(text: Text, body: Body) -> Iterator[list[Row]]:
    """The tables of a body; what is between its lines is short, and no blank line."""
    open_: dict[Hashable, list[Row]] = {}
    last: dict[Hashable, int] = {}
    for number, row in enumerate(body.rows):
        if (not row.flat and not isinstance(row.units[0].node, tree.Let)) or text.parted(row.first):
            yield from open_.values()
            open_.clear()
        key = _form(text, row)
        if key is None:
            continue
        near = 0 if key is tree.Let else _NEAR
        if key in open_ and number - last[key] - 1 > near:
            yield open_.pop(key)
        open_.setdefault(key, []).append(row)
        last[key] = number
    yield from open_.values()


def _links(node: object) -> tuple[tree.Link, ...]:
    """The chain of a line that is nothing but a chain."""
    if isinstance(node, tree.Branch) and not node.braces:
        (node,) = node.body.statements
    return node.chain.links if isinstance(node, tree.Apply | tree.Bind) else ()


def _align_chains(text: Text, units: Sequence[Unit]) -> None:
    """The equals signs of lines, then their links, as long as the arrows line up."""
    if not _line_up(text, units, [_equals(text, unit) for unit in units], FAR):
        return
    for number, links in enumerate(zip(*(_links(unit.node) for unit in units), strict=True)):
        arrows = [text.index(link.span.start) - 1 for link in links]
        if number and not _line_up(text, units, arrows, FAR):
            return
        _align_numbers(text, links)


def _align_blocks(text: Text, units: Sequence[Unit]) -> None:
    """The braces of one-line blocks, then what stands inside."""
    _line_up(text, units, [unit.bodies[0].first - 1 for unit in units], WIDTH)
    for pieces in list(zip(*(unit.bodies[0].units for unit in units), strict=True))[1:]:
        _line_up(text, units, [piece.first for piece in pieces], WIDTH)


def _line_up(text: Text, units: Sequence[Unit], stops: Sequence[int], far: int) -> bool:
    """Give words of several lines one column; not where these lines are too different."""
    widths = [text.padded_width(unit.first, stop) for unit, stop in zip(units, stops, strict=True)]
    most = max(widths)
    if most - min(widths) > far:
        return False
    for stop, width in zip(stops, widths, strict=True):
        text.pads[stop] += most - width
    return True


def _equals(text: Text, unit: Unit) -> int:
    """The equals sign of a line, or in a line without a name the word behind its first."""
    name = getattr(unit.node, "name", None)
    return unit.first + 1 if name is None else text.index(name.span.start) + 1


def _align_numbers(text: Text, links: Sequence[tree.Link]) -> None:
    """Right-align the numbers that begin the calls' arguments, one column for each of them."""
    rows = [_numbers(text, link) for link in links]
    for column in range(max(map(len, rows))):
        cells = [row[column] for row in rows if column < len(row)]
        widths = [text.width(first, end) for first, end in cells]
        most = max(widths)
        for (first, _), width in zip(cells, widths, strict=True):
            text.pads[first] += most - width


def _numbers(text: Text, link: tree.Link) -> list[tuple[int, int]]:
    """The numbers that begin a call's arguments, as words."""
    found: list[tuple[int, int]] = []
    for argument in link.arguments if isinstance(link, tree.Call) else ():
        first, end = text.range(argument.span)
        if [word.type for word in text.words[first:end]] not in _NUMBERS:
            break
        found.append((first, end))
    return found

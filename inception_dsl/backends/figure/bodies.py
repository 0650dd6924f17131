"""What stands in each open part of a figure, and the lines of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from inception_dsl.analysis.outline import Outline, Part
from inception_dsl.backends.figure.body import Body, Edge, Item, Lane, Link, RouteKind
from inception_dsl.backends.figure.frames import framed
from inception_dsl.backends.figure.lanes import insert
from inception_dsl.ir.graph import Graph

__all__ = ["FigureError", "bodies"]

_MOST_BOXES, _MOST_PASSED = 10_000, 100_000


class FigureError(Exception):
    """A figure that cannot be drawn as asked for; the message says what to do."""


def bodies(
    graph: Graph, seen: Outline, framed: Callable[[Part], bool] = framed
) -> tuple[Body, list[Edge]]:
    """The body of the whole figure, with those of all open parts inside, and its lines.

    `framed` says which open parts have a frame around them.
    """
    body = Body()
    placed: dict[str, _Chain] = {}
    aux = {head.path for head in graph.aux}
    _fill(body, seen.root.parts, framed, aux, (), placed)
    edges = list(_edges(graph, seen, body, placed))
    everything = list(_all_bodies(body))
    for each in everything:
        _to_rows(each)
    _bound(everything)
    for each in everything:
        _to_lanes(each)
    return body, edges


def _all_bodies(body: Body) -> Iterator[Body]:
    yield body
    for item in body.items:
        if item.body is not None:
            yield from _all_bodies(item.body)


_Chain = tuple[Item, ...]


def _fill(
    body: Body,
    parts: Sequence[Part],
    framed: Callable[[Part], bool],
    aux: set[str],
    around: _Chain,
    placed: dict[str, _Chain],
    times: int = 1,
) -> None:
    """Make the items of a body; `placed` gets for each node the items that it is in."""
    for part in parts:
        count = times * part.times
        while part.open and not framed(part) and len(part.parts) == 1:  # wiring around one thing
            (part,) = part.parts
            count *= part.times
        item = Item(part, side=part.path in aux, times=count)
        body.items.append(item)
        chain = (*around, item)
        if not part.open:
            placed.update(dict.fromkeys(part.paths, chain))
            continue
        item.body, item.frame = Body(), framed(part)
        _fill(item.body, part.parts, framed, aux, chain, placed, 1 if item.frame else count)


def _edges(graph: Graph, seen: Outline, root: Body, placed: dict[str, _Chain]) -> Iterator[Edge]:
    """All lines, in the order of the spec, each once; `add(x, x)` keeps its two."""
    links: dict[object, Link] = {}
    done = set()
    for node in graph:
        chain = placed.get(node.path)
        if chain is None:
            continue
        box = chain[-1]
        for port, operand in enumerate(graph.operands(node.path)):
            before = placed.get(operand)
            if before is None or before[-1] is box or not seen.shows(operand, node.path):
                continue
            plain = box.part.region is None and before[-1].part.region is None
            key = (_net(before[-1], operand), box.part.path, port if plain else None)
            if key in done:
                continue
            done.add(key)
            pieces = tuple(_pieces(root, before, chain, operand, port, links))
            kind = _kind(graph, node.path, before, chain)
            yield Edge(before[-1].part.path, box.part.path, kind, pieces)


def _net(source: Item, operand: str) -> str:
    """What lines have in common that begin as one: the box, or that output of several."""
    region = source.part.region
    return operand if region is not None and len(region.outputs) > 1 else source.part.path


def _kind(graph: Graph, reader: str, source: _Chain, target: _Chain) -> RouteKind:
    if any(item.side and item not in source for item in target):
        return "aux"
    if target[-1].part.region is None and graph[reader].op.combines:
        return "join"
    return "flow"


def _pieces(
    root: Body,
    source: _Chain,
    target: _Chain,
    operand: str,
    port: int,
    links: dict[object, Link],
) -> Iterator[Link]:
    """The pieces of a line: out of the parts around its source, into those around its target."""
    common = 0
    while source[common] is target[common]:
        common += 1
    net = _net(source[-1], operand)

    def link(body: Body, start: Item | None, end: Item | None) -> Link:
        twice = port if end is target[-1] and target[-1].body is None else None  # add(x, x)
        key = (id(body), net, id(start), id(end), twice)
        if key not in links:
            links[key] = Link(net, start, end, _port(end, operand, port))
            body.links.append(links[key])
        return links[key]

    def body_of(chain: _Chain, depth: int) -> Body:
        inside = chain[depth - 1].body if depth else root
        assert inside is not None, "only the last of a chain is closed"
        return inside

    for depth in range(len(source) - 1, common, -1):
        yield link(body_of(source, depth), source[depth], None)
    yield link(body_of(source, common), source[common], target[common])
    for depth in range(common + 1, len(target)):
        yield link(body_of(target, depth), None, target[depth])


def _port(target: Item | None, operand: str, port: int) -> int:
    """The place of an operand among those of a node, or of a whole part."""
    if target is None or target.part.region is None:
        return port
    inputs = target.part.region.inputs
    return inputs.index(operand) if operand in inputs else len(inputs)


def _to_rows(body: Body) -> None:
    """Give each item its row."""
    reads: dict[Item, list[Item]] = {item: [] for item in body.items}
    for link in body.links:
        if link.source is not None and link.target is not None:
            reads[link.target].append(link.source)
    for item in body.items:  # operands stand before their readers
        item.row = max((source.row + 1 for source in reads[item]), default=0)
    main = [item for item in body.items if not item.side]
    count = 1 + max((item.row for item in main), default=0)
    body.rows = [[] for _ in range(count)]
    for item in main:
        body.rows[item.row].append(item)


def _passed(link: Link, count: int) -> range:
    """The rows that a link passes without stopping."""
    first = link.source.row if link.source is not None else -1
    last = link.target.row if link.target is not None else count
    if link.target is not None and link.target.side:
        last = min(last, first + 1)
    return range(first + 1, last)


def _bound(everything: Sequence[Body]) -> None:
    """Refuse what nobody could look at, before its lines are drawn through every row."""
    boxes = sum(len(body.items) for body in everything)
    passed = sum(len(_passed(link, len(body.rows))) for body in everything for link in body.links)
    if boxes > _MOST_BOXES or passed > _MOST_PASSED:
        raise FigureError(
            f"the figure would have {boxes:,} boxes, and lines that pass {passed:,} rows of "
            f"others; at most {_MOST_BOXES:,} and {_MOST_PASSED:,} are drawn: open fewer levels "
            "with `--depth`, or draw one part with `--module`"
        )


def _to_lanes(body: Body) -> None:
    """Give each link its lanes."""
    lanes: dict[tuple[str, int], Lane] = {}
    for link in body.links:
        passed = _passed(link, len(body.rows))
        link.stops = (
            link.source,
            *(lanes.setdefault((link.net, row), Lane(link.net, row)) for row in passed),
            link.target,
        )
    insert(body, list(lanes.values()))

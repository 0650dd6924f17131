"""From places to a drawing: boxes and lines with their colours and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from inception_dsl.backends.figure.body import Edge, Item, Link
from inception_dsl.backends.figure.colors import Colors
from inception_dsl.backends.figure.content import Content
from inception_dsl.backends.figure.options import Direction
from inception_dsl.backends.figure.placed import Layout, Placed
from inception_dsl.backends.figure.scene import Item as Drawn
from inception_dsl.backends.figure.scene import Point, Route, Scene, Shape, ShapeKind, Style, Text
from inception_dsl.backends.figure.sizes import GLYPHS, ROUND, Sizes
from inception_dsl.backends.figure.themes import ink_on

__all__ = ["Painter"]

_HAIR = 1.0  # lines are not bent for less
_STACK = 2.5  # how far the second sheet of a box that stands for several looks out


class Painter:
    """Paints frames first, then lines, then what stands on them."""

    def __init__(
        self,
        content: Content,
        sizes: Sizes,
        colors: Colors,
        direction: Direction,
    ) -> None:
        self.content, self.sizes, self.colors = content, sizes, colors
        self.turned = direction == "LR"
        self.frames: list[Drawn] = []
        self.boxes: list[Drawn] = []
        self.points: dict[Link, list[Point]] = {}

    def paint(self, layout: Layout, edges: Sequence[Edge]) -> Scene:
        """The drawing of a layout, without caption and legend."""
        self._body(layout, 0.0, 0.0)
        routes = _trimmed([self._route(edge) for edge in edges])
        width, height = self._point((layout.size.across, layout.size.along))
        return Scene(width, height, (*self.frames, *routes, *self.boxes))

    def _body(self, layout: Layout, across: float, along: float) -> None:
        for link, points in layout.paths.items():
            self.points[link] = [(a + across, b + along) for a, b in points]
        for placed in layout.placed:
            at = across + placed.across, along + placed.along
            if placed.inside is None:
                self._box(placed, *at)
                continue
            if placed.item.frame:
                self._frame(placed, *at)
            self._body(placed.inside, at[0] + placed.inset[0], at[1] + placed.inset[1])

    def _rectangle(self, placed: Placed, across: float, along: float) -> tuple[float, ...]:
        x, y = self._point((across, along))
        width, height = self._point((placed.size.across, placed.size.along))
        return x, y, width, height

    def _box(self, placed: Placed, across: float, along: float) -> None:
        item = placed.item
        x, y, width, height = self._rectangle(placed, across, along)
        role, style = self.colors.style(item)
        kind, radius = self._form(item)
        ink = ink_on(style.fill, self.colors.palette) if self.colors.heat else self._ink
        faint = ink if self.colors.heat else self.colors.palette.faint
        if kind == "circle":
            texts = self._glyph(item, x, y, width, height, ink)
        else:
            block = self.sizes.blocks[item]
            texts = block.texts(
                x, y, width, height, ink, faint, turned=kind == "bar" and self.turned
            )
        if item.times > 1:
            self.boxes.append(
                Shape("box", x + _STACK, y + _STACK, width, height, style, radius, role=role)
            )
        self.boxes.append(
            Shape(
                kind, x, y, width, height, style, radius, texts,
                item.part.path, role, self.content.hint(item.part),
            )
        )  # fmt: skip

    def _form(self, item: Item) -> tuple[ShapeKind, float]:
        kind = self.sizes.kind(item)
        if kind == "sum":
            return "circle", 0.0
        if kind == "bar":
            return "bar", 2.0
        if self.content.role(item.part) in ROUND:
            return "round", 7.0
        return "box", 2.0 if item.part.region is None else 4.0

    def _glyph(
        self, item: Item, x: float, y: float, width: float, height: float, ink: str
    ) -> tuple[Text, ...]:
        name = self.content.joins(item.part)
        text = GLYPHS.get(name, name)
        return (Text(text, x + width / 2, y + height / 2 + 4.1, 12.0, ink, 7.0),)

    def _frame(self, placed: Placed, across: float, along: float) -> None:
        item = placed.item
        x, y, width, height = self._rectangle(placed, across, along)
        role, style = self.colors.style(item)
        hint = self.content.hint(item.part)
        self.frames.append(
            Shape("frame", x, y, width, height, style, 5.0, (), item.part.path, role, hint)
        )
        block = self.sizes.blocks[item]
        ground = Style(style.fill or self.colors.palette.background, None)
        texts = block.texts(x, y, width, block.height, self._ink, self.colors.palette.faint, False)
        inset = style.line_width / 2 + 0.5
        self.boxes.append(
            Shape(
                "header", x + inset, y + inset, width - 2 * inset, block.height - inset, ground,
                4.0, texts, item.part.path, role, hint,
            )
        )  # fmt: skip

    @property
    def _ink(self) -> str:
        return self.colors.palette.ink

    def _route(self, edge: Edge) -> Route:
        points = [point for link in edge.links for point in self.points[link]]
        style = self.colors.palette.line
        if edge.kind == "aux":
            style = Style(None, style.line, style.line_width, True)
        turned = [self._point(point) for point in points]
        line = tuple(_simple(turned))
        return Route(line, edge.kind, style, source=edge.source, target=edge.target)

    def _point(self, place: Point) -> Point:
        return (place[1], place[0]) if self.turned else place


def _trimmed(routes: list[Route]) -> list[Route]:
    """Lines of one source share a trunk, which one of them draws: a whole one before a dashed."""
    drawn: dict[str, list[Route]] = {}
    trimmed: dict[int, Route] = {}
    for number in sorted(range(len(routes)), key=lambda number: routes[number].style.dashed):
        route = routes[number]
        before = drawn.setdefault(route.source, [])
        forks = [_fork(route.points, other.points) for other in before]
        before.append(route)
        trimmed[number] = _from_fork(route, *max(forks, default=(0, 0.0)))
    return [trimmed[number] for number in range(len(routes))]


def _fork(mine: Sequence[Point], theirs: Sequence[Point]) -> tuple[int, float]:
    """The piece on which a line leaves another of its source, and how far along that piece."""
    last = len(mine) - 2
    for number, (a, b) in enumerate(pairwise(mine)):
        if number + 1 >= len(theirs) or not _near(a, theirs[number]):
            return number, 0.0
        c = theirs[number + 1]
        if _near(b, c) and number < last:
            continue
        length = _distance(a, b)
        return number, min(length, _distance(a, c)) if _towards_same(a, b, c) else 0.0
    return last, 0.0


def _from_fork(route: Route, piece: int, shared: float) -> Route:
    """The line from a little before its fork, so that it turns off smoothly, but behind a bend."""
    points = route.points
    if piece and not shared:  # it turns off where the other goes on, or the other way round
        piece -= 1
        shared = _distance(points[piece], points[piece + 1])
    bend = min(route.radius, shared / 2) if piece else 0.0
    start = max(shared - 2 * route.radius, bend)
    if not piece and start <= 0:
        return route
    (ax, ay), (bx, by) = points[piece], points[piece + 1]
    share = start / (_distance(points[piece], points[piece + 1]) or 1.0)
    begin = (ax + (bx - ax) * share, ay + (by - ay) * share)
    return replace(route, points=(begin, *points[piece + 1 :]))


def _distance(a: Point, b: Point) -> float:
    return abs(b[0] - a[0]) + abs(b[1] - a[1])


def _towards_same(a: Point, b: Point, c: Point) -> bool:
    """Whether two lines leave a point in the same direction."""
    (bx, by), (cx, cy) = (b[0] - a[0], b[1] - a[1]), (c[0] - a[0], c[1] - a[1])
    return abs(bx * cy - by * cx) < 0.1 and bx * cx + by * cy > 0


def _simple(points: list[Point]) -> list[Point]:
    """Level and plumb, without repeated points and points in the middle of a straight line."""
    kept: list[Point] = []
    for point in points:
        if kept:
            point = _snapped(kept[-1], point)
        if kept and _near(kept[-1], point):
            continue
        while len(kept) > 1 and _in_line(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    if len(kept) == 1:
        kept.append(kept[0])
    return kept


def _snapped(before: Point, point: Point) -> Point:
    """A point that is all but level with the one before, or plumb below it, made so."""
    (ax, ay), (bx, by) = before, point
    return (ax if abs(bx - ax) < _HAIR else bx, ay if abs(by - ay) < _HAIR else by)


def _near(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) < 0.05 and abs(a[1] - b[1]) < 0.05


def _in_line(a: Point, b: Point, c: Point) -> bool:
    vertical = abs(a[0] - b[0]) < 0.05 and abs(b[0] - c[0]) < 0.05
    level = abs(a[1] - b[1]) < 0.05 and abs(b[1] - c[1]) < 0.05
    return vertical or level

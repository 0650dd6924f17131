"""A finished drawing: shapes, lines and words with their places and colours, for any writer.

Lengths are points of 1/72 inch, x to the right and y down. Everything is decided here: a writer of
SVG, PDF or TikZ copies what it finds, in the order it finds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import hypot
from typing import Literal

__all__ = ["DASH", "GAP", "Command", "Item", "Point", "Route", "Scene", "Shape", "Style", "Text"]

Point = tuple[float, float]
Command = tuple[Literal["move", "line", "curve"], tuple[Point, ...]]
"""A step of a path: to a point, a line to a point, or a cubic curve by two controls to a point."""

ARROW_LENGTH, ARROW_WIDTH = 5.0, 4.0
DASH, GAP = 4.0, 2.5
"""What a dashed line is made of, for the writers to agree."""


@dataclass(frozen=True, slots=True)
class Style:
    """Colours as `#rrggbb`; None draws nothing."""

    fill: str | None
    line: str | None
    line_width: float = 0.8
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One line of type: `x` is its start, middle or end by `anchor`, `y` its baseline.

    At an `angle` of 90 it reads upwards, turned around that point. `width` is what `measure.py`
    says of it, for writers that can hold type to a width.
    """

    text: str
    x: float
    y: float
    size: float
    color: str
    width: float
    bold: bool = False
    anchor: Literal["start", "middle", "end"] = "middle"
    angle: int = 0


ShapeKind = Literal["box", "round", "bar", "circle", "frame", "header", "swatch", "scale"]


@dataclass(frozen=True, slots=True)
class Shape:
    """A box with the words in it.

    `path` is the part of the network that it draws, empty for the legend; `role` is the word that
    chose its colour; `hint` is a tool tip. A `circle` is an ellipse, all others are rectangles with
    corners of that `radius`.
    """

    kind: ShapeKind
    x: float
    y: float
    width: float
    height: float
    style: Style
    radius: float = 0.0
    texts: tuple[Text, ...] = ()
    path: str = ""
    role: str = ""
    hint: str = ""


RouteKind = Literal["flow", "join", "aux"]


@dataclass(frozen=True, slots=True)
class Route:
    """A line along `points` with round corners, and an arrow head at its end."""

    points: tuple[Point, ...]
    kind: RouteKind
    style: Style
    radius: float = 5.0
    source: str = ""
    target: str = ""

    def commands(self) -> Iterator[Command]:
        """The line as a path; corners are cubic curves, and the arrow head's length is left off."""
        points = list(self.points)
        points[-1] = _towards(points[-1], points[-2], ARROW_LENGTH * 0.8)
        yield "move", (points[0],)
        for before, corner, after in zip(points, points[1:], points[2:], strict=False):
            reach = min(self.radius, _length(before, corner) / 2, _length(corner, after) / 2)
            start, end = _towards(corner, before, reach), _towards(corner, after, reach)
            yield "line", (start,)
            bend = 0.45 * reach
            yield "curve", (_towards(corner, before, bend), _towards(corner, after, bend), end)
        yield "line", (points[-1],)

    def head(self) -> tuple[Point, Point, Point]:
        """The arrow head, a filled triangle, its tip first."""
        (x, y), back = self.points[-1], _towards(self.points[-1], self.points[-2], ARROW_LENGTH)
        across = ((back[1] - y) / ARROW_LENGTH, (x - back[0]) / ARROW_LENGTH)
        half = ARROW_WIDTH / 2
        left = (back[0] + across[0] * half, back[1] + across[1] * half)
        right = (back[0] - across[0] * half, back[1] - across[1] * half)
        return (x, y), left, right


Item = Shape | Route | Text


@dataclass(frozen=True, slots=True)
class Scene:
    """A drawing of `width` x `height` points. `items` are painted in their order.

    `scale` is how much larger than drawn it is to be printed; writers apply it once, around all.
    `name` and `description` say what it shows, for screen readers and file properties.
    """

    width: float
    height: float
    items: tuple[Item, ...] = field(repr=False)
    background: str | None = None
    name: str = ""
    description: str = ""
    scale: float = 1.0

    def shapes(self) -> Iterator[Shape]:
        """The boxes, in their order."""
        return (item for item in self.items if isinstance(item, Shape))

    def routes(self) -> Iterator[Route]:
        """The lines, in their order."""
        return (item for item in self.items if isinstance(item, Route))

    def texts(self) -> Iterator[Text]:
        """All type: that of the boxes, and what stands by itself."""
        for item in self.items:
            if isinstance(item, Shape):
                yield from item.texts
            elif isinstance(item, Text):
                yield item

    def _repr_svg_(self) -> str:
        """How a notebook shows it."""
        from inception_dsl.backends.drawing.svg import to_svg

        return to_svg(self)

    def smallest_type(self) -> float:
        """The size of its smallest type as printed, in points."""
        return min((text.size for text in self.texts()), default=0.0) * self.scale


def moved(item: Item, dx: float, dy: float) -> Item:
    """The item at another place."""
    if isinstance(item, Route):
        return replace(item, points=tuple([(x + dx, y + dy) for x, y in item.points]))
    if isinstance(item, Shape):
        texts = tuple([_text_moved(text, dx, dy) for text in item.texts])
        return replace(item, x=item.x + dx, y=item.y + dy, texts=texts)
    return _text_moved(item, dx, dy)


def _text_moved(text: Text, dx: float, dy: float) -> Text:
    return Text(
        text.text, text.x + dx, text.y + dy, text.size, text.color, text.width, text.bold,
        text.anchor, text.angle,
    )  # fmt: skip


def _length(a: Point, b: Point) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])


def _towards(a: Point, b: Point, distance: float) -> Point:
    length = _length(a, b) or 1.0
    return a[0] + (b[0] - a[0]) * distance / length, a[1] + (b[1] - a[1]) * distance / length

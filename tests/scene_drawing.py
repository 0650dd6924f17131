"""A figure as drawn, by the paths of its parts: what the judgments of `scene_checks` look at.

Figures from left to right are turned first, so that everywhere y runs along the flow and x across
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import NamedTuple, TypeVar

from inception_dsl.backends.figure.scene import Point, Scene, Shape
from inception_dsl.ir.graph import CheckedGraph, Graph
from inception_dsl.ir.regions import Region

__all__ = ["SLACK", "Drawing", "Rect", "Segment", "meeting", "segments"]

T = TypeVar("T")
U = TypeVar("U")

SLACK = 0.3
"""What rounding and the width of a pen may do, in points."""


class Rect(NamedTuple):
    """Left, top, right, bottom; where a figure runs from left to right, turned."""

    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, other: Rect, slack: float = SLACK) -> bool:
        """Whether the other lies inside, on the border at most."""
        return (
            self.x0 <= other.x0 + slack
            and self.y0 <= other.y0 + slack
            and self.x1 >= other.x1 - slack
            and self.y1 >= other.y1 - slack
        )

    def meets(self, other: Rect, slack: float = SLACK) -> bool:
        """Whether they have more than a border in common."""
        return (
            self.x0 < other.x1 - slack
            and other.x0 < self.x1 - slack
            and self.y0 < other.y1 - slack
            and other.y0 < self.y1 - slack
        )

    def union(self, other: Rect) -> Rect:
        """The smallest that holds both."""
        return Rect(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    @property
    def middle(self) -> float:
        """Its middle across the flow."""
        return (self.x0 + self.x1) / 2


class Segment(NamedTuple):
    """A straight piece of a line."""

    a: Point
    b: Point

    @property
    def rect(self) -> Rect:
        """The space that it takes."""
        (ax, ay), (bx, by) = self
        return Rect(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    @property
    def across(self) -> bool:
        """Whether it runs across the flow."""
        return abs(self.a[1] - self.b[1]) < abs(self.a[0] - self.b[0])

    def distance(self, point: Point) -> float:
        """How far away a point is."""
        rect = self.rect
        dx = max(rect.x0 - point[0], 0.0, point[0] - rect.x1)
        dy = max(rect.y0 - point[1], 0.0, point[1] - rect.y1)
        return hypot(dx, dy)


class Drawing:
    """A scene with the places of its parts by their paths, turned so that it flows down.

    `module` is the path of the region that is drawn alone.
    """

    def __init__(
        self,
        scene: Scene,
        checked: CheckedGraph,
        *,
        direction: str = "TB",
        module: str | None = None,
    ) -> None:
        self.scene, self.graph, self.turned = scene, checked.graph, direction == "LR"
        self.module = module
        self.parents = _parents(self.graph)
        self.regions = {region.path: region for region in self.graph.root.walk()}
        self.shapes: dict[str, Shape] = {}
        self.boxes: dict[str, Rect] = {}
        self.frames: dict[str, Rect] = {}
        self.headers: dict[str, Rect] = {}
        self.sheets: dict[str, Rect] = {}
        self.repeated: list[str] = []
        sheet: Rect | None = None
        for shape in scene.shapes():
            rect = self.rect(shape)
            if shape.kind in ("swatch", "scale"):
                continue
            if not shape.path:  # the second sheet of the box that follows
                sheet = rect
                continue
            if shape.kind == "header":
                self.headers[shape.path] = rect
                self.shapes[shape.path] = shape
                continue
            if shape.path in self.boxes or shape.path in self.frames:
                self.repeated.append(shape.path)
            places = self.frames if shape.kind == "frame" else self.boxes
            places[shape.path] = rect
            self.sheets[shape.path] = rect.union(sheet) if sheet else rect
            self.shapes.setdefault(shape.path, shape)
            sheet = None
        self.seen = {around for path in self.boxes for around in self.around(path)}
        self.routes = [(route, [self.point(p) for p in route.points]) for route in scene.routes()]

    def point(self, point: Point) -> Point:
        """A place, across and along the flow."""
        return (point[1], point[0]) if self.turned else point

    def rect(self, shape: Shape) -> Rect:
        """The place of a shape, as the flow has it."""
        (x0, y0), (x1, y1) = (
            self.point((shape.x, shape.y)),
            self.point((shape.x + shape.width, shape.y + shape.height)),
        )
        return Rect(x0, y0, x1, y1)

    def around(self, path: str) -> Iterator[str]:
        """The paths of the regions around a node or region, from the inside."""
        while path in self.parents:
            path = self.parents[path]
            yield path

    def inside(self, path: str, region: str) -> bool:
        """Whether a part lies in a region."""
        return region in self.around(path)

    def box_of(self, node: str) -> str | None:
        """The path of the closed box that shows a node, unless it only shows its equals."""
        return next((path for path in (node, *self.around(node)) if path in self.boxes), None)

    def box_for(self, node: str) -> str | None:
        """The path of the box that shows a node, or the equal one that is drawn for it."""
        found = self.box_of(node)
        if self.module and not self.inside(node, self.module):
            return found
        while found is None and (before := self._before(node)):
            found, node = self.box_of(before), before
        return found

    def _before(self, node: str) -> str | None:
        """What stands in the place of a node in the part before the one that is not drawn."""
        way: list[int] = []
        hidden = node
        for around in self.around(node):
            siblings = self.regions[around].children
            names = [child if isinstance(child, str) else child.path for child in siblings]
            place = names.index(hidden)
            if around in self.seen:
                if place == 0:
                    return None
                return self._follow(siblings[place - 1], way)
            way.insert(0, place)
            hidden = around
        return None

    def _follow(self, part: Region | str, way: Sequence[int]) -> str | None:
        for place in way:
            if isinstance(part, str) or place >= len(part.children):
                return None
            part = part.children[place]
        return part if isinstance(part, str) else None

    def words(self, path: str) -> str:
        """All that is written in a part's box or header, in reading order."""
        return " ".join(text.text for text in self.shapes[path].texts)

    def times(self, path: str) -> int:
        """How many equal parts a box says it stands for."""
        factor = path not in self.regions and self.graph[path].op.name == "scale"
        titles = [text for text in self.shapes[path].texts if text.size >= 9]
        for weight in (True, False):
            title = " ".join(text.text for text in titles if text.bold is weight)
            if found := re.search(r"\(× (\d+)\)$" if factor else r"× (\d+)\)?$", title):
                return int(found[1])
        return 1

    def extent(self, region: Region) -> Rect | None:
        """The space that the shown parts of a region take."""
        extent: Rect | None = None
        for path, rect in (*self.boxes.items(), *self.frames.items()):
            if path == region.path or self.inside(path, region.path):
                extent = rect.union(extent) if extent else rect
        return extent


def _parents(graph: Graph) -> dict[str, str]:
    parents = {}
    for region in graph.root.walk():
        for child in region.children:
            parents[child if isinstance(child, str) else child.path] = region.path
    return parents


def segments(points: Sequence[Point]) -> list[Segment]:
    return [Segment(a, b) for a, b in pairwise(points)]


def meeting(
    some: Sequence[tuple[T, Rect]], others: Sequence[tuple[U, Rect]]
) -> Iterator[tuple[tuple[T, Rect], tuple[U, Rect]]]:
    """The pairs that meet, each once where both lists are one, found along the flow."""
    same = some is others
    order = sorted(
        [(rect.y0, 0, number) for number, (_, rect) in enumerate(some)]
        + ([] if same else [(rect.y0, 1, number) for number, (_, rect) in enumerate(others)])
    )
    lists = (some, others)
    active: tuple[list[int], list[int]] = ([], [])
    for top, which, number in order:
        entry = lists[which][number]
        against = which if same else 1 - which
        alive = [n for n in active[against] if lists[against][n][1].y1 > top]
        active[against][:] = alive
        for n in alive:
            other = lists[against][n]
            if entry[1].meets(other[1]):
                yield (entry, other) if which == 0 else (other, entry)
        active[which].append(number)

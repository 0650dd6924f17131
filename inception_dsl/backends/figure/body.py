"""The inside of one open part of a figure: boxes in rows, and the lines between them.

Its rows run from its inputs to its outputs: each item stands below everything that it reads, and
items of one row stand side by side in the order of the spec. A line that passes a row without
stopping has a lane there, an empty place between the items. So every line is a chain of steps
between neighbouring rows, and whoever places the items, a drawing or a browser, only has to join
the ends of each step.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inception_dsl.analysis.outline import Part
from inception_dsl.backends.figure.scene import RouteKind

__all__ = ["Body", "Edge", "Item", "Lane", "Link", "Place", "RouteKind"]


@dataclass(eq=False)
class Item:
    """A box, or an open part with its own body; `row` is its place, from 0.

    `frame` says whether an open part has a frame around it. `side` items, auxiliary heads, stand
    beside all rows, from the one that follows what they read. `times` equal ones are drawn once.
    """

    part: Part
    body: Body | None = None
    frame: bool = False
    side: bool = False
    times: int = 1
    row: int = 0


@dataclass(eq=False)
class Lane:
    """Where a line passes a row; `net` is what it shares with lines that begin as one."""

    net: str
    row: int


Place = Item | Lane | None
"""Where a step starts or ends; None is the border of the body."""


@dataclass(eq=False)
class Link:
    """A line inside one body, from an item or an input to an item or an output (None).

    `port` is its place among the operands of its target. `stops` are its places from row to row,
    lanes between its ends; the border counts as None.
    """

    net: str
    source: Item | None
    target: Item | None
    port: int = 0
    stops: tuple[Place, ...] = ()


@dataclass(eq=False)
class Body:
    """The inside of one open part."""

    items: list[Item] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    rows: list[list[Item | Lane]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two boxes, by their paths, and its pieces in the bodies it goes through."""

    source: str
    target: str
    kind: RouteKind
    links: tuple[Link, ...]

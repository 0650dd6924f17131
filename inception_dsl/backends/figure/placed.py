"""Items at their places, and bodies laid out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from inception_dsl.backends.figure.body import Item, Link

__all__ = ["LANE", "Kind", "Layout", "Measures", "Placed", "Size"]

LANE = 8.0
"""The room across that a line takes where it passes a row."""


@dataclass(frozen=True, slots=True)
class Size:
    """Extents across and along the flow."""

    across: float
    along: float


Kind = Literal["box", "bar", "sum"]


class Measures(Protocol):
    """How large things are, in the direction of the figure."""

    def kind(self, item: Item) -> Kind:
        """`bar`, `sum`, or `box`: a concat, another combination, anything else."""

    def box(self, item: Item, bar_across: float) -> Size:
        """A closed item; `bar_across` is what the items that a bar joins take together."""

    def stretches(self, item: Item) -> bool:
        """Whether a closed item may be wider than its words."""

    def frame(self, item: Item, inside: Size) -> tuple[Size, float, float]:
        """An open item with a frame, and the offset across and along of what is inside."""


Ports = dict[str, float]


@dataclass(eq=False)
class Placed:
    """An item at its place in its body, with the ports of each net, from its edge across.

    A `bar` takes lines anywhere along it, a `sum` at its sides, too.
    """

    item: Item
    size: Size
    form: Kind | Literal["open"]
    inside: Layout | None = None
    inset: tuple[float, float] = (0.0, 0.0)
    entries: Ports = field(default_factory=dict)
    exits: Ports = field(default_factory=dict)
    across: float = 0.0
    along: float = 0.0

    @property
    def middle(self) -> float:
        """Its middle across."""
        return self.across + self.size.across / 2

    @property
    def end_across(self) -> float:
        """Its far edge across."""
        return self.across + self.size.across

    @property
    def end_along(self) -> float:
        """Where it ends along the flow."""
        return self.along + self.size.along

    def entry(self, net: str) -> float:
        """Where a net enters, from its edge."""
        return self.entries.get(net, self.size.across / 2)

    def exit(self, net: str) -> float:
        """Where a net leaves, from its edge."""
        return self.exits.get(net, self.size.across / 2)


@dataclass(eq=False)
class Layout:
    """A body laid out: its items and the points of its links, from its own corner."""

    size: Size
    placed: list[Placed]
    paths: dict[Link, list[tuple[float, float]]]
    entries: Ports
    exits: Ports

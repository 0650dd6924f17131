"""Where a warning about a node points: what a reader would change, and how it is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inception_dsl.diagnostics import Note
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ir.op import Op
from inception_dsl.ir.regions import Origin, Region

__all__ = ["Placed", "placed_nodes", "uses"]

DEEPEST = 3  # uses that a warning names


class Placed:
    """A node with the regions around it."""

    def __init__(self, node: Node, region: Region) -> None:
        self.node, self.region = node, region

    @property
    def origin(self) -> Origin:
        """Its statement; for a node of a layer the layer's call, which chose the arguments."""
        origin = self.node.origin
        for region in self.around():
            if region.role != "layer":
                break
            origin = region.origin
        return origin

    def around(self) -> Iterator[Region]:
        """The regions that hold it, the innermost first."""
        region: Region | None = self.region
        while region:
            yield region
            region = region.parent


def placed_nodes(graph: Graph, wanted: Callable[[Op], bool]) -> Iterator[Placed]:
    """The nodes whose operation is wanted, in the order of the spec."""
    for region in graph.root.walk():
        for child in region.children:
            if isinstance(child, str) and wanted((node := graph[child]).op):
                yield Placed(node, region)


def uses(origin: Origin) -> tuple[Note, ...]:
    """The uses of definitions through which a place is reached, the innermost first."""
    notes: list[Note] = []
    while origin.use and origin.parent and len(notes) < DEEPEST:
        caller = origin.parent
        notes.append(Note(f"in: {origin.use}, called at {caller.span}", caller.span))
        origin = caller
    return tuple(notes)

"""After expansion: drop what nothing reads, and give each region its inputs and outputs."""

from __future__ import annotations

from dataclasses import dataclass, field

from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ir.regions import Region

__all__ = ["connect", "prune"]


def prune(graph: Graph) -> list[Node]:
    """Remove the nodes that neither the output nor an auxiliary head depends on.

    Returns those of them that nothing read, in the order of the spec: each was a result lost.
    """
    kept = {graph.input}
    pending = [graph.output, *(aux.output for aux in graph.aux)]
    while pending:
        path = pending.pop()
        if path not in kept:
            kept.add(path)
            pending += graph.operands(path)
    dead = [path for path in graph.network if path not in kept]
    lost = [graph[path] for path in dead if not graph.readers(path)]
    graph.network.remove_nodes_from(dead)
    if dead:
        _prune_region(graph.root, graph)
    return lost


def _prune_region(region: Region, graph: Graph) -> bool:
    """Drop dead nodes below; whether anything was dropped and nothing is left."""
    before = len(region.children)
    kept: list[Region | str] = []
    for child in region.children:
        alive = not _prune_region(child, graph) if isinstance(child, Region) else child in graph
        if alive:
            kept.append(child)
    region.children = kept
    region.inputs = tuple(path for path in region.inputs if path in graph)
    region.outputs = tuple(path for path in region.outputs if path in graph)
    return not kept and before > 0


@dataclass
class _Extent:
    """A region as an interval of node positions, and what crosses its border.

    `first` and `last` are an interval too, of the regions in it: one without nodes has a place.
    """

    region: Region
    parent: _Extent | None
    low: int
    first: int
    high: int = 0
    last: int = 0
    inputs: dict[str, None] = field(default_factory=dict)
    outputs: dict[str, None] = field(default_factory=dict)

    def holds(self, position: int) -> bool:
        return self.low <= position < self.high


def connect(graph: Graph) -> None:
    """Set `inputs` and `outputs` of every region, from the edges that cross its border.

    Operands of an instance come first among its inputs, the tensor at a region's end first among
    its outputs; the rest follow in the order of the edges.
    """
    position: dict[str, int] = {}
    home: dict[str, _Extent] = {}
    extents: list[_Extent] = []
    _number(graph.root, None, position, home, extents)
    for path in position:
        for operand in graph.operands(path):
            if home[path] is not home[operand]:
                _cross(home[path], position[operand], operand, reads=True)
                _cross(home[operand], position[path], operand, reads=False)
    for path in (graph.output, *(aux.output for aux in graph.aux)):
        _cross(home[path], -1, path, reads=False)
    for extent in reversed(extents):  # inner ones first: what they take comes through those around
        if not extent.region.definition:
            passed = (path for path in extent.outputs if not extent.holds(position[path]))
            extent.inputs.update(dict.fromkeys(passed))
        if around := extent.parent:
            outside = (path for path in extent.inputs if not around.holds(position[path]))
            around.inputs.update(dict.fromkeys(outside))
    for extent in extents:
        for path in extent.inputs:
            _leave(home[path], extent, path)
    for extent in extents:  # what a region gives, those inside it that make it give too
        for path in extent.outputs:
            inner: _Extent | None = home[path]
            while inner and inner is not extent and extent.holds(position[path]):
                inner.outputs[path] = None
                inner = inner.parent
    for extent in extents:
        extent.region.inputs = tuple(extent.inputs)
        extent.region.outputs = tuple(extent.outputs)
    graph.root.inputs = ()
    graph.root.outputs = (graph.output, *(aux.output for aux in graph.aux))


def _number(
    region: Region,
    parent: _Extent | None,
    position: dict[str, int],
    home: dict[str, _Extent],
    extents: list[_Extent],
) -> None:
    extent = _Extent(region, parent, len(position), len(extents))
    extent.inputs.update(dict.fromkeys(region.inputs))
    extent.outputs.update(dict.fromkeys(region.outputs))
    extents.append(extent)
    for child in region.children:
        if isinstance(child, Region):
            _number(child, extent, position, home, extents)
        else:
            home[child] = extent
            position[child] = len(position)
    extent.high, extent.last = len(position), len(extents)


def _cross(start: _Extent, other: int, path: str, *, reads: bool) -> None:
    extent: _Extent | None = start
    while extent and not extent.holds(other):
        (extent.inputs if reads else extent.outputs)[path] = None
        extent = extent.parent


def _leave(start: _Extent, taker: _Extent, path: str) -> None:
    """Give what one region takes as an output to those around its maker; no node may read it."""
    extent: _Extent | None = start
    while extent and not extent.first <= taker.first < extent.last:
        extent.outputs[path] = None
        extent = extent.parent

"""Receptive fields: which cells of the input a cell of a feature map depends on.

Windows count in full, padding and what lies beyond the input's border included, as in Araujo et
al., 2019, "Computing receptive fields of convolutional neural networks"; where branches join, the
box around all of their fields counts. Whatever reads a whole grid (a global pool, a flattened grid,
group norm) sees all that the cells of that grid see, within the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from inception_dsl.ir.graph import CheckedGraph, Graph, Node
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import Dims

__all__ = ["ReceptiveField", "receptive_fields"]

Axis = tuple[Reach, ...]
"""What a cell sees of one axis of the input, by the strides of the paths it sees it through."""


@dataclass(frozen=True)
class ReceptiveField:
    """The field of one feature map, with a number for each axis of the network's input.

    `size` is that of the box that the centre cell sees, `stride` how far it moves from one cell to
    the next (0 where all see the same), `start` the first cell of the first one's, below zero by
    the padding before it.
    """

    axes: tuple[Axis, ...]
    grid: tuple[int, ...]
    """The feature map's; a vector has none."""

    @property
    def size(self) -> tuple[int, ...]:
        """The cells from the first to the last that the centre cell sees."""
        centre = tuple((cells - 1) // 2 for cells in self.grid)
        return tuple(last - first + 1 for first, last in self.box(centre))

    @property
    def stride(self) -> tuple[Fraction, ...]:
        """By how many cells of the input the field moves; a fraction behind upsampling."""
        return tuple(max(reach.stride for reach in axis) for axis in self.axes)

    @property
    def start(self) -> tuple[int, ...]:
        """Where the field of the first cell begins."""
        return tuple(first for first, _ in self.box((0,) * len(self.grid)))

    def box(self, cell: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """The first and last cell that one cell sees, per axis, the padding's counted."""
        # Grids of another rank come from vectors, all of whose numbers see the same.
        places = cell if len(cell) == len(self.axes) else (0,) * len(self.axes)
        return tuple(
            (
                ceil(min(reach.first + place * reach.stride for reach in axis)),
                floor(max(reach.last + place * reach.stride for reach in axis)),
            )
            for axis, place in zip(self.axes, places, strict=True)
        )

    def __str__(self) -> str:
        return str(Dims(self.size))


def receptive_fields(checked: CheckedGraph) -> dict[str, ReceptiveField]:
    """The receptive field of every node by its path, in graph order."""
    graph = checked.graph
    cells = checked.input_map.grid
    found: dict[str, tuple[Axis, ...]] = {}
    for node in graph:
        operands = graph.operands(node.path)
        if not operands:
            found[node.path] = tuple((Reach(),) for _ in cells)
            continue
        seen = [_through(graph, node, operand, found[operand], cells) for operand in operands]
        found[node.path] = tuple(_join(axes) for axes in zip(*seen, strict=True))
    return {path: ReceptiveField(axes, graph[path].out.grid) for path, axes in found.items()}


def _through(
    graph: Graph, node: Node, operand: str, axes: tuple[Axis, ...], cells: tuple[int, ...]
) -> tuple[Axis, ...]:
    """What the node sees through one of its operands."""
    x = graph[operand].out
    if not x.grid:  # a vector sees the same at all of its numbers
        return axes
    reads = node.op.reads(x)
    whole = node.op.combines and x.grid != node.out.grid  # the one cell of a gate
    if reads is None or whole:
        return tuple(map(_whole, axes, x.grid if len(x.grid) == len(axes) else cells, cells))
    if len(reads) != len(axes):
        return axes
    return tuple(
        _join([tuple(outer.through(inner) for inner in axis)])
        for outer, axis in zip(reads, axes, strict=True)
    )


def _whole(axis: Axis, grid: int, cells: int) -> Axis:
    """What the cells of a whole grid see of an axis, inside the input."""
    together = [reach.all_of(grid) if reach.stride else reach for reach in axis]
    first = max(min(reach.first for reach in together), Fraction(0))
    last = min(max(reach.last for reach in together), Fraction(cells - 1))
    return (Reach(Fraction(0), first, last),)


def _join(axes: Iterable[Axis]) -> Axis:
    """The fields of several paths: those of equal stride are one box."""
    boxes: dict[Fraction, Reach] = {}
    for reach in (reach for axis in axes for reach in axis):
        known = boxes.get(reach.stride, reach)
        boxes[reach.stride] = Reach(
            reach.stride, min(known.first, reach.first), max(known.last, reach.last)
        )
    return tuple(boxes.values())

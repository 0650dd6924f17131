"""W0401: a stride larger than its window, so that cells between the windows are never read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.elaborate.elaborate import Spec
from inception_dsl.ir.op import Op
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import Dims
from inception_dsl.lint.axes import lines_of
from inception_dsl.lint.places import Placed, placed_nodes, uses

__all__ = ["skipped_cells"]

LISTED = 3  # cells named before the last


def skipped_cells(spec: Spec) -> Iterator[Diagnostic]:
    """Windows with cells between them that none reads.

    A 1x1 projection in the shortcut of a residual strides because its residual does; it is no
    mistake there.
    """
    graph = spec.graph.graph
    for placed in placed_nodes(graph, _may_skip):
        node = placed.node
        (x,) = graph.maps(node.path)
        windows = node.op.reads(x)
        if windows is None or all(reach.stride == 1 for reach in windows):
            continue
        axes = zip(lines_of(x), windows, x.grid, node.out.grid, strict=True)
        unread = [
            (f"{line}s", f"{numbers} of {cells}")
            for line, reach, cells, count in axes
            if (numbers := _unread(reach, cells, count))
        ]
        if unread and not _is_projection(windows, placed):
            yield _warning(placed, windows, _gathered(unread))


def _may_skip(op: Op) -> bool:
    """Whether it has windows, as few operations do, and another stride than 1."""
    return type(op).reads is not Op.reads and getattr(op, "stride", None) != 1


def _warning(placed: Placed, windows: tuple[Reach, ...], unread: str) -> Diagnostic:
    name, place = placed.node.op.name, placed.origin
    stride, extent = Dims(int(each.stride) for each in windows), Dims(map(_extent, windows))
    covering = Dims(map(max, stride, extent))
    return Diagnostic(
        "W0401",
        f"`{name}` skips cells: a stride of {stride} with windows of {extent}",
        place.span,
        f"{unread} are never read",
        notes=uses(place),
        help=f"use a kernel of {covering}, or a smaller stride",
    )


def _gathered(unread: list[tuple[str, str]]) -> str:
    """`rows and columns 2, 4 of 5`: axes with the same cells together."""
    lines = {numbers: [line for line, same in unread if same == numbers] for _, numbers in unread}
    return " and ".join(f"{' and '.join(names)} {numbers}" for numbers, names in lines.items())


def _is_projection(windows: tuple[Reach, ...], placed: Placed) -> bool:
    inside = any(region.kind == "shortcut" for region in placed.around())
    return inside and all(_extent(reach) == 1 for reach in windows)


def _extent(window: Reach) -> int:
    return int(window.last - window.first) + 1


def _unread(window: Reach, cells: int, count: int) -> str:
    """The cells of an axis, from 1, between its windows and behind the last; empty without gaps."""
    stride, extent, before = int(window.stride), _extent(window), int(-window.first)
    if stride <= extent or count < 2:
        return ""

    def gap(index: int) -> range:
        """The cells that are read neither by window `index` nor by the next."""
        start = index * stride - before
        end = start + stride if index < count - 1 else cells
        return range(max(0, start + extent), min(end, cells))

    first, last = max(0, (before - extent) // stride), min(count - 1, (cells + before) // stride)
    forward = (cell + 1 for index in range(first, last + 1) for cell in gap(index))
    listed = list(islice(forward, LISTED + 2))
    if len(listed) < LISTED + 2:
        return ", ".join(map(str, listed))
    final = next(gap(index)[-1] + 1 for index in range(last, -1, -1) if gap(index))
    return ", ".join(map(str, listed[:LISTED])) + f", ..., {final}"

"""Where a shape comes from: the nearest node upstream that set an axis, and the sum behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inception_dsl.diagnostics import Label
from inception_dsl.elaborate.build import STAND_IN, Frame
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ir.op import Input
from inception_dsl.ir.regions import Origin
from inception_dsl.ir.types import Dims, FeatureMap
from inception_dsl.source import Span

__all__ = ["Cause", "causes", "inside", "join_labels", "place", "trace", "trace_rank", "written_at"]

FAR = 250  # nodes that are walked upstream before the walk ends where it is


@dataclass(frozen=True)
class Cause:
    """The node that set some axes of a shape, and the sums: `ceil(35 / 2) = 18`."""

    node: Node
    axes: tuple[int, ...]
    sums: tuple[str, ...]

    def __str__(self) -> str:
        if self.sums:
            return ", ".join(dict.fromkeys(self.sums))
        extent = part(self.node.out, self.axes)
        if not isinstance(self.node.op, Input):
            return f"gives {extent}"
        return f"its note says {extent}" if STAND_IN in self.node.path else f"the input: {extent}"


def trace(graph: Graph, path: str, axis: int) -> tuple[Node, str]:
    """The nearest node from `path` upstream that set `axis` of its `dims`, and the sum behind it.

    For a grid that is the node whose operand differs; for channels the nearest convolution, linear
    layer, concat, or other operation that changed them.
    """
    node = graph[path]
    for _ in range(FAR):
        operands = graph.operands(node.path)
        if not operands:
            break
        found = node.op.derivation(axis, *graph.maps(node.path))
        if found is not None:
            return node, f"{found} = {node.out.dims[axis]}" if found else ""
        extent = node.out.dims[axis]
        before = [graph[path] for path in operands]
        node = next((n for n in before if _has(n.out, axis, extent)), node)
    return node, ""


def trace_rank(graph: Graph, path: str) -> list[Cause]:
    """The nearest node upstream whose operand has another number of axes."""
    node = graph[path]
    for _ in range(FAR):
        operands = graph.operands(node.path)
        if not operands or graph[operands[0]].out.rank != node.out.rank:
            break
        node = graph[operands[0]]
    return [Cause(node, tuple(range(len(node.out.dims))), ())]


def _has(map: FeatureMap, axis: int, extent: int) -> bool:
    return axis < len(map.dims) and map.dims[axis] == extent


def causes(graph: Graph, path: str, axes: Iterable[int]) -> list[Cause]:
    """What set these axes of a node's shape, each node once."""
    found: dict[str, tuple[Node, list[int], list[str]]] = {}
    for axis in axes:
        node, sum = trace(graph, path, axis)
        _, taken, sums = found.setdefault(node.path, (node, [], []))
        taken.append(axis)
        if sum:
            sums.append(sum)
    return [Cause(node, tuple(taken), tuple(sums)) for node, taken, sums in found.values()]


def part(map: FeatureMap, axes: tuple[int, ...]) -> str:
    """The named axes in words: `64 channels`, `35x35`, or the whole shape."""
    if not map.rank:
        return f"a vector of {map.channels}"
    if axes == (0,):
        return f"{map.channels} channel{'s' * (map.channels != 1)}"
    return str(map) if 0 in axes else str(Dims(map.grid))


def place(origin: Origin, frame: Frame) -> Span | None:
    """Where the body of `frame` leads to a node; None for what came into the body."""
    step: Origin | None = origin
    while step and step.parent is not frame.caller:
        step = step.parent
    return step.span if step else None


def written_at(origin: Origin) -> Span:
    """The call of an operation, or of the layer that it is a part of."""
    while origin.parent and origin.use.startswith("layer "):
        origin = origin.parent
    return origin.span


def inside(span: Span, outer: Span) -> bool:
    """Whether a span lies within another."""
    same = span.source is outer.source
    return same and outer.start <= span.start and span.end <= outer.end


def join_labels(labels: Iterable[Label]) -> tuple[Label, ...]:
    """The labels with those on one span drawn as one, in the order of the text."""
    joined: dict[tuple[int, int], Label] = {}
    for label in labels:
        key = (label.span.start, label.span.end)
        known = joined.get(key)
        if known and label.message not in known.message:
            label = Label(label.span, f"{known.message}: {label.message}")
        elif known:
            continue
        joined[key] = label
    return tuple(joined[key] for key in sorted(joined))

"""The edges of a figure: what flows between its boxes, through the titles of the frames entered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from inception_dsl.analysis.outline import Outline, Part
from inception_dsl.backends.graphviz.frames import single_entry
from inception_dsl.ir.graph import Graph

__all__ = ["Edge", "EdgeKind", "edges"]

EdgeKind = Literal["flow", "join", "aux"]


class Edge(NamedTuple):
    """An arrow between two boxes, by their paths; `join` enters a combination, `aux` a head."""

    source: str
    reader: str
    kind: EdgeKind


def edges(graph: Graph, seen: Outline) -> Iterator[Edge]:
    """All edges of the figure, in the order of the spec, each once.

    `add(x, x)` keeps its two edges; what flows between closed boxes is one.
    """
    placed = dict(_places(seen.root, ()))
    aux = {head.path for head in graph.aux}
    done = set()
    for node in graph:
        box, frames = placed[node.path]
        for port, operand in enumerate(graph.operands(node.path)):
            source, around = placed[operand]
            if source is box or not seen.shows(operand, node.path):
                continue
            entered = [frame for frame in frames if frame not in around]
            plain = not entered and len(source.paths) == len(box.paths) == 1
            for start, end in pairwise([source.path, *entered, box.path]):
                if (start, end, port if plain else None) in done:
                    continue
                done.add((start, end, port if plain else None))
                joins = end == node.path and node.op.combines
                yield Edge(start, end, "aux" if end in aux else "join" if joins else "flow")


def _places(
    part: Part, frames: tuple[str, ...]
) -> Iterator[tuple[str, tuple[Part, tuple[str, ...]]]]:
    """For each node the box that shows it, and the titles of the frames around that box."""
    if not part.open:
        yield from ((path, (part, frames)) for path in part.paths)
        return
    inner = (*frames, part.path) if single_entry(part) else frames
    for child in part.parts:
        yield from _places(child, inner)

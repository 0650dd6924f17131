"""The branches of a combination, left to right in the order of the spec."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from inception_dsl.analysis.outline import Part
from inception_dsl.backends.graphviz.frames import framed, single_entry
from inception_dsl.ir.graph import Graph

__all__ = ["branch_heads"]


def branch_heads(graph: Graph, parts: tuple[Part, ...]) -> Iterator[list[str]]:
    """For each combination in a body, the boxes that its branches begin with, by their paths.

    `dot` keeps their order when they stand in one rank, chained by invisible edges.
    """
    heads: list[str] = []
    for part in parts:
        if part.region is None and graph[part.path].op.combines:
            if len(heads) > 1:
                yield heads
            heads = []
        elif _is_branch(part):
            heads.extend(_heads(part))


def _heads(part: Part) -> Iterator[str]:
    """The boxes that a part begins with: its first one, or those of its first combination.

    A frame with several inputs has no box to hold it by: `dot` ignores chains between clusters.
    """
    if not part.open or single_entry(part):
        yield part.path
    elif not framed(part) and part.parts:
        branches = list(takewhile(_is_branch, part.parts))
        for inner in branches or part.parts[:1]:
            yield from _heads(inner)


def _is_branch(part: Part) -> bool:
    """Whether a part stands beside its neighbours, as branches made by a `repeat` do, too."""
    if part.region is None:
        return False
    if part.region.kind in ("repeat", "iteration"):
        return bool(part.parts) and all(map(_is_branch, part.parts))
    return part.region.kind in ("branch", "residual", "shortcut")

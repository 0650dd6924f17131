"""The branches of a combination, left to right in the order of the spec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from operator import attrgetter

from inception_dsl.backends.figure.body import Body, Item
from inception_dsl.ir.graph import Graph

__all__ = ["chains", "entries", "read_by", "single_entry"]


def single_entry(item: Item) -> bool:
    """Whether a frame has one input, which enters its title and goes on from there.

    The title of any other stands beside the boxes that its inputs enter: lines never cross words.
    """
    return item.frame and item.part.region is not None and len(item.part.region.inputs) == 1


def chains(graph: Graph, body: Body) -> Iterator[list[str]]:
    """For each combination in a body, the boxes that its branches begin with, by their paths.

    `dot` keeps their order when they stand in one rank, chained by invisible edges.
    """
    for branches in _branches(graph, body):
        heads = [head for item in branches for head in _heads(graph, item)]
        if len(heads) > 1:
            yield heads


def entries(graph: Graph, body: Body) -> list[str]:
    """The boxes that a body begins with, as far as they may stand in one rank."""
    combined = list(_branches(graph, body))
    for branches in combined:
        if body.items[0] in branches:
            return [head for item in branches for head in _heads(graph, item)]
    later = {item for branches in combined for item in branches} | set(read_by(body))
    first = takewhile(lambda item: item not in later, body.items)
    return [head for item in first for head in _heads(graph, item)]


def read_by(body: Body) -> Mapping[Item, list[Item]]:
    """What items of a body read of each other, in the order of their operands."""
    reads: dict[Item, list[Item]] = {}
    for link in sorted(body.links, key=attrgetter("port")):
        if link.source is not None and link.target is not None:
            reads.setdefault(link.target, []).append(link.source)
    return reads


def _branches(graph: Graph, body: Body) -> Iterator[list[Item]]:
    """For each combination what stands right before it, is combined, and is independent."""
    reads = read_by(body)
    for place, item in enumerate(body.items):
        if item.part.region is None and graph[item.part.path].op.combines:
            operands = dict.fromkeys(reads.get(item, ()))
            branches: set[Item] = set()
            taken: set[Item] = set()
            for number in range(place - 1, -1, -1):
                before = body.items[number]
                if before not in operands or before in taken:
                    break
                branches.add(before)
                taken.update(reads.get(before, ()))
            yield [each for each in operands if each in branches]


def _heads(graph: Graph, item: Item) -> Iterable[str]:
    """The boxes that an item begins with: its first one, or those of its first combination.

    A frame with several inputs has no box to hold it by: `dot` ignores chains between clusters.
    """
    if item.body is None or single_entry(item):
        return [item.part.path]
    return [] if item.frame else entries(graph, item.body)

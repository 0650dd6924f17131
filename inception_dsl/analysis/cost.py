"""What a network costs: parameters, multiply-adds and depth, of the main path and of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inception_dsl.ir.graph import CheckedGraph

__all__ = ["Cost", "NodeCost", "aux_only", "cost", "longest_paths", "node_costs", "total"]


@dataclass(frozen=True, slots=True)
class NodeCost:
    """What one operation, or a part of the network, adds to the totals.

    `params` are trained, `buffers` are running means and variances, `macs` are multiply-adds of
    convolutions and linear layers for one image.
    """

    params: int = 0
    buffers: int = 0
    macs: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """The metrics of a network's main path, as `expect` names them.

    `depth` is the number of convolutions and linear layers on the longest path, `layers` adds the
    most pools on any path of that depth; `aux_params` are those that only auxiliary heads have.
    """

    params: int
    buffers: int
    macs: int
    convs: int
    linears: int
    depth: int
    layers: int
    aux_params: int


def cost(checked: CheckedGraph, each: Mapping[str, NodeCost] | None = None) -> Cost:
    """The metrics of the network; `each` are its `node_costs`, where they are known."""
    graph = checked.graph
    each = each or node_costs(checked)
    main = graph.main()
    all_of_it = total(each, main)
    kinds = [graph[path].op.kind for path in main]
    depth, pools = longest_paths(checked)[graph.output]
    return Cost(
        params=all_of_it.params,
        buffers=all_of_it.buffers,
        macs=all_of_it.macs,
        convs=kinds.count("convolution"),
        linears=kinds.count("linear"),
        depth=depth,
        layers=depth + pools,
        aux_params=total(each, aux_only(checked)).params,
    )


def node_costs(checked: CheckedGraph) -> dict[str, NodeCost]:
    """Each node's own cost by its path, in graph order."""
    graph = checked.graph
    found = {}
    for node in graph:
        maps = graph.maps(node.path)
        params = buffers = 0
        for parameter in node.op.parameters(maps[0]).values() if maps else ():
            if parameter.trainable:
                params += parameter.size
            else:
                buffers += parameter.size
        found[node.path] = NodeCost(params, buffers, node.op.macs(maps[0]) if maps else 0)
    return found


def total(each: Mapping[str, NodeCost], paths: Iterable[str]) -> NodeCost:
    """The cost of some nodes together, for example of a region's `nodes()`."""
    params = buffers = macs = 0
    for path in paths:
        node = each[path]
        params += node.params
        buffers += node.buffers
        macs += node.macs
    return NodeCost(params, buffers, macs)


def aux_only(checked: CheckedGraph) -> tuple[str, ...]:
    """The nodes that auxiliary heads need and the main path does not, in graph order."""
    graph = checked.graph
    needed = set()
    for head in graph.aux:
        needed |= graph.before(head.output)
    needed -= graph.main()
    return tuple(path for path in graph.network if path in needed)


def longest_paths(checked: CheckedGraph) -> dict[str, tuple[int, int]]:
    """The most weighted layers on any path from the input to each node, itself included.

    Beside them the most pools on a path that has as many.
    """
    graph = checked.graph
    longest: dict[str, tuple[int, int]] = {}
    for node in graph:  # operands stand before their readers
        depth, pools = max((longest[path] for path in graph.operands(node.path)), default=(0, 0))
        weighted = node.op.kind in ("convolution", "linear")
        longest[node.path] = (depth + weighted, pools + (node.op.kind == "pool"))
    return longest

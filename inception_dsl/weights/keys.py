"""State-dict keys: the names that a network's arrays have in every file and back end."""

from __future__ import annotations

import networkx as nx

from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.types import Parameter

__all__ = ["classifier_keys", "parameters_by_key"]


def parameters_by_key(checked: CheckedGraph, *, aux: bool = True) -> dict[str, Parameter]:
    """Every array of the network by its state-dict key, in the order of the spec.

    Those of the main path, and with `aux` of the auxiliary heads; what nothing reads has none.
    """
    graph = checked.graph
    live = graph.main()
    if aux:
        for head in graph.aux:
            live |= {head.output} | nx.ancestors(graph.network, head.output)
    return {
        f"{node.path}.{name}": parameter
        for node in graph
        if node.path in live
        for name, parameter in graph.parameters(node.path).items()
    }


def classifier_keys(checked: CheckedGraph) -> frozenset[str]:
    """The arrays of the classifiers: of the last layer with any before each output.

    These alone change with the number of classes.
    """
    graph = checked.graph
    last: set[str] = set()
    todo = [graph.output, *(head.output for head in graph.aux)]
    while todo:
        path = todo.pop()
        if graph.parameters(path):
            last.add(path)
        else:
            todo += graph.operands(path)
    return frozenset(f"{path}.{name}" for path in last for name in graph.parameters(path))

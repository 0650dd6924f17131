"""The promise of a `CheckedGraph`, checked: what fails here is a fault of ours, never of a spec."""

from __future__ import annotations

import networkx as nx

from inception_dsl.ir.graph import CheckedGraph, Graph
from inception_dsl.ir.op import Input
from inception_dsl.ir.regions import Region

__all__ = ["verify"]


def verify(graph: Graph, after: str = "expand") -> CheckedGraph:
    """The graph as a `CheckedGraph`.

    Checked: no cycle, ports 0..n-1, shapes that the operations confirm, each node in the region
    tree once, outputs that exist, region inputs and outputs that agree with the edges.

    Raises: AssertionError naming the pass `after` which the promise was broken.
    """
    try:
        _check_edges(graph)
        _check_regions(graph)
    except AssertionError as fault:
        raise AssertionError(f"after {after}: {fault}") from None
    return CheckedGraph(graph)


def _check_edges(graph: Graph) -> None:
    assert nx.is_directed_acyclic_graph(graph.network), "the graph has a cycle"
    seen: set[str] = set()
    for node in graph:
        operands = graph.operands(node.path)
        ports = sorted(port for _, _, port in graph.network.in_edges(node.path, keys=True))
        assert ports == list(range(len(ports))), f"{node.path}: ports {ports}"
        assert seen.issuperset(operands), f"{node.path} stands before its operands"
        assert operands or isinstance(node.op, Input), f"{node.path} reads nothing"
        found = node.op.infer(*graph.maps(node.path))
        assert found == node.out, f"{node.path}: {found} inferred, {node.out} recorded"
        seen.add(node.path)
    for path in (graph.input, graph.output, *(aux.output for aux in graph.aux)):
        assert path in graph, f"no node {path!r}"


def _check_regions(graph: Graph) -> None:
    listed = list(graph.root.nodes())
    once = set(listed)
    assert len(listed) == len(once), "a node stands in two regions"
    missing = [path for path in graph.network if path not in once]
    assert not missing, f"nodes in no region: {missing[:3]}"
    assert len(listed) == len(graph), "a region lists a node that is gone"
    paths = [region.path for region in graph.root.walk()]
    assert len(paths) == len(set(paths)), "two regions share a path"
    for region in graph.root.walk():
        _check_ports(graph, region)


def _check_ports(graph: Graph, region: Region) -> None:
    inside = set(region.nodes())
    if region.kind == "network":
        return
    for path in inside:
        for operand in graph.operands(path):
            assert operand in inside or operand in region.inputs, f"{region.path} reads {operand}"
        used_outside = any(reader not in inside for reader in graph.readers(path))
        assert not used_outside or path in region.outputs, f"{region.path} hides {path}"
    for path in region.outputs:
        assert path in inside or path in region.inputs, f"{region.path} gives {path}"

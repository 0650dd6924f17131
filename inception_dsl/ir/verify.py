"""The promise of a `CheckedGraph`, checked: what fails here is a fault of ours, never of a spec."""

from __future__ import annotations

from collections.abc import Iterator

from inception_dsl.ir.graph import CheckedGraph, Graph
from inception_dsl.ir.op import Input
from inception_dsl.ir.regions import Region

__all__ = ["verify"]


def verify(graph: Graph, after: str = "expand") -> CheckedGraph:
    """The graph as a `CheckedGraph`.

    Checked: operands before their readers, so that there is no cycle, ports 0..n-1, shapes that the
    operations confirm, each node in the region tree once, outputs that exist, region inputs and
    outputs that agree with the edges.

    Raises: AssertionError naming the pass `after` which the promise was broken.
    """
    try:
        _check_edges(graph)
        _check_regions(graph)
    except AssertionError as fault:
        raise AssertionError(f"after {after}: {fault}") from None
    return CheckedGraph(graph)


def _check_edges(graph: Graph) -> None:
    seen: set[str] = set()
    for node in graph:
        operands = graph.operands(node.path)
        ports = [port for port, _ in graph.ports(node.path)]
        assert ports == list(range(len(ports))), f"{node.path}: ports {ports}"
        assert seen.issuperset(operands), f"{node.path} stands before its operands"
        assert operands or isinstance(node.op, Input), f"{node.path} reads nothing"
        found = node.op.infer(*[graph[operand].out for operand in operands])
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
    regions = list(graph.root.walk())
    assert len(regions) == len({region.path for region in regions}), "two regions share a path"
    _check_ports(graph, regions)


class _Borders:
    """Which regions lie around which nodes."""

    def __init__(self, root: Region) -> None:
        self.home: dict[str, Region] = {}
        self._position: dict[str, int] = {}
        self._extent: dict[Region, tuple[int, int]] = {}
        self._number(root)

    def _number(self, region: Region) -> None:
        start = len(self._position)
        for child in region.children:
            if isinstance(child, Region):
                self._number(child)
            else:
                self.home[child] = region
                self._position[child] = len(self._position)
        self._extent[region] = start, len(self._position)

    def inside(self, path: str, region: Region) -> bool:
        """Whether the node stands in the region or below it."""
        start, end = self._extent[region]
        return start <= self._position[path] < end

    def between(self, path: str, other: str) -> Iterator[Region]:
        """The regions around one node that do not hold the other, innermost first."""
        region: Region | None = self.home[path]
        while region and region.kind != "network" and not self.inside(other, region):
            yield region
            region = region.parent


def _check_ports(graph: Graph, regions: list[Region]) -> None:
    borders = _Borders(graph.root)
    inputs = {region: frozenset(region.inputs) for region in regions}
    outputs = {region: frozenset(region.outputs) for region in regions}
    for path in borders.home:
        for operand in graph.operands(path):
            if borders.home[path] is borders.home[operand]:
                continue  # no border lies between them
            for region in borders.between(path, operand):
                assert operand in inputs[region], f"{region.path} reads {operand}"
            for region in borders.between(operand, path):
                assert operand in outputs[region], f"{region.path} hides {operand}"
    for region in inputs:
        around = set(_upwards(region))
        for path in region.inputs:
            for other in _upwards(region.parent):
                if borders.inside(path, other):
                    break
                assert path in inputs[other], f"{region.path} takes {path} past {other.path}"
            for other in _upwards(borders.home[path]):
                if other in around:
                    break
                assert path in outputs[other], f"{other.path} hides {path} from {region.path}"
        for path in region.outputs if region.kind != "network" else ():
            passed = path in inputs[region] or borders.inside(path, region)
            assert passed, f"{region.path} gives {path}"


def _upwards(region: Region | None) -> Iterator[Region]:
    """The region and all those around it, the network last."""
    while region:
        yield region
        region = region.parent

"""A network while passes rewrite it: the graph, its regions, and what becomes of its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import TypeVar

import networkx as nx

from inception_dsl.ir.graph import CheckedGraph, Graph, Node
from inception_dsl.ir.op import Op
from inception_dsl.ir.ports import connect
from inception_dsl.ir.regions import Region
from inception_dsl.ir.verify import verify
from inception_dsl.ir.weight import Given, Weight

__all__ = ["Rewrite"]

O = TypeVar("O", bound=Op)  # noqa: E741 - an operation


class Rewrite:
    """A copy of a network that passes change in place; `finish` verifies it.

    Nodes keep their paths, so that parameters keep their names. `finish` also tells where each
    feature map of the network as written is now found; one that is no longer computed is nowhere.
    """

    def __init__(self, checked: CheckedGraph) -> None:
        self.written = checked.written or checked
        self.changes = 0
        graph = checked.graph
        self.graph: Graph = replace(
            graph, root=_copy(graph.root, None), network=graph.network.copy()
        )
        self._values: dict[str, list[str]] = {}
        for value, path in (checked.values or {path: path for path in graph.network}).items():
            self._values.setdefault(path, []).append(value)
        self._homes = {
            child: region
            for region in self.graph.root.walk()
            for child in region.children
            if isinstance(child, str)
        }
        self._ports: dict[str, list[Region]] = {}
        for region in self.graph.root.walk():
            for path in (*region.inputs, *region.outputs):
                self._ports.setdefault(path, []).append(region)

    def nodes(self, kind: type[O]) -> Iterator[tuple[Node, O]]:
        """The nodes whose operation is of a kind, in the order of the spec, and their operations.

        A pass may remove nodes meanwhile; those are not visited.
        """
        for path in list(self.graph.network):
            if path in self.graph and isinstance(op := self.graph[path].op, kind):
                yield self.graph[path], op

    def keeps(self, path: str) -> bool:
        """Whether a value must stay under its own name: the network's input and its outputs."""
        graph = self.graph
        return path in (graph.input, graph.output, *(head.output for head in graph.aux))

    def sole_reader(self, path: str) -> Node | None:
        """The one node that reads a value, once; None if several do, or it is an output."""
        edges = list(self.graph.network.out_edges(path))
        return self.graph[edges[0][1]] if len(edges) == 1 and not self.keeps(path) else None

    def operand(self, path: str) -> Node:
        """The first node that `path` reads."""
        return self.graph[self.graph.operands(path)[0]]

    def weight(self, path: str, name: str) -> Weight:
        """How one of a node's arrays follows from the arrays as written."""
        assert name in self.graph.parameters(path), f"{path} has no {name}"
        return self.graph[path].weights.get(name) or Given(f"{path}.{name}")

    def weight_if_any(self, path: str, name: str) -> Weight | None:
        """As `weight`; None if the node has no such array."""
        return self.weight(path, name) if name in self.graph.parameters(path) else None

    def home(self, path: str) -> Region:
        """The region that lists a node."""
        return self._homes[path]

    def change(
        self,
        path: str,
        op: Op,
        weights: Mapping[str, Weight | None] | None = None,
        operands: tuple[str, ...] | None = None,
        *,
        same_value: bool = False,
    ) -> None:
        """Give a node another operation, and operands if they change too.

        `weights` are those that differ from `path.name`; None stands for an array it lacks. Unless
        it is the `same_value`, what the node gave before is no longer computed.
        """
        node, graph = self.graph[path], self.graph
        operands = graph.operands(path) if operands is None else operands
        graph.network.remove_edges_from(list(graph.network.in_edges(path, keys=True)))
        kept = node.weights if weights is None else weights
        found = {name: weight for name, weight in kept.items() if weight is not None}
        out = op.infer(*(graph[operand].out for operand in operands))
        arguments = node.arguments if type(op) is type(node.op) else {}
        graph.add(replace(node, op=op, out=out, weights=found, arguments=arguments), operands)
        if not same_value:
            self._values.pop(path, None)
        self.changes += 1

    def insert(
        self,
        segment: str,
        op: Op,
        operands: tuple[str, ...],
        region: Region,
        at: int,
        like: Node,
        weights: Mapping[str, Weight | None] | None = None,
    ) -> str:
        """Put a new node into a region, before its child number `at`; its path.

        It takes the next free name, and its place in the spec from the node it is made `like`.
        """
        graph = self.graph
        prefix = f"{region.path}." if region.path else ""
        taken = {child.path for child in region.children if isinstance(child, Region)}
        names = (f"{prefix}{segment}" + (f"_{n}" if n > 1 else "") for n in count(1))
        path = next(name for name in names if name not in graph and name not in taken)
        found = {name: weight for name, weight in (weights or {}).items() if weight is not None}
        out = op.infer(*(graph[operand].out for operand in operands))
        graph.add(Node(path, op, out, like.origin, {}, found), operands)
        region.children.insert(at, path)
        self._homes[path] = region
        self.changes += 1
        return path

    def append(
        self,
        path: str,
        segment: str,
        op: Op,
        weights: Mapping[str, Weight | None] | None = None,
    ) -> str:
        """Put a new node behind `path`, between it and all that reads it; its path.

        The new node gives the value that `path` gave.
        """
        region = self.home(path)
        at = region.children.index(path) + 1
        made = self.insert(segment, op, (path,), region, at, self.graph[path], weights)
        self.redirect(path, made)
        self._values[made] = self._values.pop(path, [])
        return made

    def absorb(self, path: str, into: str) -> None:
        """Remove a node whose value the node `into` gives from now on, instead of its own."""
        self._values.pop(into, None)
        self.bypass(path, into)

    def bypass(self, path: str, value: str | None = None) -> None:
        """Remove a node whose value equals that of another: of its first operand, if not said."""
        value = value or self.graph.operands(path)[0]
        self.redirect(path, value)
        self._values.setdefault(value, []).extend(self._values.pop(path, ()))
        self.remove(path)

    def redirect(self, path: str, value: str) -> None:
        """Let all that reads `path` read `value`, but the node that makes this of it."""
        network = self.graph.network
        for _, reader, port in list(network.out_edges(path, keys=True)):
            if reader != value:
                network.remove_edge(path, reader, port)
                network.add_edge(value, reader, port)
        self._rename_ports(path, value)

    def remove(self, path: str) -> None:
        """Remove a node that nothing reads, and the regions that it leaves empty."""
        self._values.pop(path, None)
        self.graph.network.remove_node(path)
        region: Region | None = self._homes.pop(path)
        gone: str | Region = path
        while region is not None:
            region.children.remove(gone)
            if region.children or region.parent is None:
                break
            gone, region = region, region.parent
        self.changes += 1

    def _rename_ports(self, path: str, value: str) -> None:
        regions = self._ports.pop(path, [])
        for region in regions:
            region.inputs = _without_doubles(region.inputs, path, value)
            region.outputs = _without_doubles(region.outputs, path, value)
        self._ports.setdefault(value, []).extend(regions)

    def finish(self, after: str) -> CheckedGraph:
        """The network as the passes left it.

        Raises: AssertionError naming the pass `after` which a promise was broken.
        """
        graph, network = self.graph, nx.MultiDiGraph()
        for path in graph.root.nodes():
            network.add_node(path, node=graph[path])
        for path in network:
            for port, operand in enumerate(graph.operands(path)):
                network.add_edge(operand, path, key=port)
        assert len(network) == len(graph), f"after {after}: a node is in no region"
        graph.network = network
        for region in graph.root.walk():
            region.inputs = tuple(path for path in region.inputs if path in graph)
            # What another node computes now is no longer given here; its readers read that node.
            own = {*region.nodes(), *region.inputs}
            region.outputs = tuple(path for path in region.outputs if path in own)
        connect(graph)
        checked = verify(graph, after)
        values = {value: path for path, values in self._values.items() for value in values}
        return replace(checked, written=self.written, values=values)


def _without_doubles(paths: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    if old not in paths:
        return paths
    return tuple(dict.fromkeys(new if path == old else path for path in paths))


def _copy(region: Region, parent: Region | None) -> Region:
    made = replace(region, parent=parent, children=[])
    made.children = [
        _copy(child, made) if isinstance(child, Region) else child for child in region.children
    ]
    return made

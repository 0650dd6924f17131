"""The graph: a NetworkX multigraph of operations, its region tree, and what it says of itself.

Edges are keyed by the input port of their target, so that `add(x, x)` keeps both operands and the
order of a concat's branches is the order of its ports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import networkx as nx

from inception_dsl.ir.formula import Bound
from inception_dsl.ir.op import Op
from inception_dsl.ir.regions import Origin, Region
from inception_dsl.ir.types import FeatureMap, Parameter
from inception_dsl.ir.weight import Weight
from inception_dsl.record import record

__all__ = ["AuxHead", "CheckedGraph", "Graph", "Node"]


@record
class Node:
    """One operation. `path` names it everywhere: state dict, ONNX, tables, figures.

    `arguments` holds each argument that the spec wrote: its value, and the formula it came from.
    `weights` says, where a pass changed them, how the node's arrays follow from those of the
    network as written.
    """

    path: str
    op: Op
    out: FeatureMap
    origin: Origin
    arguments: Mapping[str, Bound] = field(default_factory=dict)
    weights: Mapping[str, Weight] = field(default_factory=dict)


@dataclass(frozen=True)
class AuxHead:
    """An auxiliary classifier: training only, its loss weighted by `weight`."""

    name: str
    path: str
    input: str
    output: str
    weight: float


@dataclass
class Graph:
    """A network as a graph; `verify` turns it into a `CheckedGraph`.

    `input` and `output` are node paths; the input is a node with the operation `Input`.
    """

    name: str
    root: Region
    doc: str = ""
    input: str = ""
    output: str = ""
    aux: tuple[AuxHead, ...] = ()
    settings: dict[str, object] = field(default_factory=dict)
    preprocess: Mapping[str, object] | None = None
    recipe: Mapping[str, object] | None = None
    text: str = ""
    network: nx.MultiDiGraph = field(default_factory=nx.MultiDiGraph)

    def add(self, node: Node, operands: tuple[str, ...]) -> None:
        """Add a node that reads `operands`, by port. Listing it in a region is the caller's."""
        self.network.add_node(node.path, node=node)
        for port, operand in enumerate(operands):
            self.network.add_edge(operand, node.path, key=port)

    def __getitem__(self, path: str) -> Node:
        node: Node = self.network._node[path]["node"]
        return node

    def __contains__(self, path: object) -> bool:
        return path in self.network

    def __iter__(self) -> Iterator[Node]:
        """All nodes, operands before their readers, in the order of the spec."""
        for attributes in self.network._node.values():
            yield attributes["node"]

    def __len__(self) -> int:
        return len(self.network)

    def operands(self, path: str) -> tuple[str, ...]:
        """The nodes that `path` reads, in the order of its ports."""
        before = self.network._pred[path]  # without a view, which every step of the compiler pays
        if len(before) == 1:
            ((source, edges),) = before.items()
            return (source,) * len(edges)
        return tuple([source for _, source in self.ports(path)])

    def ports(self, path: str) -> list[tuple[int, str]]:
        """The ports of a node, each with the node that it reads, in order."""
        before = self.network._pred[path]
        return sorted([(port, source) for source, edges in before.items() for port in edges])

    def maps(self, path: str) -> tuple[FeatureMap, ...]:
        """The feature maps that `path` reads."""
        return tuple([self[operand].out for operand in self.operands(path)])

    def readers(self, path: str) -> tuple[str, ...]:
        """The nodes that read `path`, each once, in graph order."""
        return tuple(self.network._succ[path])

    def parameters(self, path: str) -> dict[str, Parameter]:
        """The arrays that the node owns, by their short names."""
        maps = self.maps(path)
        return self[path].op.parameters(maps[0]) if maps else {}

    def main(self) -> set[str]:
        """The nodes of the main path: all that the output depends on, and the input."""
        return self.before(self.output) | {self.input}

    def before(self, path: str) -> set[str]:
        """A node, and all that it depends on."""
        found, pending = {path}, [path]
        while pending:
            new = [each for each in self.network._pred[pending.pop()] if each not in found]
            found.update(new)
            pending += new
        return found


@dataclass(frozen=True)
class CheckedGraph:
    """A graph that `verify` accepted: the only thing that analyses and back ends take.

    `written` is the network before any pass, whose arrays the nodes' `weights` speak of; `values`
    has for each of its feature maps that is still computed the node that now gives it.
    """

    graph: Graph
    written: CheckedGraph | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def input_map(self) -> FeatureMap:
        """The shape of one image."""
        return self.graph[self.graph.input].out

    @property
    def output_map(self) -> FeatureMap:
        """The shape of the main path's result."""
        return self.graph[self.graph.output].out

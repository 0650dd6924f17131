"""The nodes of an ONNX graph or function, in the order of the spec."""

from __future__ import annotations

from collections.abc import Mapping

import onnx

from inception_dsl.backends.onnx.metadata import unicode
from inception_dsl.backends.onnx.operation import OperationWriter
from inception_dsl.backends.onnx.target import Target
from inception_dsl.ir.graph import Graph
from inception_dsl.ir.regions import Region
from inception_dsl.ir.types import Parameter
from inception_dsl.ir.vocabulary import Operand

__all__ = ["Body"]


class Body:
    """Lowers nodes one after the other; `region` is the part of the network that is written.

    Inside a function names are relative to its region, and `inputs` names what it reads from
    outside. `parameters` are those read so far, by state-dict key.
    """

    def __init__(
        self, graph: Graph, target: Target, region: Region, inputs: Mapping[str, str]
    ) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.parameters: dict[str, Parameter] = {}
        self._graph = graph
        self._target = target
        self._prefix = f"{region.path}." if region.path else ""
        self._inputs = inputs
        self._docs = _docs(region)

    def name(self, path: str) -> str:
        """What a node's value, or a parameter, is called in this body."""
        return self._inputs.get(path) or path.removeprefix(self._prefix)

    def add(self, path: str) -> None:
        """Write one node of the network."""
        parameters = self._graph.parameters(path)
        names = {name: self.name(f"{path}.{name}") for name in parameters}
        writer = OperationWriter(self.name(path), self._target, names)
        pairs = zip(self._graph.operands(path), self._graph.maps(path), strict=True)
        operands = (Operand(self.name(operand), map_) for operand, map_ in pairs)
        nodes = writer.finish(self._graph[path].op.to_onnx(writer, *operands))
        if path in self._docs:
            nodes[-1].doc_string = self._docs[path]
        self.nodes += nodes
        self.parameters |= {f"{path}.{name}": value for name, value in parameters.items()}


def _docs(top: Region) -> dict[str, str]:
    """The docs of the definitions used in `top`, by the node that gives their result."""
    docs: dict[str, str] = {}
    for region in top.walk():
        made_here = region.outputs and region.outputs[0] not in region.inputs
        if region is not top and region.doc and made_here:
            docs.setdefault(region.outputs[0], unicode(region.doc))
    return docs

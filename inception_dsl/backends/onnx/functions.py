"""ONNX functions: one for each definition that the network calls, shared by equal instances."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain, count

import onnx

from inception_dsl.backends.onnx.body import Body
from inception_dsl.backends.onnx.metadata import unicode
from inception_dsl.backends.onnx.target import DOMAIN, Target
from inception_dsl.ir.graph import Graph
from inception_dsl.ir.regions import Region
from inception_dsl.ir.types import Parameter

__all__ = ["FunctionLibrary", "called_regions"]


def called_regions(region: Region) -> Iterator[Region]:
    """The instances that the network itself calls; those inside them become part of theirs."""
    for child in region.children:
        if isinstance(child, Region):
            if child.kind == "instance":
                yield child
            else:
                yield from called_regions(child)


class FunctionLibrary:
    """The functions of a model; instances of a definition share one where their nodes are equal.

    A function holds no weights, so each call passes its own.
    """

    def __init__(self, graph: Graph, target: Target, main: Collection[str]) -> None:
        self._graph = graph
        self._target = target
        self._main = main
        self._names: dict[tuple[str, bytes], str] = {}
        self.functions: list[onnx.FunctionProto] = []

    def call(self, region: Region) -> tuple[onnx.NodeProto, dict[str, Parameter]]:
        """A call of the region's function, and the parameters that it passes."""
        inside = dict.fromkeys(path for path in region.nodes() if path in self._main)
        read = self._read_from_outside(inside)
        names = {path: f"input/{i}" if i > 1 else "input" for i, path in enumerate(read, 1)}
        body = Body(self._graph, self._target, region, names)
        for path in inside:
            body.add(path)
        results = [
            path for path in region.outputs if path in inside and self._is_read(path, inside)
        ]
        function = onnx.FunctionProto(
            domain=DOMAIN,
            input=[*names.values(), *map(body.name, body.parameters)],
            output=map(body.name, results),
            node=body.nodes,
            opset_import=[self._target.opset_import()],
            doc_string=unicode(region.doc),
        )
        call = onnx.NodeProto(
            op_type=self._name(region, function),
            domain=DOMAIN,
            name=region.path,
            input=[*read, *body.parameters],
            output=results,
        )
        return call, body.parameters

    def _name(self, region: Region, function: onnx.FunctionProto) -> str:
        assert region.definition is not None, f"{region.path} is an instance of nothing"
        wanted = region.definition.name
        key = wanted, function.SerializeToString(deterministic=True)
        if key not in self._names:
            names = chain([wanted], (f"{wanted}_{number}" for number in count(2)))
            taken = self._names.values()
            function.name = self._names[key] = next(name for name in names if name not in taken)
            self.functions.append(function)
        return self._names[key]

    def _read_from_outside(self, inside: Collection[str]) -> list[str]:
        operands = (operand for path in inside for operand in self._graph.operands(path))
        return list(dict.fromkeys(path for path in operands if path not in inside))

    def _is_read(self, path: str, inside: Collection[str]) -> bool:
        readers = self._graph.readers(path)
        outside = any(reader in self._main and reader not in inside for reader in readers)
        return outside or path == self._graph.output

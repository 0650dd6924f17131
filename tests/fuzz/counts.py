"""Parameters, multiply-adds and depth, counted on an ONNX model and its shapes alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import onnx

__all__ = ["Counts", "count"]

CONVOLUTIONS = ("Conv", "ConvTranspose")
POOLS = ("MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool", "MatMul")
"""`MatMul` only averages here, into grids that the input's do not divide into."""


@dataclass(frozen=True)
class Counts:
    """Figures of the main path, under the names that `expect` has for them."""

    arrays: int
    macs: int
    convs: int
    linears: int
    depth: int
    layers: int


def count(model: onnx.ModelProto, shapes: Mapping[str, tuple[int, ...]]) -> Counts:
    """The figures of a model; `shapes` are those of its values, without the batch."""
    weights = {array.name: tuple(array.dims) for array in model.graph.initializer}
    types = [node.op_type for node in model.graph.node]
    longest: dict[str, tuple[int, int]] = {model.graph.input[0].name: (0, 0)}
    pooled = set()
    macs = 0
    for node in model.graph.node:
        depth, pools = max((longest.get(name, (0, 0)) for name in node.input), default=(0, 0))
        if node.op_type in (*CONVOLUTIONS, "Gemm"):
            weight = weights[node.input[1]]
            macs += _uses(node, shapes) * prod(weight)
            depth += 1
        place = node.name.partition("/")[0]
        if node.op_type in POOLS and place not in pooled:
            pooled.add(place)
            pools += 1
        longest |= dict.fromkeys(node.output, (depth, pools))
    depth, pools = longest[model.graph.output[0].name]
    return Counts(
        arrays=sum(map(prod, weights.values())),
        macs=macs,
        convs=sum(map(types.count, CONVOLUTIONS)),
        linears=types.count("Gemm"),
        depth=depth,
        layers=depth + pools,
    )


def _uses(node: onnx.NodeProto, shapes: Mapping[str, tuple[int, ...]]) -> int:
    """How often each weight of a node is multiplied with something."""
    place = node.input[0] if node.op_type == "ConvTranspose" else node.output[0]
    return prod(shapes[place][1:]) if node.op_type != "Gemm" else 1

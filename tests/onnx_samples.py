"""What the ONNX tests share: a spec with every construct that matters there, and how models run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime

from inception_dsl.ir.graph import CheckedGraph

Array = npt.NDArray[np.generic]

SPEC = """
## A small network with one of everything, for tests.

## Convolution, normalised.
layer conv(filters: int, kernel: size, stride: size = 1) {
    conv2d(filters, kernel, stride=stride, padding=same, bias=false)
    batch_norm()
    relu()
}

## Two branches "side by side",
## and a pool.
module mix(n: int) {
    concat {
        branch conv(n, 1x1)
        branch conv(n, 1x1) -> conv(n, 3x3)
        branch avg_pool(3x3, stride=1, padding=same)
    }
}

reduction halve(n: int) {
    concat {
        branch conv(n, 3x3, stride=2)
        branch max_pool(3x3, stride=2, padding=same)
    }
}

## Reads two tensors.
block cell(n: int) on (prev, cur) {
    add {
        branch prev -> conv(n, 1x1)
        branch cur -> conv(n, 3x3)
    }
    silu()
}

head classifier(classes: int) {
    global_avg_pool()
    linear(classes)
}

network small(classes: int = 7) {
    input image: 3x17x17
    stem { start = conv(6, 3x3, stride=2) }
    mix_a = mix(5)
    mix_b = mix(4)
    residual(scale=0.5) { conv(14, 3x3) } shortcut { conv(14, 1x1) }
    aux side(weight=0.3) = classifier(classes)
    halve_a = halve(8)
    let width = 6
    prev = conv(width, 1x1)
    cur = conv(width, 3x3)
    repeat 2 {
        next = from (prev, cur) -> cell(width)
        prev = cur
        cur = next
    }
    channel_shuffle(2)
    head {
        dropout(0.4)
        global_avg_pool()
        linear(classes)
    }
    preprocess { size = 17  range = [-1, 1] }
}
"""

CALLS = """
layer conv(n: int, k: size = 1x1) { conv2d(n, k, padding=same)  relu() }
layer conv_2(n: int) { conv2d(n, 1x1) }
block nothing() { }
block two(n: int) on (a, b) { add { branch a -> conv(n)  branch b -> conv(n) } }
block unread(n: int) { lost = conv(n, 3x3)  input -> conv(n) }
block skip(p: op) { concat { branch identity()  branch p() } }
block either(f: bool) { if f { conv(8) } else { sigmoid() } }

network calls() {
    input image: 3x9x9
    stage s { first = conv(8)  second = conv(8, 3x3) }
    first -> nothing() -> conv_2(8)
    concat { branch a = conv(8)  branch second -> conv(8)  branch input -> conv(2) }
    x = identity()
    concat { branch from (x, x) -> two(6)  branch from (second, x) -> two(6) }
    unread(6)
    skip(conv(4))
    skip(max_pool(3x3, stride=1, padding=same))
    skip(nothing)
    residual { conv(20)  conv(32)  conv(20, 3x3) } shortcut { identity() -> conv(20) }
    residual { conv(20) }
    either(true)
    either(false)
    repeat 2 {
        conv(8)
        repeat 2 { mul { branch conv(8) -> sigmoid()  branch identity() } }
    }
    add { branch identity()  branch from (first, second) -> two(8) }
    global_avg_pool(keep=true)
    dropout(0.1)
}
"""
"""Definitions called from everywhere, with one tensor, two, one twice, and to no effect."""


def images(checked: CheckedGraph, count: int = 2) -> npt.NDArray[np.float32]:
    """A batch of noise."""
    shape = (count, *checked.input_map.dims)
    return np.random.default_rng(3).standard_normal(shape, dtype=np.float32)


def session(model: onnx.ModelProto, *, optimise: bool = True) -> onnxruntime.InferenceSession:
    """The model in ONNX Runtime, with all of its optimisations or none."""
    options = onnxruntime.SessionOptions()
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if optimise else levels.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    content = model.SerializeToString()
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def run(model: onnx.ModelProto, *inputs: Array, optimise: bool = True) -> list[Array]:
    """All outputs of the model for these inputs, in their order."""
    names = [value.name for value in model.graph.input]
    runner = session(model, optimise=optimise)
    outputs: list[Array] = runner.run(None, dict(zip(names, inputs, strict=True)))
    return outputs


def distance(found: Array, expected: Array) -> float:
    """The relative L2 distance, in float64."""
    assert found.shape == expected.shape
    difference = np.asarray(found, np.float64) - np.asarray(expected, np.float64)
    return float(np.linalg.norm(difference) / np.linalg.norm(np.asarray(expected, np.float64)))


def wiring(graph: onnx.GraphProto) -> Iterator[tuple[object, ...]]:
    """The graph without the names of its values: each node's type, attributes and makers."""
    makers: dict[str, object] = {}
    for index, node in enumerate(graph.node):
        makers.update({name: (index, port) for port, name in enumerate(node.output)})
        attributes = sorted(attribute.SerializeToString() for attribute in node.attribute)
        yield node.op_type, tuple(attributes), tuple(makers.get(i, i) for i in node.input)
    yield tuple(makers.get(value.name) for value in graph.output)


def shapes_of_values(values: Iterable[onnx.ValueInfoProto]) -> dict[str, list[int | str]]:
    """The declared shape of each value, axes without a number by their name."""
    return {
        value.name: [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim]
        for value in values
    }

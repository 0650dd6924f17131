"""Deliberate mistakes in an ONNX model: each is one that a back end could make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations, pairwise

import numpy as np
import onnx
from onnx import AttributeProto, ModelProto, NodeProto, TensorProto, numpy_helper

__all__ = ["OnnxMutation", "onnx_mutations"]

Shapes = Mapping[str, tuple[int | str, ...]]
Edit = Callable[[NodeProto], None]

DROPPED = (
    "Relu", "LeakyRelu", "Sigmoid", "HardSigmoid", "HardSwish", "Gelu", "Tanh", "Clip", "Softmax",
    "BatchNormalization", "LRN", "LayerNormalization", "InstanceNormalization", "Conv", "MaxPool",
    "AveragePool", "Transpose", "Max",
)  # fmt: skip
"""What may be forgotten: the node passes its first input on."""

CONFUSED = {
    "MaxPool": "AveragePool",
    "AveragePool": "MaxPool",
    "GlobalMaxPool": "GlobalAveragePool",
    "GlobalAveragePool": "GlobalMaxPool",
    "Add": "Mul",
    "Mul": "Add",
    "Relu": "Sigmoid",
    "Sigmoid": "Tanh",
    "Tanh": "Sigmoid",
    "Gelu": "Relu",
    "HardSwish": "Relu",
}
"""What may be taken for another, with the attributes that only one of the two has."""

ONE_SIDED = ("count_include_pad", "dilations")

NUMBERS: Mapping[str, Callable[[float], float]] = {
    "epsilon": lambda epsilon: 1e-3 if epsilon < 3e-4 else 1e-5,
    "alpha": lambda alpha: alpha * 2 or 0.1,
    "beta": lambda beta: beta / 2,
    "bias": lambda bias: bias + 1,
    "size": lambda size: size + 2,
    "count_include_pad": lambda counted: 1 - counted,
    "ceil_mode": lambda ceil: 1 - ceil,
    "transB": lambda transposed: 1 - transposed,
    "axis": lambda axis: 2 if axis == 1 else 1,
    "group": lambda groups: 1 if groups > 1 else 2,
    "keepdims": lambda kept: 1 - kept,
}
"""What a number becomes that is got wrong."""

WORDS = {"floor": "ceil", "asymmetric": "half_pixel", "half_pixel": "asymmetric"}


@dataclass(frozen=True)
class OnnxMutation:
    """One mistake: its kind, the name of what it is made at, and what is done."""

    kind: str
    place: str
    edit: Callable[[ModelProto], None]

    def apply(self, model: ModelProto) -> ModelProto:
        """The model with the mistake."""
        mutant = ModelProto()
        mutant.CopyFrom(model)
        self.edit(mutant)
        return mutant


def onnx_mutations(model: ModelProto, shapes: Shapes) -> Iterator[OnnxMutation]:
    """All mistakes that can be made in the model, of each kind wherever it fits."""
    earlier = {value.name: None for value in model.graph.input}
    for index, node in enumerate(model.graph.node):
        for kind, edit in _mistakes(node, list(earlier), shapes):
            yield OnnxMutation(kind, node.name, partial(_edit_node, index, edit))
        if node.op_type != "Constant":
            earlier |= dict.fromkeys(node.output)
    yield from _in_weights(model)


def _edit_node(index: int, edit: Edit, model: ModelProto) -> None:
    edit(model.graph.node[index])


def _mistakes(node: NodeProto, earlier: list[str], shapes: Shapes) -> Iterator[tuple[str, Edit]]:
    shape = shapes.get(node.output[0])
    if node.op_type in DROPPED and shape and shapes.get(node.input[0]) == shape:
        yield "dropped operation", _drop
    if node.op_type in CONFUSED:
        yield "another operation", partial(_confuse, CONFUSED[node.op_type])
    if node.op_type == "Conv" and len(node.input) == 3:
        yield "forgotten bias", _forget_last_input
    for attribute in node.attribute:
        yield from _in_attribute(node, attribute, shapes)
    yield from _in_wiring(node, earlier, shapes)


def _in_wiring(node: NodeProto, earlier: list[str], shapes: Shapes) -> Iterator[tuple[str, Edit]]:
    if node.op_type == "Concat":
        for one, other in combinations(range(len(node.input)), 2):
            if node.input[one] != node.input[other]:
                yield "order of a concat", partial(_swap_inputs, one, other)
    for port, name in enumerate(node.input):
        for other in earlier:
            if other not in node.input and name in shapes and shapes.get(other) == shapes[name]:
                kind = "operand of a sum" if node.op_type == "Add" else "what a node reads"
                yield kind, partial(_read, port, other)


def _in_attribute(
    node: NodeProto, attribute: AttributeProto, shapes: Shapes
) -> Iterator[tuple[str, Edit]]:
    name, numbers = attribute.name, list(attribute.ints)
    if name in NUMBERS and attribute.type in (AttributeProto.INT, AttributeProto.FLOAT):
        value = attribute.i if attribute.type == AttributeProto.INT else attribute.f
        yield name, partial(_set, name, NUMBERS[name](value))
    elif name in ("strides", "dilations"):
        yield name, partial(_set, name, [2 if number == 1 else 1 for number in numbers])
    elif name == "pads":
        yield from _in_pads(numbers)
    elif name == "perm":
        yield name, partial(_set, name, [*numbers[:-2], numbers[-1], numbers[-2]])
    elif attribute.type == AttributeProto.STRING and attribute.s.decode() in WORDS:
        yield name, partial(_set, name, WORDS[attribute.s.decode()])
    elif name == "value":
        yield from _in_constant(numpy_helper.to_array(attribute.t))


def _in_pads(pads: list[int]) -> Iterator[tuple[str, Edit]]:
    """Padding at the wrong end, which gives the same shape, and none."""
    rank = len(pads) // 2
    for axis in range(rank):
        for here, there in ((axis, axis + rank), (axis + rank, axis)):
            if pads[here]:
                moved = list(pads)
                moved[here] -= 1
                moved[there] += 1
                yield "pads", partial(_set, "pads", moved)
    if any(pads):
        yield "pads", partial(_set, "pads", [0] * len(pads))


def _in_constant(array: np.ndarray) -> Iterator[tuple[str, Edit]]:
    if array.dtype == np.float32 and np.isfinite(array).all() and array.any():
        yield "constant", partial(_set_constant, array * np.float32(1.25))
    elif array.dtype == np.int64 and array.ndim == 1:
        for one, other in pairwise(range(len(array))):
            if array[one] != array[other]:
                swapped = array.copy()
                swapped[[one, other]] = swapped[[other, one]]
                yield "whole numbers", partial(_set_constant, swapped)


def _in_weights(model: ModelProto) -> Iterator[OnnxMutation]:
    by_shape: dict[tuple[int, ...], list[int]] = {}
    for index, array in enumerate(model.graph.initializer):
        by_shape.setdefault(tuple(array.dims), []).append(index)
        kind = array.name.rpartition(".")[2]
        if kind != "weight" or len(array.dims) == 1:
            yield OnnxMutation("forgotten numbers", array.name, partial(_reset, index))
        elif len(array.dims) == 4 and array.dims[2] == array.dims[3] > 1:
            yield OnnxMutation("transposed kernel", array.name, partial(_transpose, index))
    for alike in by_shape.values():
        for one, other in pairwise(alike):
            place = model.graph.initializer[one].name
            yield OnnxMutation("swapped weights", place, partial(_swap_weights, one, other))


def _drop(node: NodeProto) -> None:
    node.op_type = "Identity"
    del node.input[1:]
    del node.attribute[:]


def _confuse(other: str, node: NodeProto) -> None:
    node.op_type = other
    kept = [attribute for attribute in node.attribute if attribute.name not in ONE_SIDED]
    del node.attribute[:]
    node.attribute.extend(kept)


def _forget_last_input(node: NodeProto) -> None:
    del node.input[-1]


def _swap_inputs(one: int, other: int, node: NodeProto) -> None:
    node.input[one], node.input[other] = node.input[other], node.input[one]


def _read(port: int, name: str, node: NodeProto) -> None:
    node.input[port] = name


def _set(name: str, value: object, node: NodeProto) -> None:
    index = [attribute.name for attribute in node.attribute].index(name)
    kind = node.attribute[index].type
    made = onnx.helper.make_attribute(name, value, attr_type=kind)
    node.attribute[index].CopyFrom(made)


def _set_constant(array: np.ndarray, node: NodeProto) -> None:
    node.attribute[0].t.CopyFrom(numpy_helper.from_array(array))


def _reset(index: int, model: ModelProto) -> None:
    """The array as it would be without its values: a gain or variance one, a shift or mean zero."""
    array = model.graph.initializer[index]
    fill = np.ones if array.name.endswith((".weight", ".running_var")) else np.zeros
    _store(array, fill(array.dims, np.float32))


def _transpose(index: int, model: ModelProto) -> None:
    array = model.graph.initializer[index]
    _store(array, np.ascontiguousarray(numpy_helper.to_array(array).swapaxes(2, 3)))


def _swap_weights(one: int, other: int, model: ModelProto) -> None:
    weights = model.graph.initializer
    weights[one].raw_data, weights[other].raw_data = weights[other].raw_data, weights[one].raw_data


def _store(array: TensorProto, value: np.ndarray) -> None:
    array.raw_data = value.tobytes()

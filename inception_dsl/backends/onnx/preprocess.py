"""The numeric part of a spec's `preprocess`, as the first nodes of the model."""

from __future__ import annotations

from dataclasses import replace

import onnx

from inception_dsl.backends.onnx.operation import OperationWriter
from inception_dsl.backends.onnx.target import OnnxError, Target
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.photographs import PhotographError, Preparation, preparation

__all__ = ["bake"]


def bake(checked: CheckedGraph, target: Target, proto: onnx.GraphProto) -> onnx.ValueInfoProto:
    """Write the nodes that make the network's input of photographs; the model's input instead.

    That is `photo`, uint8, images x height x width x channels: RGB, or grey, as decoders give them,
    already resized and cropped. All values on the way begin with `preprocess/`.

    Raises: OnnxError if the spec says nothing of photographs.
    """
    graph = checked.graph
    wanted = _preparation(checked)
    name, number = "photo", 1
    while name in graph:
        number += 1
        name = f"photo_{number}"
    writer = OperationWriter("preprocess", replace(target, dtype="float32"), {})
    value = name
    if wanted.channels == "bgr":
        value = writer.node("Gather", value, writer.constant([2, 1, 0], "int64"), axis=3)
    value = writer.node("Cast", value, to=onnx.TensorProto.FLOAT)
    if any(gain != 1 for gain in wanted.gain):
        value = writer.node("Mul", value, writer.constant(wanted.gain, "float"))
    if any(wanted.shift):
        value = writer.node("Add", value, writer.constant(wanted.shift, "float"))
    if target.element != onnx.TensorProto.FLOAT:
        value = writer.node("Cast", value, to=target.element)
    writer.node("Transpose", value, perm=[0, 3, 1, 2])
    writer.nodes[-1].output[0] = graph.input
    proto.node.extend(writer.nodes)

    shape = (target.images, *wanted.size, len(wanted.gain))
    element = onnx.TensorProto.UINT8
    photo = target.declare(name, shape, element)
    for node in writer.nodes[:-1]:
        if node.op_type == "Cast":
            element = node.attribute[0].i
        if node.op_type != "Constant":
            proto.value_info.append(target.declare(node.output[0], shape, element))
    proto.value_info.append(target.value_info(graph.input, checked.input_map))
    return photo


def _preparation(checked: CheckedGraph) -> Preparation:
    try:
        wanted = preparation(checked)
    except PhotographError as error:
        raise OnnxError(f"nothing to bake: {error}") from None
    if checked.graph.preprocess is None:
        raise OnnxError(f"nothing to bake: the spec of `{checked.graph.name}` has no `preprocess`")
    return wanted

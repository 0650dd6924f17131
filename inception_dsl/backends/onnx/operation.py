"""One operation's ONNX nodes: the `OnnxGraph` that operations are lowered to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

import numpy as np
import numpy.typing as npt
import onnx

from inception_dsl.backends.onnx.target import Target
from inception_dsl.ir.vocabulary import Attribute

__all__ = ["OperationWriter", "tensor_fields"]


class OperationWriter:
    """Collects the nodes of one operation; a value is its name.

    The operation's result is called `name`, what stands before it `name/conv`, `name/conv_2`, ...
    """

    absent = ""

    def __init__(self, name: str, target: Target, parameters: Mapping[str, str]) -> None:
        self.opset = target.opset
        self.nodes: list[onnx.NodeProto] = []
        self._name = name
        self._target = target
        self._parameters = parameters
        self._count: dict[str, int] = {}

    def node(self, op_type: str, *inputs: str, **attributes: Attribute) -> str:
        """A node with one output, named after its type."""
        count = self._count[op_type] = self._count.get(op_type, 0) + 1
        name = f"{self._name}/{op_type.lower()}" + (f"_{count}" if count > 1 else "")
        node = onnx.NodeProto(op_type=op_type, name=name, input=inputs, output=[name])
        node.attribute.extend(_attribute(key, value) for key, value in attributes.items())
        self.nodes.append(node)
        return name

    def parameter(self, name: str) -> str:
        """The value that holds the operation's parameter of that name."""
        return self._parameters[name]

    def constant(
        self,
        value: Sequence[float] | Sequence[int] | float | int,
        kind: Literal["float", "int64"],
    ) -> str:
        """A `Constant` node."""
        array = self._target.array(value) if kind == "float" else np.asarray(value, "<i8")
        name = self.node("Constant")
        content = onnx.TensorProto(**tensor_fields(array))
        self.nodes[-1].attribute.add(name="value", type=onnx.AttributeProto.TENSOR, t=content)
        return name

    def finish(self, result: str) -> list[onnx.NodeProto]:
        """All nodes; the one that makes `result` gets the operation's name.

        Where the operation only passes its input on, that is an `Identity`, so that every path of
        the network is the name of a value.
        """
        maker = next((node for node in self.nodes if node.name == result), None)
        if maker is None:
            self.node("Identity", result)
            maker = self.nodes[-1]
        maker.name = maker.output[0] = self._name
        return self.nodes


class TensorFields(TypedDict):
    """The fields of a `TensorProto`."""

    data_type: int
    dims: tuple[int, ...]
    raw_data: bytes


def tensor_fields(array: npt.NDArray[np.generic]) -> TensorFields:
    """An array as ONNX stores it."""
    element = onnx.helper.np_dtype_to_tensor_dtype(array.dtype)
    return {"data_type": element, "dims": array.shape, "raw_data": array.tobytes()}


def _attribute(name: str, value: Attribute) -> onnx.AttributeProto:
    kind = onnx.AttributeProto
    if isinstance(value, int):
        return kind(name=name, type=kind.INT, i=value)
    if isinstance(value, float):
        return kind(name=name, type=kind.FLOAT, f=value)
    if isinstance(value, str):
        return kind(name=name, type=kind.STRING, s=value.encode())
    integers = [item for item in value if isinstance(item, int)]
    if len(integers) == len(value):
        return kind(name=name, type=kind.INTS, ints=integers)
    return kind(name=name, type=kind.FLOATS, floats=value)

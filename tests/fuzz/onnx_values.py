"""What ONNX says of a model's values, and what ONNX Runtime computes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, numpy_helper
from onnx.reference import ReferenceEvaluator

from tests.fuzz.reference_pools import CORRECTED
from tests.fuzz.subject import Floats

__all__ = ["infer_strictly", "run_onnx", "run_reference", "shapes_of"]

Values = dict[str, npt.NDArray[np.generic]]


def infer_strictly(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with what ONNX infers of every value, told the shape of nothing but the input.

    Raises: onnx.shape_inference.InferenceError for a node that ONNX finds wrong.
    """
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    del bare.graph.value_info[:]
    for output in bare.graph.output:
        output.type.tensor_type.ClearField("shape")
    return onnx.shape_inference.infer_shapes(
        bare, check_type=True, strict_mode=True, data_prop=True
    )


def shapes_of(values: Iterable[onnx.ValueInfoProto]) -> dict[str, tuple[int | str, ...]]:
    """The declared shape of each value, an axis without a number by its name."""
    return {
        value.name: tuple(
            axis.dim_value if axis.HasField("dim_value") else axis.dim_param
            for axis in value.type.tensor_type.shape.dim
        )
        for value in values
    }


def run_onnx(
    model: onnx.ModelProto,
    images: Floats,
    outputs: Mapping[str, onnx.ValueInfoProto],
    *,
    optimise: bool,
) -> Values:
    """The model's output, and these values beside it, in ONNX Runtime on one thread."""
    exposed = onnx.ModelProto()
    exposed.CopyFrom(model)
    declared = {value.name for value in exposed.graph.output}
    exposed.graph.output.extend(info for name, info in outputs.items() if name not in declared)
    names = [value.name for value in exposed.graph.output]
    session = onnxruntime.InferenceSession(
        exposed.SerializeToString(), _options(optimise), providers=["CPUExecutionProvider"]
    )
    (taken,) = (value.name for value in exposed.graph.input)
    return dict(zip(names, session.run(None, {taken: images}), strict=True))


def _options(optimise: bool) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if optimise else levels.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


def run_reference(model: onnx.ModelProto, images: npt.NDArray[np.float64]) -> Values:
    """The values of all nodes in float64, as the definitions of ONNX's operators in Python say."""
    double = onnx.ModelProto()
    double.CopyFrom(model)
    graph = double.graph
    constants = (a.t for node in graph.node for a in node.attribute if a.HasField("t"))
    for array in (*graph.initializer, *constants):
        if array.data_type == TensorProto.FLOAT:
            wide = numpy_helper.to_array(array).astype(np.float64)
            array.CopyFrom(numpy_helper.from_array(wide, array.name))
    graph.input[0].type.tensor_type.elem_type = TensorProto.DOUBLE
    names = [graph.input[0].name, *(name for node in graph.node for name in node.output)]
    del graph.value_info[:], graph.output[:]
    graph.output.extend(onnx.ValueInfoProto(name=name) for name in names[1:])
    found = ReferenceEvaluator(double, new_ops=list(CORRECTED)).run(None, {names[0]: images})
    return dict(zip(names, [images, *found], strict=True))

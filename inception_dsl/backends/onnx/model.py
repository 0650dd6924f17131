"""A checked network as an ONNX model."""

from __future__ import annotations

from os import PathLike

import numpy as np
import numpy.typing as npt
import onnx

from inception_dsl.backends.onnx.body import Body
from inception_dsl.backends.onnx.functions import FunctionLibrary, called_regions
from inception_dsl.backends.onnx.metadata import metadata, unicode
from inception_dsl.backends.onnx.preprocess import bake
from inception_dsl.backends.onnx.save import save_onnx
from inception_dsl.backends.onnx.target import DOMAIN, OnnxError, Target
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.pause import collector_paused
from inception_dsl.ir.types import Parameter
from inception_dsl.version import __version__
from inception_dsl.weights import Weights, network_weights
from inception_dsl.weights.initial import FloatArray

__all__ = ["to_onnx", "write_onnx"]


def to_onnx(
    checked: CheckedGraph,
    *,
    weights: Weights = None,
    functions: bool = False,
    opset: int = 22,
    batch: int | None = None,
    dtype: str = "float32",
    bake_preprocess: bool = False,
) -> onnx.ModelProto:
    """The main path as a model for inference; every node's value has the node's path for a name.

    Parameters are initializers under their state-dict keys, freshly made where `weights` is None,
    and inputs of the graph where it is False. With `functions` each call of a definition is one
    node. Without `batch` any number of images goes. With `bake_preprocess` the model takes
    photographs as decoded and cropped, `photo`: uint8, images x height x width x channels, RGB.

    Raises: OnnxError for an opset, type or batch that is not supported, or if there is nothing to
            bake; WeightsError for weights that cannot be read or do not fit.
    """
    target = Target(opset, dtype, batch)
    model, arrays = _parts(checked, target, weights, functions, bake_preprocess)
    for weight in model.graph.initializer:
        weight.raw_data = arrays[weight.name].tobytes()
    return model


def write_onnx(
    path: str | PathLike[str],
    checked: CheckedGraph,
    *,
    weights: Weights = None,
    functions: bool = False,
    opset: int = 22,
    batch: int | None = None,
    dtype: str = "float32",
    bake_preprocess: bool = False,
) -> None:
    """The model of `to_onnx` as a file, in half the memory: no copy of the weights is made.

    Raises: what `to_onnx` raises; OSError if the place cannot be written.
    """
    target = Target(opset, dtype, batch)
    save_onnx(path, *_parts(checked, target, weights, functions, bake_preprocess))


@collector_paused()
def _parts(
    checked: CheckedGraph, target: Target, weights: Weights, functions: bool, bake_preprocess: bool
) -> tuple[onnx.ModelProto, dict[str, npt.NDArray[np.generic]]]:
    """The model with initializers that have no numbers, and these."""
    graph = checked.graph
    model = onnx.ModelProto(
        ir_version=target.ir_version,
        opset_import=[target.opset_import()],
        producer_name="inception-dsl",
        producer_version=__version__,
        metadata_props=metadata(checked, bake_preprocess),
    )
    proto = model.graph
    proto.name, proto.doc_string = graph.name, unicode(graph.doc)
    if bake_preprocess:
        proto.input.append(bake(checked, target, proto))
    else:
        proto.input.append(target.value_info(graph.input, checked.input_map))
    library, parameters = _write_nodes(checked, target, functions, proto)
    if library.functions:
        model.functions.extend(library.functions)
        model.opset_import.add(domain=DOMAIN, version=1)
    proto.output.append(target.value_info(graph.output, checked.output_map))
    if weights is False:
        proto.input.extend(target.declare(key, value.shape) for key, value in parameters.items())
        return model, {}
    given = network_weights(checked, weights, aux=False)
    arrays = {key: _cast(key, given[key], target) for key in parameters}
    for key, array in arrays.items():
        element = onnx.helper.np_dtype_to_tensor_dtype(array.dtype)
        proto.initializer.add(name=key, data_type=element, dims=array.shape)
    return model, arrays


def _write_nodes(
    checked: CheckedGraph, target: Target, functions: bool, proto: onnx.GraphProto
) -> tuple[FunctionLibrary, dict[str, Parameter]]:
    """Fill in nodes and value infos; the functions called, and the parameters read, in order."""
    graph = checked.graph
    main = graph.main()
    library = FunctionLibrary(graph, target, main)
    called = called_regions(graph.root) if functions else ()
    homes = {path: region for region in called for path in region.nodes()}
    body = Body(graph, target, graph.root, {})
    done = {graph.input}
    for node in graph:
        if node.path not in main or node.path in done:
            continue
        if region := homes.get(node.path):
            call, passed = library.call(region)
            body.nodes.append(call)
            body.parameters |= passed
            done.update(region.nodes())
        else:
            body.add(node.path)
    proto.node.extend(body.nodes)
    made = {name for node in body.nodes for name in node.output} - {graph.output}
    proto.value_info.extend(target.value_info(n.path, n.out) for n in graph if n.path in made)
    return library, body.parameters


def _cast(key: str, array: FloatArray, target: Target) -> npt.NDArray[np.generic]:
    with np.errstate(over="ignore"):
        cast = target.array(array)
    if cast.dtype != array.dtype and np.isinf(cast).any() and not np.isinf(array).any():
        raise OnnxError(f"{key} holds numbers too large for {target.dtype}")
    return cast

"""ONNX files, whole or not at all."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import onnx

from inception_dsl.whole_file import whole_file

__all__ = ["save_onnx"]

_LARGEST_FILE_BYTES = 2**31 - 1
_STRUCTURE_BYTES = 2**26  # more than nodes and metadata of the largest network need


def save_onnx(
    path: str | PathLike[str],
    model: onnx.ModelProto,
    *,
    limit_bytes: int = _LARGEST_FILE_BYTES - _STRUCTURE_BYTES,
) -> None:
    """Write `model`; weights of more than `limit_bytes` go to a second file, `path` + `.data`.

    Raises: OSError if the place cannot be written.
    """
    target = Path(path)
    if sum(len(weight.raw_data) for weight in model.graph.initializer) <= limit_bytes:
        with whole_file(target) as partial:
            partial.write_bytes(model.SerializeToString(deterministic=True))
        return
    data = target.with_name(target.name + ".data")
    with whole_file(target) as partial, whole_file(data) as partial_data:
        structure = _write_data(model, partial_data, data.name)
        partial.write_bytes(structure.SerializeToString(deterministic=True))


def _write_data(model: onnx.ModelProto, place: Path, location: str) -> onnx.ModelProto:
    """Write the weights to `place`; the model without them, pointing into the file `location`."""
    structure = onnx.ModelProto()
    structure.CopyFrom(model)
    with place.open("xb") as file:
        for weight in structure.graph.initializer:
            entries = {"location": location, "offset": file.tell(), "length": len(weight.raw_data)}
            file.write(weight.raw_data)
            weight.ClearField("raw_data")
            weight.data_location = onnx.TensorProto.EXTERNAL
            for key, value in entries.items():
                weight.external_data.add(key=key, value=str(value))
    return structure

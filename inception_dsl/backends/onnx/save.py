"""ONNX files, whole or not at all, and without a copy of the weights in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import onnx

from inception_dsl.whole_file import whole_file

__all__ = ["save_onnx"]

_LARGEST_FILE_BYTES = 2**31 - 1
_STRUCTURE_BYTES = 2**26  # more than nodes and metadata of the largest network need

_GRAPH = onnx.ModelProto.GRAPH_FIELD_NUMBER
_INITIALIZER = onnx.GraphProto.INITIALIZER_FIELD_NUMBER
_RAW_DATA = onnx.TensorProto.RAW_DATA_FIELD_NUMBER

Arrays = Mapping[str, npt.NDArray[np.generic]]


def save_onnx(
    path: str | PathLike[str],
    model: onnx.ModelProto,
    arrays: Arrays | None = None,
    *,
    limit_bytes: int = _LARGEST_FILE_BYTES - _STRUCTURE_BYTES,
) -> None:
    """Write `model`; weights of more than `limit_bytes` go to a second file, `path` + `.data`.

    Initializers that have no numbers take those of `arrays`.

    Raises: OSError if the place cannot be written.
    """
    target, arrays = Path(path), arrays or {}
    weights = model.graph.initializer
    sizes = (
        arrays[weight.name].nbytes if weight.name in arrays else len(weight.raw_data)
        for weight in weights
    )
    if sum(sizes) <= limit_bytes:
        with whole_file(target) as partial, partial.open("xb") as file:
            _write(file, model, [_Tensor(weight, arrays.get(weight.name)) for weight in weights])
        return
    data = target.with_name(target.name + ".data")
    with whole_file(target) as partial, whole_file(data) as partial_data:
        with partial_data.open("xb") as file:
            tensors = [
                _Tensor(_moved(weight, arrays.get(weight.name), file, data.name))
                for weight in weights
            ]
        with partial.open("xb") as file:
            _write(file, model, tensors)


class _Tensor:
    """An initializer as its file has it: `head`, and behind it the numbers of `array` if any."""

    def __init__(
        self, weight: onnx.TensorProto, array: npt.NDArray[np.generic] | None = None
    ) -> None:
        self._weight, self._array = weight, array
        inner = weight.ByteSize()
        if array is not None:
            self._raw = _head(_RAW_DATA, array.nbytes)
            inner += len(self._raw) + array.nbytes
        self._head = _head(_INITIALIZER, inner)
        self.size = len(self._head) + inner

    def write(self, file: BinaryIO) -> None:
        file.write(self._head)
        file.write(self._weight.SerializeToString(deterministic=True))
        if self._array is not None:
            file.write(self._raw)
            file.write(np.ascontiguousarray(self._array).data)


def _write(file: BinaryIO, model: onnx.ModelProto, tensors: list[_Tensor]) -> None:
    """The bytes of the model as they are serialised, fields in the order of their numbers."""
    if not tensors:
        file.write(model.SerializeToString(deterministic=True))
        return
    before = _fields(model.graph, lambda number: number < _INITIALIZER)
    behind = _fields(model.graph, lambda number: number > _INITIALIZER)
    graph = len(before) + sum(tensor.size for tensor in tensors) + len(behind)
    file.write(_fields(model, lambda number: number < _GRAPH))
    file.write(_head(_GRAPH, graph))
    file.write(before)
    for tensor in tensors:
        tensor.write(file)
    file.write(behind)
    file.write(_fields(model, lambda number: number > _GRAPH))


def _fields(message: onnx.ModelProto | onnx.GraphProto, chosen: Callable[[int], bool]) -> bytes:
    """Those fields of a message that are set and chosen by their number."""
    part = type(message)()
    for field, value in message.ListFields():
        if chosen(field.number):
            if hasattr(value, "ListFields"):  # a message
                getattr(part, field.name).CopyFrom(value)
            elif isinstance(value, str | bytes | int | float):
                setattr(part, field.name, value)
            else:
                getattr(part, field.name).extend(value)
    found: bytes = part.SerializeToString(deterministic=True)
    return found


def _head(field: int, size: int) -> bytes:
    """What stands before a field's bytes: its number and kind, and how many they are."""
    return bytes([*_varint(field << 3 | 2), *_varint(size)])


def _varint(value: int) -> Iterator[int]:
    """Seven bits a byte, the lowest first; all but the last byte have their highest bit set."""
    while value > 127:
        yield value & 127 | 128
        value >>= 7
    yield value


def _moved(
    weight: onnx.TensorProto,
    array: npt.NDArray[np.generic] | None,
    file: BinaryIO,
    location: str,
) -> onnx.TensorProto:
    """The initializer with its numbers written to the end of `file`, at `location`."""
    numbers = weight.raw_data if array is None else np.ascontiguousarray(array).data
    length = len(numbers) if array is None else array.nbytes
    moved = onnx.TensorProto(name=weight.name, dims=weight.dims, data_type=weight.data_type)
    entries = {"location": location, "offset": file.tell(), "length": length}
    for key, value in entries.items():
        moved.external_data.add(key=key, value=str(value))
    moved.data_location = onnx.TensorProto.EXTERNAL
    file.write(numbers)
    return moved

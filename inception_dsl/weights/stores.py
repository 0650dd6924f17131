"""Weights files: safetensors, npz, PyTorch's and Keras's; none is ever unpickled."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Literal
from zipfile import is_zipfile

import numpy as np
import numpy.typing as npt

from inception_dsl.whole_file import whole_file

__all__ = [
    "Weights",
    "WeightsError",
    "WeightsSource",
    "as_array",
    "read_weights",
    "write_safetensors",
]

WeightsSource = str | PathLike[str] | Mapping[str, object]
"""A file, or a mapping of names to arrays or tensors, such as a `state_dict()`."""

Weights = WeightsSource | Literal[False] | None
"""What back ends take: a source, None for fresh weights, False for none."""

Arrays = dict[str, npt.NDArray[np.generic]]

_STORED_TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BOOL": "?",
    "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "<i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "<u1",
}  # fmt: skip


class WeightsError(ValueError):
    """Weights that cannot be read, or do not fit the network; the message says which and why."""


def read_weights(path: str | PathLike[str]) -> Arrays:
    """The arrays of a `.safetensors`, `.npz`, `.pth`, `.pt`, `.h5` or `.keras` file by name, in the
    types stored; bfloat16, which numpy lacks, as float32.

    Raises: WeightsError if there is no such file, or it is not what its suffix says.
    """
    place = Path(path)
    reader = _READERS.get(place.suffix.lower())
    if reader is None:
        raise WeightsError(f"cannot read {place}: weights files end in {', '.join(_READERS)}")
    try:
        found = reader(place)
    except WeightsError:
        raise
    except OSError as error:
        raise WeightsError(f"cannot read {place}: {error.strerror or error}") from error
    # What the three libraries raise for a damaged file is undocumented, and of many types.
    except Exception as error:
        message = f"cannot read {place}: it is damaged, or holds more than arrays"
        raise WeightsError(message) from error
    return {name: as_array(name, value) for name, value in found.items()}


def write_safetensors(
    path: str | PathLike[str],
    arrays: Mapping[str, npt.NDArray[np.generic]],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write float32 arrays to `path`, whole or not at all; the same arrays give the same bytes.

    Raises: OSError if the place cannot be written.
    """
    # The library's own writer shuffles the metadata, so that no two files are equal.
    header: dict[str, object] = {"__metadata__": dict(sorted(metadata.items()))} if metadata else {}
    ordered = {name: np.ascontiguousarray(arrays[name], dtype="<f4") for name in sorted(arrays)}
    end = 0
    for name, array in ordered.items():
        start, end = end, end + array.nbytes
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [start, end]}
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    with whole_file(path) as partial, partial.open("xb") as file:
        file.write(len(head).to_bytes(8, "little") + head)
        for array in ordered.values():
            file.write(array.data)


def as_array(name: object, value: object) -> npt.NDArray[np.generic]:
    """A numpy array of a value of a mapping: an array, or a tensor on any device.

    Raises: WeightsError if it is neither, or has no values.
    """
    if isinstance(value, np.ndarray):
        return value
    if not hasattr(value, "detach"):
        raise WeightsError(f"{name!r} is neither an array nor a tensor: {type(value).__name__}")
    tensor: Any = value
    if tensor.is_meta:
        raise WeightsError(f"{name!r} is a tensor on `meta`, which has no values")
    tensor = tensor.detach().cpu()
    return np.asarray(tensor.float() if tensor.is_floating_point() else tensor)


def _read_safetensors(path: Path) -> Mapping[str, object]:
    import safetensors

    arrays: dict[str, object] = {}
    stored_arrays: Any = safetensors.deserialize(path.read_bytes())  # type: ignore[no-untyped-call]
    for name, stored in stored_arrays:
        kind, shape, data = stored["dtype"], stored["shape"], stored["data"]
        if kind == "BF16":
            wide = np.frombuffer(data, "<u2").astype("<u4") << 16
            arrays[name] = wide.view("<f4").reshape(shape)
        elif kind in _STORED_TYPES:
            arrays[name] = np.frombuffer(data, _STORED_TYPES[kind]).reshape(shape)
        else:
            raise WeightsError(f"cannot read {path}: {name!r} is stored as {kind}")
    return arrays


def _read_npz(path: Path) -> Mapping[str, object]:
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _read_torch(path: Path) -> Mapping[str, object]:
    import torch

    # Files from before PyTorch 1.6 are no archives, and cannot be mapped.
    mmap = is_zipfile(path)
    found = torch.load(fspath(path), map_location="cpu", weights_only=True, mmap=mmap)
    if not isinstance(found, Mapping):
        raise WeightsError(f"cannot read {path}: it holds a {type(found).__name__}, no state dict")
    return found


def _read_keras(path: Path) -> Mapping[str, object]:
    from inception_dsl.weights.keras_file import read_keras

    return read_keras(path)


_READERS: dict[str, Callable[[Path], Mapping[str, object]]] = {
    ".safetensors": _read_safetensors,
    ".npz": _read_npz,
    ".pth": _read_torch,
    ".pt": _read_torch,
    ".h5": _read_keras,
    ".hdf5": _read_keras,
    ".keras": _read_keras,
}

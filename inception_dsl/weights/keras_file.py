"""Keras's weights files: HDF5 trees, read by walking them; nothing in them is run or unpickled.

Three layouts: `.weights.h5` and the one inside a `.keras` archive (`layers/CLASS_N/vars/I`, with
the layer's name in an attribute), and the older `.h5` (`LAYER/.../LAYER/VARIABLE`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from math import prod
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import h5py
import numpy as np
import numpy.typing as npt

from inception_dsl.weights.stores import WeightsError

__all__ = ["read_keras"]

Arrays = dict[str, npt.NDArray[np.generic]]

_OBJECTS = 100_000
_DEPTH = 20
_GROWTH = 8
"""How many times the file's size its arrays may have, and a mebibyte: weights hardly compress."""

_AUTO_NAMED = re.compile(
    r"(conv2d|separable_conv2d|depthwise_conv2d|batch_normalization|dense)(?:_([1-9]\d{0,8}))?"
)

# In the order in which each class of layer creates them, by how many it has.
_NORM = ("gamma", "beta", "moving_mean", "moving_variance")
_VARIABLES: dict[tuple[str, int], tuple[str, ...]] = {
    ("conv2d", 1): ("kernel",),
    ("conv2d", 2): ("kernel", "bias"),
    ("depthwise_conv2d", 1): ("kernel",),
    ("depthwise_conv2d", 2): ("kernel", "bias"),
    ("separable_conv2d", 2): ("depthwise_kernel", "pointwise_kernel"),
    ("separable_conv2d", 3): ("depthwise_kernel", "pointwise_kernel", "bias"),
    ("dense", 1): ("kernel",),
    ("dense", 2): ("kernel", "bias"),
    ("batch_normalization", 4): _NORM,
    ("batch_normalization", 3): _NORM[1:],  # `scale=False`, as in Keras's Inceptions
    ("batch_normalization", 2): _NORM[2:],
}


def read_keras(path: Path) -> Arrays:
    """The arrays of a Keras file as `LAYER/VARIABLE`, in Keras's layouts (kernels HWIO).

    Names that Keras made up, `conv2d_94`, count on from the models built before in the same
    process; here each class counts from 0: `conv2d_0`, `conv2d_1`, ...

    Raises: WeightsError if the file holds links, foreign storage, more than numbers, or layers
    without names; and what h5py raises for a damaged file.
    """
    largest = _GROWTH * path.stat().st_size + (1 << 20)
    names: dict[str, str] = {}
    source: Path | BytesIO = path
    if is_zipfile(path):
        with ZipFile(path) as archive:
            source = BytesIO(_member(archive, "model.weights.h5", largest))
            names = _names_in_config(_member(archive, "config.json", largest))
    with h5py.File(source, "r") as file:
        return _Tree(path, names, largest).arrays(file)


def _member(archive: ZipFile, name: str, largest: int) -> bytes:
    if name not in archive.namelist():
        raise WeightsError(f"cannot read {archive.filename}: it holds no {name}")
    if archive.getinfo(name).file_size > largest:
        raise WeightsError(f"cannot read {archive.filename}: its {name} is too large")
    return archive.read(name)


def _names_in_config(text: bytes) -> dict[str, str]:
    """Where each layer's variables are -> its name: what Keras before 3.6 leaves to the archive."""
    config = json.loads(text)
    names: dict[str, str] = {}
    seen: dict[str, int] = {}
    for layer in config.get("config", {}).get("layers", ()):
        kind = _snake_case(str(layer["class_name"]))
        number = seen[kind] = seen.get(kind, -1) + 1
        group = f"{kind}_{number}" if number else kind
        names[f"/layers/{group}/vars"] = str(layer["config"]["name"])
    return names


def _snake_case(name: str) -> str:
    """As Keras names the group of a class: `BatchNormalization` -> `batch_normalization`."""
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


class _Tree:
    """One walk over a file, with what it may still cost."""

    def __init__(self, path: Path, names: Mapping[str, str], largest: int) -> None:
        self._path = path
        self._names = names
        self._objects_left = _OBJECTS
        self._bytes_left = largest

    def arrays(self, file: h5py.File) -> Arrays:
        """Every array by the name of its layer and its own."""
        found: Arrays = {}
        members = dict(self._members(file))
        if "layers" in members:
            named = self._modern(members["layers"], "layers")
        else:
            named = self._legacy(members.get("model_weights", file), "")
        for name, dataset in named:
            if name in found:
                raise self._refusal(f"two arrays are named {name!r}")
            found[name] = self._values(name, dataset)
        counted = _counted(dict.fromkeys(name.rpartition("/")[0] for name in found))
        if len(set(counted.values())) < len(counted):
            raise self._refusal("two of its layers have one name")
        return {
            f"{counted[layer]}/{variable}": array
            for name, array in found.items()
            for layer, _, variable in [name.rpartition("/")]
        }

    def _modern(self, group: h5py.Group, kind: str) -> Iterator[tuple[str, h5py.Dataset]]:
        for name, item in self._members(group):
            if name == "vars":
                yield from self._variables(item, kind)
            elif name != "seed_generator" and isinstance(item, h5py.Group):
                yield from self._modern(item, name)

    def _variables(self, group: h5py.Group, kind: str) -> Iterator[tuple[str, h5py.Dataset]]:
        datasets = dict(self._members(group))
        if not datasets:
            return
        layer = group.attrs.get("name", self._names.get(group.name))
        if not isinstance(layer, str) or not layer.isprintable():
            raise self._refusal(
                f"it does not name the layer of {kind!r}; Keras before 3.6 leaves the names out: "
                "save the model as `.keras` instead"
            )
        plain = re.sub(r"_\d+$", "", kind)
        variables = _VARIABLES.get((plain, len(datasets)), tuple(map(str, range(len(datasets)))))
        for number, variable in enumerate(variables):
            if str(number) not in datasets:
                raise self._refusal(f"{layer!r} has no array {number}")
            yield f"{layer}/{variable}", datasets[str(number)]

    def _legacy(self, group: h5py.Group, layer: str) -> Iterator[tuple[str, h5py.Dataset]]:
        for name, item in self._members(group):
            if isinstance(item, h5py.Group):
                yield from self._legacy(item, name)
            else:
                yield f"{layer}/{name.removesuffix(':0')}", item

    def _members(self, group: h5py.Group) -> Iterator[tuple[str, h5py.Dataset]]:
        """What a group itself holds: a link can lead out of the file, or in circles."""
        for name in group:
            self._objects_left -= 1
            if self._objects_left < 0 or group.name.count("/") > _DEPTH:
                raise self._refusal("its tree has no end")
            if not name.isprintable():
                raise self._refusal(f"{name!r} in {group.name!r} is no name of a layer")
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise self._refusal(f"{name!r} in {group.name!r} is a link, which is not followed")
            yield name, group[name]

    def _values(self, name: str, dataset: h5py.Dataset) -> npt.NDArray[np.generic]:
        if dataset.is_virtual or dataset.external:
            raise self._refusal(f"{name!r} is stored in another file, which is not read")
        if dataset.shape is None or dataset.dtype.kind not in "fiu":
            raise self._refusal(f"{name!r} holds more than numbers")
        self._bytes_left -= prod(dataset.shape) * dataset.dtype.itemsize
        if self._bytes_left < 0:
            raise self._refusal(f"at {name!r} its arrays are far larger than the file")
        values: npt.NDArray[np.generic] = dataset[()]
        if dataset.attrs.get("dtype") == "bfloat16":
            return (np.asarray(values, "<u4") << 16).view("<f4")
        return np.asarray(values)

    def _refusal(self, reason: str) -> WeightsError:
        return WeightsError(f"cannot read {self._path}: {reason}")


def _counted(layers: Collection[str]) -> dict[str, str]:
    """Each layer under its own name, or an automatic one counted from the smallest of its class."""
    automatic = {
        layer: (name[1], int(name[2] or 0))
        for layer in layers
        if (name := _AUTO_NAMED.fullmatch(layer))
    }
    first: dict[str, int] = {}
    for kind, number in automatic.values():
        first[kind] = min(number, first.get(kind, number))
    return {layer: layer for layer in layers} | {
        layer: f"{kind}_{number - first[kind]}" for layer, (kind, number) in automatic.items()
    }

"""Keras's files are read whatever wrote them, and refused where they reach beyond themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import numpy.typing as npt
import pytest

from inception_dsl.loading import load
from inception_dsl.weights import WeightsError, network_weights, parameters_by_key, read_weights
from inception_dsl.weights.layouts import to_layout
from inception_dsl.weights.sources import read_map

h5py = pytest.importorskip("h5py")

Array = npt.NDArray[np.float32]
Write = Callable[["h5py.File"], object]

# Group of Keras's modern layout -> name of the layer and its variables, in the order Keras makes.
LAYERS = {
    "conv2d": ("conv2d_95", {"kernel": (3, 3, 2, 4)}),
    "conv2d_1": ("stem", {"kernel": (1, 1, 4, 4), "bias": (4,)}),
    "conv2d_2": ("conv2d_94", {"kernel": (1, 7, 4, 4)}),
    "batch_normalization": (
        "batch_normalization_7",
        {"beta": (4,), "moving_mean": (4,), "moving_variance": (4,)},
    ),
    "batch_normalization_1": (
        "stem_bn",
        {"gamma": (4,), "beta": (4,), "moving_mean": (4,), "moving_variance": (4,)},
    ),
    "separable_conv2d": (
        "sepconv",
        {"depthwise_kernel": (3, 3, 4, 1), "pointwise_kernel": (1, 1, 4, 8)},
    ),
    "dense": ("predictions", {"kernel": (8, 3), "bias": (3,)}),
}
COUNTED = {"conv2d_94": "conv2d_0", "conv2d_95": "conv2d_1"} | {
    "batch_normalization_7": "batch_normalization_0"
}


def values(layer: str, variable: str, shape: tuple[int, ...]) -> Array:
    seed = list(f"{layer}/{variable}".encode())
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def expected() -> dict[str, Array]:
    """What reading gives: automatic names counted from 0."""
    return {
        f"{COUNTED.get(layer, layer)}/{variable}": values(layer, variable, shape)
        for layer, variables in LAYERS.values()
        for variable, shape in variables.items()
    }


def modern(file: h5py.File, *, named: bool = True, root: str = "layers") -> None:
    """As `save_weights("x.weights.h5")` does; before Keras 3.6 without names."""
    for group, (layer, variables) in LAYERS.items():
        inside = file.create_group(f"{root}/{group}/vars")
        if named:
            inside.attrs["name"] = layer
        for number, (variable, shape) in enumerate(variables.items()):
            inside[str(number)] = values(layer, variable, shape)
    file.create_group("layers/activation/vars").attrs["name"] = "activation"
    file["layers/dropout/seed_generator/vars/0"] = np.zeros(2, np.uint32)
    file["optimizer/vars/0"] = np.zeros(3, np.float32)


def legacy(file: h5py.File, *, root: str = "model_weights/", scope: str = "") -> None:
    """As `save("x.h5")` does; without a root as the files that keras.applications downloads."""
    for layer, variables in LAYERS.values():
        for variable, shape in variables.items():
            file[f"{root}{scope}{layer}/{layer}/{variable}:0"] = values(layer, variable, shape)
    file.create_group(f"{root}{scope}activation")
    if root:
        file["optimizer_weights/Adam/iteration:0"] = np.int64(7)


CLASSES = {
    "conv2d": "Conv2D",
    "batch_normalization": "BatchNormalization",
    "separable_conv2d": "SeparableConv2D",
    "dense": "Dense",
}


def config() -> dict[str, object]:
    """The part of a `.keras` archive that names the layers, in the order of their groups."""
    layers = [
        {"class_name": CLASSES[group.rstrip("_0123456789")], "config": {"name": layer}}
        for group, (layer, _) in LAYERS.items()
    ]
    return {"class_name": "Functional", "config": {"layers": layers}}


def archive(path: Path, write: Write, text: str | None = None) -> Path:
    """A `.keras` file with the weights that `write` writes."""
    with h5py.File(path.with_suffix(".inner"), "w") as file:
        write(file)
    with ZipFile(path, "w", ZIP_DEFLATED) as whole:
        whole.write(path.with_suffix(".inner"), "model.weights.h5")
        whole.writestr("config.json", json.dumps(config()) if text is None else text)
    return path


def written(path: Path, write: Write) -> Path:
    with h5py.File(path, "w") as file:
        write(file)
    return path


LAYOUTS: dict[str, Callable[[Path], Path]] = {
    ".weights.h5": lambda folder: written(folder / "a.weights.h5", modern),
    ".weights.h5 of a model in a model": lambda folder: written(
        folder / "a.weights.h5", lambda file: modern(file, root="layers/functional/layers")
    ),
    ".keras": lambda folder: archive(folder / "a.keras", modern),
    ".keras of Keras 3.0": lambda folder: archive(
        folder / "a.keras", lambda file: modern(file, named=False)
    ),
    ".h5": lambda folder: written(folder / "a.h5", legacy),
    ".h5 of a model in a model": lambda folder: written(
        folder / "a.h5", lambda file: legacy(file, scope="inception_v3/")
    ),
    ".h5 of weights alone": lambda folder: written(
        folder / "a.hdf5", lambda file: legacy(file, root="")
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_has_the_same_arrays(layout: str, tmp_path: Path) -> None:
    found = read_weights(LAYOUTS[layout](tmp_path))
    assert found.keys() == expected().keys()
    for name, array in expected().items():
        np.testing.assert_array_equal(found[name], array)


def test_bfloat16_is_widened(tmp_path: Path) -> None:
    def write(file: h5py.File) -> None:
        group = file.create_group("layers/dense/vars")
        group.attrs["name"] = "predictions"
        group["0"] = np.array([[0x3F80, 0xC000, 0x4049]], np.uint16)
        group["0"].attrs["dtype"] = "bfloat16"

    (array,) = read_weights(written(tmp_path / "a.weights.h5", write)).values()
    np.testing.assert_array_equal(array, [[1.0, -2.0, 3.140625]])


def put(file: h5py.File, value: object, name: str = "model_weights/a/a/kernel") -> object:
    file[name] = value
    return value


def cycle(file: h5py.File) -> None:
    group = file.create_group("model_weights/a")
    group["again"] = group
    group["also"] = file["model_weights"]


def elsewhere(file: h5py.File) -> None:
    secret = Path(file.filename).with_name("secret.bin")
    secret.write_bytes(bytes(4096))
    file.create_dataset("model_weights/a/a/kernel", (1024,), "<f4", external=str(secret))


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4,), "<f4")
    layout[:] = h5py.VirtualSource("other.h5", "kernel", (4,))
    file.create_virtual_dataset("model_weights/a/a/kernel", layout)


def unnamed(file: h5py.File) -> None:
    modern(file, named=False)


def gap(file: h5py.File) -> None:
    modern(file)
    file.move("layers/dense/vars/1", "layers/dense/vars/bias")


def collision(file: h5py.File) -> None:
    legacy(file)
    put(file, [1.0], "model_weights/conv2d_0/conv2d_0/kernel")


def twice(file: h5py.File) -> None:
    modern(file)
    file["layers/conv2d_1/vars"].attrs["name"] = "conv2d_95"
    del file["layers/conv2d_1/vars/1"]


REACHES: dict[str, tuple[Write, str]] = {
    "an external link": (
        lambda file: put(file, h5py.ExternalLink("/etc/passwd", "/a")),
        "'kernel' in '/model_weights/a/a' is a link",
    ),
    "an external link for the root": (
        lambda file: put(file, h5py.ExternalLink("other.h5", "/"), "layers"),
        "'layers' in '/' is a link",
    ),
    "a soft link": (lambda file: put(file, h5py.SoftLink("/model_weights")), "is a link"),
    "a hard link in a circle": (cycle, "its tree has no end"),
    "values in another file": (elsewhere, "'a/kernel' is stored in another file"),
    "a virtual dataset": (virtual, "'a/kernel' is stored in another file"),
    "texts": (lambda file: put(file, ["cos\nsystem\n"]), "'a/kernel' holds more than numbers"),
    "records": (
        lambda file: put(file, np.zeros(2, [("a", "f4"), ("b", "i4")])),
        "'a/kernel' holds more than numbers",
    ),
    "references": (lambda file: put(file, file.ref), "'a/kernel' holds more than numbers"),
    "no values": (lambda file: put(file, h5py.Empty("f4")), "'a/kernel' holds more than numbers"),
    "more than the file": (
        lambda file: file.create_dataset("model_weights/a/a/kernel", (1 << 40,), "<f4"),
        "its arrays are far larger than the file",
    ),
    "well compressed": (
        lambda file: file.create_dataset(
            "model_weights/a/a/kernel", data=np.zeros(1 << 24, np.int8), compression="gzip"
        ),
        "its arrays are far larger than the file",
    ),
    "a name for the terminal": (
        lambda file: put(file, [1.0], "model_weights/\x1b[2J/kernel"),
        r"'\\x1b\[2J' in '/model_weights' is no name of a layer",
    ),
    "layers without names": (unnamed, "save the model as `.keras` instead"),
    "a missing array": (gap, "'predictions' has no array 1"),
    "two layers of one name": (twice, "two arrays are named 'conv2d_95/kernel'"),
    "a name of ours": (collision, "two of its layers have one name"),
}


@pytest.mark.parametrize("case", REACHES)
def test_a_file_that_reaches_beyond_its_arrays_is_refused(case: str, tmp_path: Path) -> None:
    write, reason = REACHES[case]
    path = written(tmp_path / "a.h5", write)
    with pytest.raises(WeightsError, match=f"^cannot read .*a.h5: .*{reason}"):
        read_weights(path)


def test_what_is_no_keras_file_is_refused(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole.h5", modern).read_bytes()
    (tmp_path / "half.h5").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.h5").write_text("weights", encoding="utf-8")
    (tmp_path / "empty.keras").write_bytes(b"")
    with ZipFile(tmp_path / "other.keras", "w") as other:
        other.writestr("data.pkl", b"cos\nsystem\n(S'true'\ntR.")
    archive(tmp_path / "config.keras", modern, "{")
    archive(tmp_path / "list.keras", modern, "[]")
    with ZipFile(tmp_path / "bomb.keras", "w", ZIP_DEFLATED) as bomb:
        bomb.writestr("model.weights.h5", bytes(1 << 24))
    refused = [path for path in sorted(tmp_path.iterdir()) if path.suffix in (".h5", ".keras")]
    refused.remove(tmp_path / "whole.h5")
    assert len(refused) == 7
    for path in refused:
        with pytest.raises(WeightsError, match=f"^cannot read {path}: "):
            read_weights(path)


def keras_arrays() -> dict[str, Array]:
    """Keras's InceptionV3 with every value zero, which takes no memory."""
    source = read_map("keras.inception_v3")
    ours = parameters_by_key(load("inception_v3", bn_scale=False, count_border=False).graph)
    zero = np.float32(0)
    return {
        pair.theirs: to_layout(pair.ours, np.broadcast_to(zero, ours[pair.ours].shape), pair.layout)
        for pair in source.pairs
    }


def test_a_missing_or_transposed_array_is_named() -> None:
    net = load("inception_v3", bn_scale=False, count_border=False)
    arrays = keras_arrays()
    assert len(arrays) == 378
    network_weights(net.graph, arrays, aux=False)

    transposed = arrays | {"conv2d_4/kernel": arrays["conv2d_4/kernel"].transpose(3, 2, 0, 1)}
    with pytest.raises(WeightsError, match=r"stem_v3\.conv_bn_5\.conv2d\.weight is "):
        network_weights(net.graph, transposed, aux=False)

    del arrays["conv2d_93/kernel"]
    with pytest.raises(WeightsError, match="1 missing, the first is conv2d_93/kernel"):
        read_map("keras.inception_v3").to_ours(arrays)

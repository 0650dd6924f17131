"""Keras's networks beside ours: saved by Keras, loaded by us, photographs through both."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import sklearn.datasets
import torch
from onnx_samples import Array, distance, run

from inception_dsl.loading import load_with
from inception_dsl.photographs import preparation, read_photograph
from inception_dsl.weights import read_map
from inception_dsl.weights.initial import random_source

__all__ = ["KERAS_PEERS", "Distances", "keras_distances"]

Blocks = dict[str, str | int]


@dataclass(frozen=True)
class Peer:
    """A network of Keras: its name there, the format to save it in, and where blocks end, ours
    and theirs: there the name of a layer, or the number of an addition, which has none.
    """

    name: str
    suffix: str
    blocks: Blocks


@dataclass(frozen=True)
class Distances:
    """Relative L2 distances by the path of our block, of the logits in PyTorch and ONNX Runtime;
    and how many arrays, and trainable parameters, Keras's network has.
    """

    blocks: dict[str, float]
    logits: float
    onnx: float
    arrays: int
    trainable: int


def _numbered(ours: str, theirs: str, count: int) -> Blocks:
    return {ours.format(n): theirs.format(n + 1) for n in range(count)}


_MIXED = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")

KERAS_PEERS = {
    "keras.inception_v3": Peer(
        "InceptionV3",
        "weights.h5",
        {f"mixed_{name}": f"mixed{n}" for n, name in enumerate(_MIXED)},
    ),
    "keras.inception_resnet_v2": Peer(
        "InceptionResNetV2",
        "h5",
        {f"mixed_{name}": f"mixed_{name}" for name in ("5b", "6a", "7a")}
        | _numbered("repeat.{}.block35", "block35_{}_ac", 10)
        | _numbered("repeat_2.{}.block17", "block17_{}_ac", 20)
        | _numbered("repeat_3.{}.block8", "block8_{}_ac", 9)
        | {"conv2d_7b": "conv_7b_ac"},
    ),
    "keras.xception": Peer(
        "Xception",
        "keras",
        {
            "entry_flow.conv_bn_2": "block1_conv2_act",
            **{f"entry_flow.block{n + 1}": n for n in range(3)},
            **{f"middle_flow.repeat.{n}": n + 3 for n in range(8)},
            "exit_flow.block12": 11,
            "exit_flow.relu": "block14_sepconv1_act",
            "exit_flow.relu_2": "block14_sepconv2_act",
        },
    ),
}


def keras_distances(source: str) -> Distances:
    """Save Keras's network, load the file into ours, and compare them block by block.

    Raises: ImportError if Keras does not import.
    """
    peer, known = KERAS_PEERS[source], read_map(source)
    with TemporaryDirectory() as folder:
        model = _model(peer.name, folder)
        file = Path(folder) / f"saved.{peer.suffix}"
        (model.save_weights if peer.suffix == "weights.h5" else model.save)(file)
        network = load_with(known.spec, known.settings)
        ours = network.to_torch(weights=file, aux=False).eval()
        proto = network.to_onnx(weights=file)
    wanted = preparation(network.graph)
    photographs = sorted((Path(sklearn.datasets.__file__).parent / "images").glob("*.jpg"))
    images = np.stack([read_photograph(photograph, wanted) for photograph in photographs])
    *blocks, logits = _keras_outputs(model, [*peer.blocks.values()], images)
    *found, result = _our_outputs(ours, [*peer.blocks], images)
    return Distances(
        blocks=dict(zip(peer.blocks, map(distance, found, blocks), strict=True)),
        logits=distance(result, logits),
        onnx=distance(run(proto, images)[0], logits),
        arrays=len(model.weights),
        trainable=sum(int(np.prod(array.shape)) for array in model.trainable_variables),
    )


def _model(name: str, folder: str) -> Any:
    """Keras's network on torch, with weights that make mistakes visible."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    os.environ.setdefault("KERAS_HOME", folder)  # it writes its configuration there
    keras = import_module("keras")
    keras.layers.Conv2D(3, 1)  # so that automatic names do not begin with the network's own
    model = getattr(keras.applications, name)(weights=None, classifier_activation=None)
    for layer in model.layers:
        for variable in layer.weights:
            shape = tuple(variable.shape)
            variable.assign(_calibrated(f"{layer.name} {variable.name}", variable.name, shape))
    return model


def _calibrated(key: str, name: str, shape: tuple[int, ...]) -> Array:
    """No gain one, no mean zero, yet the signal keeps its size; as `calibrated_weights`."""
    random = random_source(key)
    match name:
        case "gamma":
            return random.uniform(0.5, 1.5, shape).astype(np.float32)
        case "moving_variance":
            return random.uniform(0.5, 1.5, shape).astype(np.float32)
        case name if name.endswith("kernel"):
            fan_in = np.prod(shape[:2] if name.startswith("depthwise") else shape[:-1])
            return random.standard_normal(shape, np.float32) * np.float32(np.sqrt(2 / fan_in))
    return random.normal(0, 0.1, shape).astype(np.float32)


def _keras_outputs(model: Any, blocks: list[str | int], images: Array) -> list[Array]:
    """What these blocks, and the classifier, give; channels first."""
    additions = [layer for layer in model.layers if type(layer).__name__ == "Add"]
    ends = [additions[end] if isinstance(end, int) else model.get_layer(end) for end in blocks]
    outputs = [layer.output for layer in (*ends, model.layers[-1])]
    watching = type(model)(model.inputs, outputs)
    with torch.inference_mode():
        found = watching([images.transpose(0, 2, 3, 1)], training=False)
    arrays = [output.numpy() for output in found]
    return [array.transpose(0, 3, 1, 2) if array.ndim == 4 else array for array in arrays]


def _our_outputs(module: torch.nn.Module, blocks: list[str], images: Array) -> list[Array]:
    """What these submodules, and the classifier, give."""
    seen: dict[str, Array] = {}
    for path in blocks:
        module.get_submodule(path).register_forward_hook(
            lambda *call, path=path: seen.update({path: call[2].numpy()})
        )
    with torch.inference_mode():
        logits = module(torch.from_numpy(images)).numpy()
    return [*(seen[path] for path in blocks), logits]

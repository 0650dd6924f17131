"""What is measured, and what the ways to run a network are called."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LIBRARIES: Final[Mapping[str, str]] = {
    "googlenet_torchvision": "torchvision.googlenet",
    "inception_v3": "torchvision.inception_v3",
    "inception_v4": "timm.inception_v4",
    "inception_resnet_v2": "timm.inception_resnet_v2",
}
"""Our specs, and the library's network whose weights both sides run."""

MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
"""What `ru_maxrss` counts in."""

EAGER = "eager"
BASE = "eager, channels last"
COMPILED = "torch.compile"
FROZEN = "torch.compile, frozen"
EXPORTED = ("exported, ONNX Runtime", "exported, OpenVINO")
ENGINES = ("ours, torch", "ours, onnxruntime", "ours, openvino")

PLAIN = (EAGER, BASE, f"{BASE}, bfloat16", *EXPORTED, f"{EXPORTED[1]}, bfloat16")
OURS = (*ENGINES, "ours, torch, bfloat16", "ours, openvino, bfloat16")
COMPILED_SOME = (COMPILED, FROZEN)
COMPILED_ALL = (
    COMPILED, "torch.compile, reduce-overhead", "torch.compile, max-autotune", FROZEN,
)  # fmt: skip

FUSED = "ours, channels last, siblings fused"
TRAINED = ("googlenet_torchvision", "inception_v3")

IMPORT, CHECK = "import torch", "incept check inception_v3"
WRITTEN, STRUCTURE = "ours", "ours, structure only"
DYNAMO, OLDER = "torch.onnx.export, dynamo", "torch.onnx.export, older"

DRAWN = ("googlenet_torchvision", "inception_v3", "inception_resnet_v2")
FOLDED, OPEN = LOOKS = ("folded", "fully open")
OURS_DRAWN, OURS_LOADED = "ours, from text", "ours, network in memory"
TORCHVIEW, TORCHVIEW_MADE = "torchview, module in memory", "torchview, module made first"
OURS_APART, TORCHVIEW_APART = "ours, a process", "torchview, a process"


def dtype_of(way: str) -> str:
    """The type that a way computes in."""
    return "bfloat16" if way.endswith("bfloat16") else "float32"


@dataclass(frozen=True)
class Inference:
    """A network at a batch, in some ways; each of them `alone` too, or only side by side."""

    name: str
    batch: int
    rounds: int
    ways: tuple[str, ...]
    alone: bool


@dataclass(frozen=True)
class Depth:
    """How much is measured: inferences, networks to train, and the rounds of everything else."""

    inferences: tuple[Inference, ...]
    training: tuple[str, ...]
    rounds: int
    emissions: int


def _inferences(
    names: Sequence[str], batches: Mapping[int, tuple[int, tuple[str, ...]]]
) -> tuple[Inference, ...]:
    return tuple(
        Inference(name, batch, rounds, (*PLAIN, *compiled, *OURS), batch == 1)
        for name in names
        for batch, (rounds, compiled) in batches.items()
    )


_NAMES = tuple(LIBRARIES)
_SMALL, _LARGE = _NAMES[:2], _NAMES[2:]

# By batch: rounds, and modes of torch.compile. It takes up to a minute for each, so that it is
# asked for them all only at batch 1, and of the larger networks only in full depth.
DEPTHS: Final[Mapping[str, Depth]] = {
    "quick": Depth(
        _inferences(_SMALL[:1], {1: (9, (COMPILED,)), 8: (3, ())})
        + _inferences(_SMALL[1:], {1: (7, ())}),
        training=TRAINED[:1],
        rounds=3,
        emissions=1,
    ),
    "usual": Depth(
        _inferences(_SMALL, {1: (15, COMPILED_ALL), 8: (7, COMPILED_SOME), 32: (3, ())})
        + _inferences(_LARGE, {1: (9, COMPILED_SOME), 8: (3, ())}),
        training=TRAINED,
        rounds=5,
        emissions=3,
    ),
    "full": Depth(
        _inferences(_NAMES, {1: (21, COMPILED_ALL), 8: (9, COMPILED_SOME), 32: (5, ())}),
        training=TRAINED,
        rounds=7,
        emissions=5,
    ),
}

"""What is held against each other: one network as a PyTorch module and as an ONNX model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import onnx
from torch import nn

from inception_dsl.backends.onnx import to_onnx
from inception_dsl.backends.torch import build_module
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.network import Network
from inception_dsl.weights import calibrated_weights

__all__ = ["Floats", "Subject", "subject_of"]

Floats = npt.NDArray[np.float32]

AMPLITUDES = (1.0, 8.0, 0.125)
"""Of the images: a faint one shows an epsilon, a strong one what local response norm divides by."""


@dataclass(frozen=True)
class Subject:
    """A network, what the back ends made of it, and the numbers that both are given."""

    network: Network
    module: nn.Module
    model: onnx.ModelProto
    weights: Mapping[str, Floats]
    images: Floats

    @property
    def graph(self) -> CheckedGraph:
        """What both back ends were given."""
        return self.network.graph


def subject_of(network: Network, seed: int = 0) -> Subject:
    """The network in both back ends, auxiliary heads included, with weights that show mistakes."""
    weights = calibrated_weights(network.graph, seed)
    return Subject(
        network,
        build_module(network.graph, weights=weights),
        to_onnx(network.graph, weights=weights),
        weights,
        images(network, seed),
    )


def images(network: Network, seed: int = 0) -> Floats:
    """A batch of noise, one image for each of the amplitudes."""
    random = np.random.default_rng(seed)
    noise = random.standard_normal((len(AMPLITUDES), *network.input), dtype=np.float32)
    gains = np.array(AMPLITUDES, np.float32).reshape(-1, *(1,) * len(network.input))
    return noise * gains

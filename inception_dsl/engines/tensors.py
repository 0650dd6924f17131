"""The weights of a rewritten network as tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from inception_dsl.ir.graph import CheckedGraph

if TYPE_CHECKING:
    import torch

__all__ = ["tensors"]


def tensors(checked: CheckedGraph, arrays: Mapping[str, object]) -> dict[str, torch.Tensor]:
    """The arrays of the main path in float32, computed from those of the network as written."""
    import numpy as np
    import torch

    from inception_dsl.weights import network_weights

    found = network_weights(checked, arrays, aux=False)
    return {key: torch.from_numpy(np.require(a, requirements="W")) for key, a in found.items()}

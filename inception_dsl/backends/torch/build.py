"""A checked graph as a PyTorch module: its source executed, its weights loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inception_dsl.backends.torch.definition import network_class
from inception_dsl.backends.torch.source import emit_source
from inception_dsl.ir.graph import CheckedGraph

if TYPE_CHECKING:
    from torch import nn

    from inception_dsl.weights.stores import Weights

__all__ = ["build_module"]


def build_module(checked: CheckedGraph, *, weights: Weights = None, aux: bool = True) -> nn.Module:
    """The module that `emit_source` writes, in training mode, with these weights.

    `weights` is a file or a mapping of names to arrays; None makes seeded He-normal ones, False
    leaves the module on `meta`, without values.

    Raises: WeightsError if the weights cannot be read or do not fit.
    """
    import numpy as np
    import torch

    from inception_dsl.weights import network_weights

    # PyTorch's own initialisation would take longer than all the rest, and be overwritten.
    with torch.device("meta"):
        module: nn.Module = network_class(emit_source(checked, aux=aux))()
    if weights is False:
        return module
    arrays = network_weights(checked, weights, aux=aux)
    module.to_empty(device="cpu")
    state = module.state_dict()
    counters = {key for key in state if key.endswith(".num_batches_tracked")}
    assert state.keys() - counters == arrays.keys(), "keys of the source are not the graph's"
    for key, tensor in state.items():
        if key in counters:
            tensor.zero_()
        else:
            tensor.copy_(torch.from_numpy(np.require(arrays[key], requirements="W")))
    return module

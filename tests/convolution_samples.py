"""What the tests of the specs share: the convolutions of a spec, and those that run in a model."""

from __future__ import annotations

from collections import Counter

import torch
from torch import nn

import inception_dsl as idsl
from inception_dsl.ir.types import per_axis

__all__ = ["Convolution", "convolutions", "convolutions_of"]

# Input channels, shape of the weight, strides, whether there is a bias, and the output.
Convolution = tuple[int, tuple[int, ...], tuple[int, ...], bool, tuple[int, ...]]


def convolutions(network: idsl.Network) -> Counter[Convolution]:
    """The convolutions of a spec's main path."""
    graph = network.graph.graph
    found: Counter[Convolution] = Counter()
    for path in graph.main():
        node = graph[path]
        if node.op.kind == "convolution":
            parameters = graph.parameters(path)
            weight, stride = parameters["weight"].shape, per_axis(node.op.stride, 2)
            channels = graph.maps(path)[0].channels
            found[channels, weight, stride, "bias" in parameters, node.out.dims] += 1
    return found


def convolutions_of(model: nn.Module, image: tuple[int, ...]) -> Counter[Convolution]:
    """The convolutions that run in a model, by what went in and came out."""
    found: Counter[Convolution] = Counter()

    def count(layer: nn.Conv2d, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        weight, bias = tuple(layer.weight.shape), layer.bias is not None
        found[inputs[0].shape[1], weight, layer.stride, bias, tuple(output.shape[1:])] += 1

    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(count)
    with torch.no_grad():
        model(torch.empty(1, *image, device="meta"))
    return found

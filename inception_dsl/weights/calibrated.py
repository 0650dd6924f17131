"""Weights that make mistakes visible: no gain is one, no mean zero, yet the signal keeps size."""

from __future__ import annotations

import numpy as np

from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.types import Parameter
from inception_dsl.weights.initial import FloatArray, initial_weights, random_source
from inception_dsl.weights.keys import parameters_by_key

__all__ = ["calibrated_weights"]

# With gains in [0.5, 1.5] and variances in [0.5, 1.5] times this, convolution, batch norm and relu
# together keep the mean square: 2 (He-normal) * E[gain²] * E[1 / variance] / 2 (relu) = 1.
_VARIANCE = (1 + 1 / 12) * np.log(3)


def calibrated_weights(
    checked: CheckedGraph, seed: int = 0, *, aux: bool = True
) -> dict[str, FloatArray]:
    """He-normal weights with random biases, gains and running statistics, for comparing back ends.

    With the weights that training starts from, a batch norm is the identity and every bias zero, so
    that a network with two branches swapped or a bias forgotten gives nearly the same numbers.
    """
    weights = initial_weights(checked, aux=aux)
    for key, parameter in parameters_by_key(checked, aux=aux).items():
        if parameter.kind != "weight":
            weights[key] = _random_array(key, parameter, seed)
    return weights


def _random_array(key: str, parameter: Parameter, seed: int) -> FloatArray:
    random = random_source(f"{seed} {key}")
    match parameter.kind:
        case "gamma":
            array = random.uniform(0.5, 1.5, parameter.shape)
        case "variance":
            array = random.uniform(0.5, 1.5, parameter.shape) * _VARIANCE
        case _:
            array = random.normal(0, 0.1, parameter.shape)
    return array.astype(np.float32)

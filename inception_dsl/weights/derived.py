"""The arrays of a rewritten network, computed from those of the network as written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.weight import (
    Gain,
    Given,
    Joined,
    Scaled,
    Shaped,
    Shift,
    Times,
    Weight,
)
from inception_dsl.weights.keys import parameters_by_key

__all__ = ["derived_weights"]

Arrays = Mapping[str, npt.NDArray[Any]]


def derived_weights(
    checked: CheckedGraph,
    arrays: Arrays,
    *,
    aux: bool = True,
    dtype: npt.DTypeLike = np.float32,
) -> dict[str, npt.NDArray[Any]]:
    """Every array of a rewritten network by its key: evaluated in float64, then cast once.

    Arrays that no pass touched are passed on as they are.
    """
    graph = checked.graph
    found: dict[str, npt.NDArray[Any]] = {}
    for key, parameter in parameters_by_key(checked, aux=aux).items():
        path, _, name = key.rpartition(".")
        weight = graph[path].weights.get(name)
        value = arrays[key] if weight is None else _value(weight, arrays)
        assert value.shape == parameter.shape, f"{key} is {value.shape}, not {parameter.shape}"
        found[key] = np.asarray(value, dtype)
    return found


def _value(weight: Weight | None, arrays: Arrays, absent: float = 0.0) -> npt.NDArray[np.float64]:
    """An expression's array; `absent` stands for one that the network has not."""
    match weight:
        case None:
            return np.asarray(absent)
        case Given(key):
            return arrays[key].astype(np.float64)
        case Gain(variance, eps, gamma):
            return _value(gamma, arrays, absent=1.0) / np.sqrt(_value(variance, arrays) + eps)
        case Shift(mean, gain, bias, beta):
            centred = _value(bias, arrays) - _value(mean, arrays)
            return centred * _value(gain, arrays) + _value(beta, arrays)
        case Scaled(weights, gain, axis):
            whole = _value(weights, arrays)
            along = [1] * whole.ndim
            along[axis] = -1
            return whole * _value(gain, arrays).reshape(along)
        case Times(array, factor):
            return _value(array, arrays) * factor
        case Shaped(array, shape):
            return _value(array, arrays).reshape(shape)
        case Joined(parts):
            return np.concatenate([_value(part, arrays) for part in parts])

"""Weights to start training from: seeded He-normal, the same for every back end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from math import sqrt

import numpy as np
import numpy.typing as npt

from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.types import Parameter
from inception_dsl.weights.keys import parameters_by_key

__all__ = ["initial_weights", "random_source"]

FloatArray = npt.NDArray[np.float32]


def initial_weights(checked: CheckedGraph, *, aux: bool = True) -> dict[str, FloatArray]:
    """Every array of the network by its state-dict key: weights normal with variance `2 / fan_in`,
    gains and running variances one, biases and running means zero.

    An array depends on its key and shape alone, not on the rest of the network.

    Source: He et al., "Delving Deep into Rectifiers", 2015, section 2.2.
    """
    parameters = parameters_by_key(checked, aux=aux)
    with ThreadPoolExecutor() as threads:  # numpy draws without the interpreter's lock
        arrays = threads.map(_initial_array, parameters, parameters.values())
        return dict(zip(parameters, arrays, strict=True))


def random_source(key: str) -> np.random.Generator:
    """Random numbers that depend on `key` alone, whatever the order of the calls."""
    seed = int.from_bytes(sha256(key.encode()).digest()[:16], "little")
    return np.random.Generator(np.random.PCG64DXSM(seed))


def _initial_array(key: str, parameter: Parameter) -> FloatArray:
    if parameter.kind == "weight":
        array = random_source(key).standard_normal(parameter.shape, dtype=np.float32)
        array *= np.float32(sqrt(2 / parameter.fan_in))
        return array
    fill = np.ones if parameter.kind in ("gamma", "variance") else np.zeros
    return fill(parameter.shape, dtype=np.float32)

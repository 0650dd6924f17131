"""Weights from a file or a state dict, matched strictly with what a network needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt

from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.weights.initial import FloatArray, initial_weights
from inception_dsl.weights.keys import parameters_by_key
from inception_dsl.weights.stores import WeightsError, WeightsSource, as_array, read_weights

__all__ = ["load_weights", "network_weights"]

_SHOWN = 5


def network_weights(
    checked: CheckedGraph, source: WeightsSource | None = None, *, aux: bool = True
) -> dict[str, FloatArray]:
    """Every array that the network needs by its state-dict key; freshly made without a `source`.

    Without `aux` the source may hold the auxiliary heads' arrays or leave them out.

    Raises: WeightsError if the source cannot be read or does not fit.
    """
    if source is None:
        return initial_weights(checked, aux=aux)
    needed = {key: value.shape for key, value in parameters_by_key(checked, aux=aux).items()}
    return load_weights(source, needed, optional=parameters_by_key(checked).keys() - needed.keys())


def load_weights(
    source: WeightsSource,
    expected: Mapping[str, tuple[int, ...]],
    optional: Collection[str] = (),
) -> dict[str, FloatArray]:
    """The `expected` arrays, in that order and in float32, of a file or a `state_dict()`.

    The counters of batch norms are ignored; `optional` names may be there or not.

    Raises: WeightsError listing all names that are missing, unexpected or of another shape.
    """
    if isinstance(source, Mapping):
        given, what = {key: as_array(key, value) for key, value in source.items()}, "the weights"
    else:
        given, what = read_weights(source), str(source)
    missing = [key for key in expected if key not in given and key not in optional]
    unexpected = [
        key
        for key in given
        if not (key in expected or key in optional or str(key).endswith("num_batches_tracked"))
    ]
    misfits = [
        fault
        for key, shape in expected.items()
        if key in given and (fault := _misfit(key, given[key], shape))
    ]
    nearest = [_with_nearest(key, missing) for key in unexpected[:_SHOWN]]
    lists = (
        (f"{len(missing)} of {len(expected)} missing", missing),
        (f"{len(unexpected)} unexpected", nearest + unexpected[_SHOWN:]),
        (f"{len(misfits)} of another shape or type", misfits),
    )
    faults = [f"  {title}: {_first(names)}" for title, names in lists if names]
    if faults:
        raise WeightsError("\n".join([f"{what} do not fit the network", *faults]))
    return {key: np.asarray(given[key], np.float32) for key in expected if key in given}


def _misfit(key: str, array: npt.NDArray[np.generic], shape: tuple[int, ...]) -> str:
    if array.shape != tuple(shape):
        return f"{key} is {_show(array.shape)}, expected {_show(shape)}"
    # bfloat16 of the ml_dtypes package is no subtype of numpy's floating.
    if not np.issubdtype(array.dtype, np.floating) and array.dtype.name != "bfloat16":
        return f"{key} holds {array.dtype.name}, expected floats"
    return ""


def _show(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "a scalar"


def _with_nearest(key: object, missing: list[str]) -> str:
    nearest = get_close_matches(str(key), missing, n=1)
    return f"{key} (nearest missing: {nearest[0]})" if nearest else str(key)


def _first(names: list[str]) -> str:
    more = f", and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(map(str, names[:_SHOWN])) + more

"""What it is to disagree: about a shape or a count at all, about a value by more than rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch import Tensor

__all__ = ["Array", "Disagreement", "excess", "largest", "nearest"]

OF_THE_LARGEST, OF_ITSELF = 1e-5, 1e-4
"""How far a number may be off, as shares of the largest of its image and of the number itself."""

A_ROUNDING = 1e-7

Array = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Disagreement:
    """Two who say different things of one place: a node's path, or the name of a count."""

    place: str
    what: str
    ours: object
    theirs: object

    def __str__(self) -> str:
        return f"{self.place}: {self.what}: {self.ours}, not {self.theirs}"


def excess(found: Array, expected: Array, source: Array | float = 0.0) -> float:
    """The largest error of a batch, in units of what may be off.

    With the largest numbers that those of each image are computed from, the `source`, a rounding of
    these may be off too: it is all that is left far out on the tail of an activation.
    """
    if found.shape != expected.shape:
        return np.inf
    size = np.abs(expected)
    allowed = OF_THE_LARGEST * largest(expected) + OF_ITSELF * size
    allowed = np.maximum(allowed, A_ROUNDING * _beside(source, size))
    with np.errstate(invalid="ignore"):
        error = np.abs(found - expected)
    if not np.isfinite(error).all():
        return np.inf
    return float((error / np.maximum(allowed, np.finfo(np.float32).tiny)).max())


def largest(values: Array) -> Array:
    """The largest number of each image, in as many axes as the values have."""
    most: Array = np.abs(values).reshape(len(values), -1).max(axis=1)
    return most.reshape(-1, *(1,) * (values.ndim - 1))


def _beside(source: Array | float, values: Array) -> Array:
    flat = np.broadcast_to(np.ravel(source), len(values))
    return flat.reshape(-1, *(1,) * (values.ndim - 1))


def nearest(
    found: Array,
    pinned: Sequence[Tensor],
    others: Sequence[Tensor],
    source: Array | float = 0.0,
) -> float:
    """How far a value is from all tensors that are known to be it, or where none is, from any."""
    alike = (each.numpy() for each in pinned or others if pinned or each.shape == found.shape)
    errors = (excess(found, each, source) for each in alike)
    return max(errors) if pinned else min(errors, default=np.inf)

"""Where the reference implementation of ONNX's operators errs, the operators by their definition.

Its pools count what `ceil_mode` adds as padding, or give other shapes on 3-D grids than its own
inference says; its local response norm takes a window of one for none;
it cannot crop; and its `Gelu` is right to float32 only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx.reference.op_run import OpRun

__all__ = ["CORRECTED"]

Array = npt.NDArray[np.floating]


class AveragePool(OpRun):
    """The average of the cells of each window, with `count_include_pad` of the padding too."""

    def _run(self, x: Array, count_include_pad: int = 0, **window: Any) -> tuple[Array]:
        def average(cells: Array, padded: int) -> Array:
            axes = tuple(range(2, cells.ndim))
            return cells.sum(axes) / (padded if count_include_pad else np.prod(cells.shape[2:]))

        return (_windows(x, average, **window),)


class MaxPool(OpRun):
    """The largest cell of each window."""

    def _run(self, x: Array, **window: Any) -> tuple[Array]:
        def largest(cells: Array, _padded: int) -> Array:
            return cells.max(tuple(range(2, cells.ndim)))

        return (_windows(x, largest, **window),)


class GlobalMaxPool(OpRun):
    """The largest cell of the grid."""

    def _run(self, x: Array) -> tuple[Array]:
        return (x.max(tuple(range(2, x.ndim)), keepdims=True),)


class LRN(OpRun):
    """`x / (bias + alpha / size * (sum of the squares of `size` channels around)) ** beta`."""

    def _run(self, x: Array, alpha: float, beta: float, bias: float, size: int) -> tuple[Array]:
        before = (size - 1) // 2
        squares = [
            (x[:, max(c - before, 0) : c + size - before] ** 2).sum(axis=1)
            for c in range(x.shape[1])
        ]
        return (x / (bias + alpha / size * np.stack(squares, axis=1)) ** beta,)


class Pad(OpRun):
    """Cells of one value around the grid; negative amounts crop it, which numpy does not."""

    def _run(self, x: Array, pads: Array, value: Array | None = None, **_: Any) -> tuple[Array]:
        rank = x.ndim
        before, after = pads[:rank].tolist(), pads[rank:].tolist()
        for axis in range(rank):
            stop = x.shape[axis] + min(after[axis], 0)
            x = x.take(range(-min(before[axis], 0), stop), axis)
        widths = [(max(b, 0), max(a, 0)) for b, a in zip(before, after, strict=True)]
        return (np.pad(x, widths, constant_values=0 if value is None else value),)


class Gelu(OpRun):
    """`x * P(X <= x)` of the normal distribution, in the type of x."""

    def _run(self, x: Array, approximate: str) -> tuple[Array]:
        if approximate == "tanh":
            inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
            return ((0.5 * x * (1 + np.tanh(inner))).astype(x.dtype),)
        share = np.vectorize(math.erf, otypes=[np.float64])(x / math.sqrt(2))
        return ((0.5 * x * (1 + share)).astype(x.dtype),)


CORRECTED = (AveragePool, Gelu, GlobalMaxPool, LRN, MaxPool, Pad)


def _windows(
    x: Array,
    value: Callable[[Array, int], Array],
    kernel_shape: Sequence[int],
    strides: Sequence[int] | None = None,
    dilations: Sequence[int] | None = None,
    pads: Sequence[int] | None = None,
    ceil_mode: int = 0,
    **_: object,
) -> Array:
    """`value` of each window: of its cells, and of how many it has with those of the padding."""
    rank = len(kernel_shape)
    ones, none = (1,) * rank, (0,) * (2 * rank)
    sides = pads or none
    axes = [
        list(_places(n, k, s, d, before, after, bool(ceil_mode)))
        for n, k, s, d, before, after in zip(
            x.shape[2:], kernel_shape, strides or ones, dilations or ones,
            sides[:rank], sides[rank:],
            strict=True,
        )
    ]  # fmt: skip
    grid = tuple(map(len, axes))
    result = np.empty((*x.shape[:2], *grid), x.dtype)
    for cell in np.ndindex(grid):
        chosen = [axis[i] for axis, i in zip(axes, cell, strict=True)]
        inside = np.ix_(*map(range, x.shape[:2]), *(cells for cells, _ in chosen))
        padded = int(np.prod([count for _, count in chosen]))
        result[(slice(None), slice(None), *cell)] = value(x[inside], padded)
    return result


def _places(
    cells: int, kernel: int, stride: int, dilation: int, before: int, after: int, ceil: bool
) -> Iterator[tuple[list[int], int]]:
    """For each window along an axis its cells of the input, and how many it has with padding.

    With `ceil` a last window may reach past the padding, yet not start there.
    """
    extent = dilation * (kernel - 1) + 1
    start = -before
    while start + extent <= cells + after or (
        ceil and start < cells and start - stride + extent < cells + after
    ):
        places = range(start, start + extent, dilation)
        inside = [place for place in places if 0 <= place < cells]
        yield inside, sum(place < cells + after for place in places)
        start += stride

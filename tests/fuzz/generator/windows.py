"""Windows on a grid: the reference's arithmetic of kernels, strides and paddings."""

from __future__ import annotations

from typing import Any

from tests.fuzz.generator.values import Misfit, Size, Word

__all__ = ["amounts", "axes", "slide"]

Grid = tuple[int, ...]


def axes(value: int | tuple[int, ...], rank: int) -> Grid:
    """One number per axis; an int is meant for each of them."""
    numbers = (value,) * rank if isinstance(value, int) else tuple(value)
    if len(numbers) != rank:
        raise Misfit
    return numbers


def amounts(value: int | tuple[int, ...], rank: int) -> list[tuple[int, int]]:
    """What a number, a size or a list `[before, after, ...]` puts around each axis."""
    if isinstance(value, int | Size):
        return [(each, each) for each in axes(value, rank)]
    if len(value) != 2 * rank:
        raise Misfit
    return [(value[2 * axis], value[2 * axis + 1]) for axis in range(rank)]


def slide(
    grid: Grid, kernel: Any, stride: Any, padding: Any, dilation: Any = 1, ceil: bool = False,
    *, pool: bool = False,
) -> Grid:  # fmt: skip
    """How many windows fit on each axis."""
    rank = len(grid)
    kernels, strides, dilations = (axes(each, rank) for each in (kernel, stride, dilation))
    if min(*kernels, *strides, *dilations) < 1:
        raise Misfit
    reach = [step * (k - 1) + 1 for k, step in zip(kernels, dilations, strict=True)]
    padded = _padded(grid, reach, strides, padding)
    if ceil and padding in ("same_upper", "same_lower"):
        raise Misfit
    result = []
    for n, extent, step, (before, after) in zip(grid, reach, strides, padded, strict=True):
        if before < 0 or after < 0:
            raise Misfit
        if pool and (max(before, after) > extent // 2 or (ceil and before != after)):
            raise Misfit
        starts = range(-before, n + after - extent + 1, step)
        windows = len(starts)
        if windows < 1:
            raise Misfit
        if ceil and starts[-1] + extent < n + after:
            # One more window, if it starts inside the input or its leading padding.
            windows += -before + windows * step < n
        result.append(windows)
    if pool and any(
        d > n and any(pads) for d, n, pads in zip(dilations, grid, padded, strict=True)
    ):
        raise Misfit  # a window could see nothing but padding
    return tuple(result)


def _padded(grid: Grid, reach: list[int], strides: Grid, padding: Any) -> list[tuple[int, int]]:
    if not isinstance(padding, Word):
        return amounts(padding, len(grid))
    if padding == "valid":
        return [(0, 0)] * len(grid)
    if padding == "same":
        if any(extent % 2 == 0 for extent in reach):
            raise Misfit
        return [(extent // 2, extent // 2) for extent in reach]
    found = []
    for n, extent, step in zip(grid, reach, strides, strict=True):
        windows = (n + step - 1) // step
        total = max(0, (windows - 1) * step + extent - n)
        less, more = total // 2, total - total // 2
        found.append((less, more) if padding == "same_upper" else (more, less))
    return found

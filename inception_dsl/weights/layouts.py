"""Orders of axes: a letter for each axis of their array, beside ours, which are PyTorch's."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from inception_dsl.weights.stores import WeightsError

__all__ = ["from_layout", "is_layout", "to_layout"]

Array = npt.NDArray[np.generic]

_OURS = "oihw"  # out, in, height, width; of a linear layer `oi`
_DEPTHWISE = re.compile(r"hwc([1-9][0-9]*)")  # the digits: filters for each channel


def is_layout(layout: str) -> bool:
    """Whether a map may say `as LAYOUT`: axes in any order, `1` for one that ours has not.

    `hwio` is TensorFlow's convolution, `io` its dense layer, `11io` a linear layer written as a
    convolution, `hwc8` a depthwise convolution with 8 filters for each channel.
    """
    axes = layout.replace("1", "")
    return bool(_DEPTHWISE.fullmatch(layout)) or sorted(axes) in (sorted("oi"), sorted(_OURS))


def from_layout(name: str, array: Array, layout: str) -> Array:
    """Their array `name` with our axes; without a layout, as it is.

    Raises: WeightsError if it has another number of axes, or more than one element along a `1`.
    """
    if not layout:
        return array
    if array.ndim != len(layout):
        raise WeightsError(f"{name} has {array.ndim} axes, and not those of {layout}")
    if _DEPTHWISE.fullmatch(layout):
        height, width = array.shape[:2]
        return array.transpose(2, 3, 0, 1).reshape(-1, 1, height, width)
    single = tuple(axis for axis, letter in enumerate(layout) if letter == "1")
    if any(array.shape[axis] != 1 for axis in single):
        raise WeightsError(f"{name} is {'x'.join(map(str, array.shape))}, which is not {layout}")
    axes = layout.replace("1", "")
    order = [axes.index(letter) for letter in _OURS if letter in axes]
    return array.squeeze(single).transpose(order)


def to_layout(name: str, array: Array, layout: str) -> Array:
    """Our array `name` with their axes: the inverse of `from_layout`.

    Raises: WeightsError if it has another number of axes.
    """
    if not layout:
        return array
    depthwise = _DEPTHWISE.fullmatch(layout)
    axes = layout.replace("1", "") if not depthwise else _OURS
    if array.ndim != len(axes):
        raise WeightsError(f"{name} has {array.ndim} axes, which cannot become {layout}")
    if depthwise:
        _, _, height, width = array.shape
        split = array.reshape(-1, int(depthwise[1]), height, width)
        return split.transpose(2, 3, 0, 1)
    ours = [letter for letter in _OURS if letter in axes]
    single = tuple(axis for axis, letter in enumerate(layout) if letter == "1")
    return np.expand_dims(array.transpose([ours.index(letter) for letter in axes]), single)

"""Photographs as a network wants them: resized, cropped from the centre, and scaled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from inception_dsl.ir.graph import CheckedGraph

__all__ = ["PhotographError", "Preparation", "preparation", "read_photograph"]

_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_DEVIATION = (0.229, 0.224, 0.225)


class PhotographError(ValueError):
    """A photograph that cannot be read, or a network that takes none; the message says which."""


@dataclass(frozen=True)
class Preparation:
    """What happens to a photograph before a network sees it.

    It is resized until the centre crop of `height` x `width` is the share `crop` of it; each of
    its values, 0 to 255, becomes `value * gain + shift` of its channel.
    """

    height: int
    width: int
    gain: tuple[float, ...]
    shift: tuple[float, ...]
    crop: float = 0.875
    interpolation: str = "bilinear"
    reverse: bool = False
    """Whether blue comes first, as in Caffe."""


def preparation(checked: CheckedGraph) -> Preparation:
    """What the spec's `preprocess` says; where it is silent, the practice of ImageNet.

    Raises: PhotographError if the network's input is no picture, or no scaling fits it.
    """
    x = checked.input_map
    if x.rank != 2 or x.channels not in (1, 3):
        raise PhotographError(
            f"the input of `{checked.graph.name}` is {x}; a photograph has 3 channels, or 1, "
            "and a 2-D grid"
        )
    wanted: dict[str, Any] = dict(checked.graph.preprocess or {})
    gain, shift = _scaling(wanted, x.channels)
    crop = float(wanted.get("crop", Preparation.crop))
    if not crop:
        raise PhotographError("`crop` in the spec's `preprocess` is zero")
    height, width = x.grid
    return Preparation(
        height=height,
        width=width,
        gain=gain,
        shift=shift,
        crop=crop,
        interpolation=str(wanted.get("interpolation", Preparation.interpolation)),
        reverse=str(wanted.get("channels", "rgb")) == "bgr",
    )


def read_photograph(path: str | PathLike[str], wanted: Preparation) -> npt.NDArray[np.float32]:
    """The photograph as an array, channels first.

    Raises: PhotographError if it cannot be read.
    """
    try:
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image).convert(
                "RGB" if len(wanted.gain) == 3 else "L"
            )
    except UnidentifiedImageError:
        raise PhotographError(f"cannot read {path}: no picture that Pillow knows") from None
    except Image.DecompressionBombError:
        raise PhotographError(f"cannot read {path}: too large for a photograph") from None
    except (OSError, SyntaxError) as error:  # Pillow's word for a damaged file is SyntaxError
        reason = getattr(error, "strerror", None) or error
        raise PhotographError(f"cannot read {path}: {reason}") from None
    pixels = np.atleast_3d(np.asarray(_cropped(upright, wanted), np.float32))
    if wanted.reverse:
        pixels = pixels[:, :, ::-1]
    scaled = pixels * np.asarray(wanted.gain, np.float32) + np.asarray(wanted.shift, np.float32)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1))


def _scaling(wanted: dict[str, Any], channels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Gain and shift of each channel: scale to `range`, less `mean`, over `std`."""
    low, high = wanted.get("range", (0, 1))
    silent = not wanted.keys() & {"range", "mean", "std"}
    means = _for_each(wanted.get("mean", _IMAGENET_MEAN if silent else 0), channels)
    deviations = _for_each(wanted.get("std", _IMAGENET_DEVIATION if silent else 1), channels)
    if not all(deviations):
        raise PhotographError("`std` in the spec's `preprocess` is zero")
    gain = tuple((high - low) / 255 / each for each in deviations)
    shift = tuple((low - m) / d for m, d in zip(means, deviations, strict=True))
    return gain, shift


def _for_each(value: float | Sequence[float], channels: int) -> tuple[float, ...]:
    """One number per channel; a grey picture takes the mean of three."""
    if isinstance(value, (int, float)):
        return (float(value),) * channels
    if len(value) == channels:
        return tuple(map(float, value))
    if channels == 1:
        return (sum(value) / len(value),)
    raise PhotographError(
        f"`preprocess` in the spec has {len(value)} numbers for {channels} channels"
    )


def _cropped(image: Image.Image, wanted: Preparation) -> Image.Image:
    height, width = wanted.height, wanted.width
    factor = max(
        round(height / wanted.crop) / image.height, round(width / wanted.crop) / image.width
    )
    size = (
        max(width, int(image.width * factor + 1e-6)),
        max(height, int(image.height * factor + 1e-6)),
    )
    resized = image.resize(size, Image.Resampling[wanted.interpolation.upper()])
    left, top = round((size[0] - width) / 2), round((size[1] - height) / 2)
    return resized.crop((left, top, left + width, top + height))

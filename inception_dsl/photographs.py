"""Photographs as a network wants them: resized, cropped from the centre, and scaled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeAlias

from inception_dsl.ir.graph import CheckedGraph

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

    Photo: TypeAlias = str | PathLike[str] | Image.Image | npt.NDArray[np.uint8]

__all__ = ["PhotographError", "Preparation", "preparation", "read_photograph"]

_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
_LARGEST_PIXELS = 10**8


class PhotographError(ValueError):
    """A photograph that cannot be read, or a network that takes none; the message says which."""


@dataclass(frozen=True)
class Preparation:
    """What happens to a photograph before a network sees it.

    It is resized until it covers `resize`, both height x width, and `size` is cut out of its
    centre; each of its values, 0 to 255, becomes `value * gain + shift` of its channel. Calling it
    with a photograph does all of that.
    """

    size: tuple[int, int]
    gain: tuple[float, ...]
    shift: tuple[float, ...]
    crop: float = 0.875
    """The share of the resized photograph that is kept, along its shorter side."""
    interpolation: str = "bilinear"
    channels: str = "rgb"
    """`rgb`; `bgr`, as in Caffe, for which gain and shift stand in that order; or `grey`."""

    @property
    def resize(self) -> tuple[int, int]:
        """What the resized photograph covers, rounded down as in timm; the size, at least."""
        height, width = (floor(extent / self.crop + 1e-6) for extent in self.size)
        return height, width

    def __call__(self, photo: Photo) -> npt.NDArray[np.float32]:
        """The photograph, channels first: a file, a Pillow image, or H x W x C values of uint8.

        Raises: PhotographError if it cannot be read.
        """
        return read_photograph(photo, self)

    @property
    def geometry(self) -> tuple[str, ...]:
        """The steps that choose the pixels, in words."""
        whole, cut = (f"{height}x{width}" for height, width in (self.resize, self.size))
        return f"resize ({self.interpolation}) to cover {whole}", f"cut {cut} from the centre"

    @property
    def arithmetic(self) -> tuple[str, ...]:
        """The steps that scale their values, in words."""
        return (
            f"put the channels in the order {self.channels}",
            f"multiply values of 0 to 255 by {list(self.gain)}",
            f"add {list(self.shift)}",
        )


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
    height, width = x.grid
    return Preparation(
        size=(height, width),
        gain=gain,
        shift=shift,
        crop=float(wanted.get("crop", Preparation.crop)),
        interpolation=str(wanted.get("interpolation", Preparation.interpolation)),
        channels="grey" if x.channels == 1 else str(wanted.get("channels", "rgb")),
    )


def read_photograph(photo: Photo, wanted: Preparation) -> npt.NDArray[np.float32]:
    """The photograph as an array, channels first.

    Raises: PhotographError if it cannot be read.
    """
    import numpy as np

    image = _opened(photo).convert("L" if wanted.channels == "grey" else "RGB")
    pixels = np.atleast_3d(np.asarray(_cropped(image, wanted), np.float32))
    if wanted.channels == "bgr":
        pixels = pixels[:, :, ::-1]
    scaled = pixels * np.asarray(wanted.gain, np.float32) + np.asarray(wanted.shift, np.float32)
    return np.ascontiguousarray(scaled.transpose(2, 0, 1))


def _opened(photo: Photo) -> Image.Image:
    """The photograph, upright."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if isinstance(photo, Image.Image):
        return ImageOps.exif_transpose(photo)
    if not isinstance(photo, str | PathLike):
        return _image(photo)
    try:
        with Image.open(photo) as image:
            return ImageOps.exif_transpose(image)
    except UnidentifiedImageError:
        raise PhotographError(f"cannot read {photo}: no picture that Pillow knows") from None
    except Image.DecompressionBombError:
        raise PhotographError(f"cannot read {photo}: too large for a photograph") from None
    except (OSError, SyntaxError, ValueError) as error:
        # Pillow's word for a damaged file is SyntaxError, Python's for a name with NUL ValueError.
        reason = getattr(error, "strerror", None) or error
        raise PhotographError(f"cannot read {photo}: {reason}") from None


def _image(values: npt.NDArray[np.uint8]) -> Image.Image:
    """Values as a Pillow image."""
    import numpy as np
    from PIL import Image

    array = np.asarray(values)
    flat = array[:, :, 0] if array.ndim == 3 and array.shape[2] == 1 else array
    picture = flat.ndim == 2 or (flat.ndim == 3 and flat.shape[2] == 3)
    if array.dtype != np.uint8 or not picture or not array.size:
        found = "x".join(map(str, array.shape)) or "a single value"
        raise PhotographError(
            f"an array of {array.dtype}, {found}, is no photograph: "
            "expected uint8, height x width x 3, or height x width"
        )
    return Image.fromarray(np.ascontiguousarray(flat))


def _cropped(image: Image.Image, wanted: Preparation) -> Image.Image:
    from PIL import Image

    height, width = wanted.size
    covered = zip(wanted.resize, (image.height, image.width), strict=True)
    factor = max(extent / own for extent, own in covered)
    size = (
        max(width, int(image.width * factor + 1e-6)),
        max(height, int(image.height * factor + 1e-6)),
    )
    if size[0] * size[1] > _LARGEST_PIXELS:
        raise PhotographError(
            f"a picture of {image.width}x{image.height} would be resized to {size[0]}x{size[1]}: "
            "too long and thin, or too much of it cropped"
        )
    resized = image.resize(size, Image.Resampling[wanted.interpolation.upper()])
    left, top = round((size[0] - width) / 2), round((size[1] - height) / 2)
    return resized.crop((left, top, left + width, top + height))


def _scaling(
    wanted: Mapping[str, Any], channels: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Gain and shift of each channel: scale to `range`, less `mean`, over `std`."""
    low, high = wanted.get("range", (0, 1))
    silent = not wanted.keys() & {"range", "mean", "std"}
    means = _for_each(wanted.get("mean", _IMAGENET_MEAN if silent else 0), channels)
    deviations = _for_each(wanted.get("std", _IMAGENET_DEVIATION if silent else 1), channels)
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

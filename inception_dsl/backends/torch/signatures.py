"""What PyTorch's own signatures say: names of positional arguments, defaults to leave out."""

from __future__ import annotations

from collections.abc import Mapping

from inception_dsl.ir.types import Dims

__all__ = ["CHANNELS", "default", "label", "plain"]

_CONVOLUTION = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True}
_NORM = {"eps": 1e-5, "momentum": 0.1, "affine": True}
_POOL = {"padding": 0, "dilation": 1, "ceil_mode": False, "count_include_pad": True}

_DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "nn.Conv1d": _CONVOLUTION,
    "nn.Conv2d": _CONVOLUTION,
    "nn.Conv3d": _CONVOLUTION,
    "nn.ConvTranspose2d": {**_CONVOLUTION, "output_padding": 0},
    "nn.MaxPool1d": _POOL,
    "nn.MaxPool2d": _POOL,
    "nn.MaxPool3d": _POOL,
    "nn.AvgPool1d": _POOL,
    "nn.AvgPool2d": _POOL,
    "nn.AvgPool3d": _POOL,
    "nn.BatchNorm1d": _NORM,
    "nn.BatchNorm2d": _NORM,
    "nn.BatchNorm3d": _NORM,
    "BatchNorm": {"eps": 1e-5, "momentum": 0.1, "scale": True, "center": True},
    "nn.LayerNorm": {"eps": 1e-5},
    "nn.GroupNorm": {"eps": 1e-5},
    "nn.Linear": {"bias": True},
    "nn.LeakyReLU": {"negative_slope": 0.01},
    "nn.LocalResponseNorm": {"alpha": 1e-4, "beta": 0.75, "k": 1.0},
    "nn.Upsample": {"mode": "nearest"},
    "F.pad": {"value": 0},
    "mean": {"keepdim": False},
    "amax": {"keepdim": False},
}

_CONVOLUTION_LABELS = ("in_channels", "out_channels", "kernel_size")
_LABELS: Mapping[str, tuple[str, ...]] = {
    "nn.Conv": _CONVOLUTION_LABELS,
    "nn.ConvTranspose": _CONVOLUTION_LABELS,
    "nn.MaxPool": ("kernel_size",),
    "nn.AvgPool": ("kernel_size",),
    "nn.AdaptiveAvgPool": ("output_size",),
    "nn.BatchNorm": ("num_features",),
    "BatchNorm": ("num_features",),
    "nn.LayerNorm": ("num_features",),
    "nn.GroupNorm": ("num_groups", "num_channels"),
    "nn.Linear": ("in_features", "out_features"),
    "nn.LocalResponseNorm": ("size",),
    "nn.Dropout": ("rate",),
    "F.pad": ("", "padding"),
}

CHANNELS = frozenset(
    (
        "in_channels",
        "out_channels",
        "num_features",
        "num_channels",
        "in_features",
        "out_features",
        "groups",
    )
)
"""Arguments that are numbers of channels: one that equals another number of channels is that."""

# Where torch takes one number for all axes.
_PER_AXIS = frozenset(
    (
        "kernel_size",
        "stride",
        "padding",
        "dilation",
        "output_padding",
        "output_size",
        "scale_factor",
    )
)


def default(function: str, argument: str) -> object:
    """What torch assumes for a keyword argument; `...` if it assumes nothing."""
    return _DEFAULTS.get(function, {}).get(argument, ...)


def label(function: str, position: int) -> str:
    """The name of a positional argument: `in_channels`."""
    labels = _LABELS.get(function.rstrip("d").rstrip("123"), ())
    return labels[position] if position < len(labels) else "value"


def plain(value: object, function: str, argument: str) -> object:
    """An argument as a person writes it: 3 for (3, 3) where torch takes one number for all."""
    if isinstance(value, tuple) and function.startswith("nn.") and argument in _PER_AXIS:
        return square(value)
    if function in ("mean", "amax") and isinstance(value, tuple) and len(value) == 1:
        return value[0]
    return value


def square(value: object) -> object:
    """The number that all axes of a size share, or the size as a tuple."""
    if isinstance(value, tuple) and value and all(extent == value[0] for extent in value):
        return value[0]
    return tuple(value) if isinstance(value, Dims) else value

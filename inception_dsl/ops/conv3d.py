"""Convolution of a 3-D grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from inception_dsl.ir.op import Example
from inception_dsl.ops._convolution import Convolution

__all__ = ["Conv3d"]


@dataclass(frozen=True)
class Conv3d(Convolution):
    """Convolution of a 3-D grid.

    Shape:  C x D x H x W -> filters x D' x H' x W'
    Raises: OpFault if the input is no 3-D grid, `groups` does not divide C and `filters`, or no
            window fits.
    Source: PyTorch `nn.Conv3d`; ONNX `Conv`.
    """

    name: ClassVar[str] = "conv3d"
    rank: ClassVar[int] = 3
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("conv3d(4, 3x3x3)", "2x5x6x7", "4x3x4x5"),
        Example("conv3d(4, 1x3x3, stride=1x2x2, padding=same, bias=false)", "2x5x6x7", "4x5x3x4"),
        Example("conv3d(4, 3, padding=same, dilation=2, groups=2)", "2x5x6x7", "4x5x6x7"),
        Example("conv3d(4, 2, stride=2, padding=same_upper)", "2x5x6x7", "4x3x3x4"),
        Example("conv3d(4, 2, stride=2, padding=same_lower)", "2x5x6x7", "4x3x3x4"),
        Example("conv3d(4, 3, padding=[1, 0, 0, 1, 2, 1])", "2x5x6x7", "4x4x5x8"),
    )

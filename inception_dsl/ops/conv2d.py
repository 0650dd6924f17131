"""Convolution of a 2-D grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from inception_dsl.ir.op import Example
from inception_dsl.ops._convolution import Convolution

__all__ = ["Conv2d"]


@dataclass(frozen=True)
class Conv2d(Convolution):
    """Convolution of a 2-D grid.

    Shape:  C x H x W -> filters x H' x W'
    Raises: OpFault if the input is no 2-D grid, `groups` does not divide C and `filters`, or no
            window fits.
    Source: PyTorch `nn.Conv2d`; ONNX `Conv`.
    """

    name: ClassVar[str] = "conv2d"
    rank: ClassVar[int] = 2
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("conv2d(8, 3x3)", "3x9x8", "8x7x6"),
        Example("conv2d(8, 7x7, stride=2, padding=same)", "3x18x15", "8x9x8"),
        Example("conv2d(4, 1x7, padding=same, bias=false)", "6x5x9", "4x5x9"),
        Example("conv2d(4, 7x1, stride=1x2, padding=same)", "6x5x9", "4x5x5"),
        Example("conv2d(6, 3, padding=2, dilation=2, groups=3)", "9x8x8", "6x8x8"),
        Example("conv2d(4, 3x2, padding=1x0)", "2x6x6", "4x6x5"),
        Example("conv2d(4, 3x3, padding=[0, 1, 2, 0])", "2x6x6", "4x5x6"),
        Example("conv2d(4, 3x3, stride=2, padding=same_upper)", "2x6x7", "4x3x4"),
        Example("conv2d(4, 3x3, stride=2, padding=same_lower)", "2x6x7", "4x3x4"),
        Example("conv2d(4, 2, padding=same_upper, dilation=3x1)", "2x6x7", "4x6x7"),
        Example("conv2d(4, 4, padding=same_lower)", "2x6x7", "4x6x7"),
        Example("conv2d(4, 2, stride=3x4, padding=same_upper)", "2x6x7", "4x2x2"),
    )

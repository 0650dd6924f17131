"""Convolution of a 1-D grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from inception_dsl.ir.op import Example
from inception_dsl.ops._convolution import Convolution

__all__ = ["Conv1d"]


@dataclass(frozen=True)
class Conv1d(Convolution):
    """Convolution of a 1-D grid.

    Shape:  C x L -> filters x L'
    Raises: OpFault if the input is no 1-D grid, `groups` does not divide C and `filters`, or no
            window fits.
    Source: PyTorch `nn.Conv1d`; ONNX `Conv`.
    """

    name: ClassVar[str] = "conv1d"
    rank: ClassVar[int] = 1
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("conv1d(8, 3)", "4x16", "8x14"),
        Example("conv1d(8, 5, stride=2, padding=same, groups=4)", "4x16", "8x8"),
        Example("conv1d(8, 3, padding=[0, 2], dilation=2, bias=false)", "4x16", "8x14"),
        Example("conv1d(8, 4, stride=3, padding=same_upper)", "4x16", "8x6"),
        Example("conv1d(8, 4, stride=3, padding=same_lower)", "4x16", "8x6"),
        Example("conv1d(8, 3, padding=3)", "4x16", "8x20"),
    )

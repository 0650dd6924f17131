"""Depthwise convolution of a 2-D grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, V
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import FeatureMap, Padding, Parameter, Size
from inception_dsl.ops._arguments import require_at_least, require_rank
from inception_dsl.ops._window import window_label
from inception_dsl.ops.conv2d import Conv2d

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["DepthwiseConv2d"]


@dataclass(frozen=True)
class DepthwiseConv2d(Op):
    """Convolution of each channel by itself, `multiplier` times.

    Shape:  C x H x W -> C * multiplier x H' x W'
    Raises: OpFault if the input is no 2-D grid, or no window fits.
    Source: Chollet, 2016, "Xception"; Keras `DepthwiseConv2D`; ONNX `Conv` with C groups.
    """

    name: ClassVar[str] = "depthwise_conv2d"
    kind: ClassVar[Kind] = "convolution"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("depthwise_conv2d(3x3)", "4x9x8", "4x7x6"),
        Example("depthwise_conv2d(3, stride=2, padding=same, bias=false)", "4x9x8", "4x5x4"),
        Example("depthwise_conv2d(3, padding=same, multiplier=2)", "4x9x8", "8x9x8"),
        Example("depthwise_conv2d(3, stride=2, padding=same_upper)", "4x8x8", "4x4x4"),
        Example("depthwise_conv2d(3, stride=2, padding=same_lower)", "4x8x8", "4x4x4"),
        Example("depthwise_conv2d(1x7, padding=[0, 0, 3, 3], dilation=1x1)", "4x9x8", "4x9x8"),
        Example("depthwise_conv2d(3, padding=2, dilation=2)", "4x9x8", "4x9x8"),
    )

    kernel: Size
    stride: Size = 1
    padding: Padding = "valid"
    dilation: Size = 1
    multiplier: int = 1
    bias: bool = True

    def __post_init__(self) -> None:
        require_at_least(1, multiplier=self.multiplier)
        self.grouped(channels=1)

    def grouped(self, channels: int) -> Conv2d:
        """The same as a convolution with a group per channel."""
        return Conv2d(
            filters=channels * self.multiplier,
            kernel=self.kernel,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=channels,
            bias=self.bias,
        )

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """`multiplier` results for each channel, on the grid of the windows."""
        (x,) = inputs
        require_rank(self.name, x, 2)
        return self.grouped(x.channels).infer(x)

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """The window's sum for an axis of the grid, `channels * multiplier`."""
        (x,) = inputs
        if axis:
            return self.grouped(x.channels).derivation(axis, x)
        return None if self.multiplier == 1 else f"{x.channels} * {self.multiplier}"

    def parameters(self, x: FeatureMap) -> dict[str, Parameter]:
        """`weight` of `C * multiplier x 1 x kernel`, and `bias`."""
        return self.grouped(x.channels).parameters(x)

    def macs(self, x: FeatureMap) -> int:
        """Each output is a sum over one window of one channel."""
        return self.grouped(x.channels).macs(x)

    def reads(self, x: FeatureMap) -> tuple[Reach, ...]:
        """The cells of each window."""
        return self.grouped(x.channels).reads(x)

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.Conv2d` with a group per channel."""
        return self.grouped(inputs[0].map.channels).to_torch(torch, *inputs)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Conv` with a group per channel."""
        return self.grouped(inputs[0].map.channels).to_onnx(onnx, *inputs)

    def label(self) -> str:
        """`depthwise conv 3x3 / 2`."""
        return f"depthwise conv {window_label(self.kernel, self.stride, 2)}"

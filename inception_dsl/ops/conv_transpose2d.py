"""Transposed convolution of a 2-D grid."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, OpFault, V
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import FeatureMap, Parameter, Size
from inception_dsl.ops._arguments import require_at_least, require_rank, spread
from inception_dsl.ops._window import window_label

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["ConvTranspose2d"]

SIZES = ("kernel", "stride", "padding", "output_padding")


@dataclass(frozen=True)
class ConvTranspose2d(Op):
    """Transposed convolution: each input cell adds a weighted kernel to the output.

    Shape:  C x H x W -> filters x H' x W'
            H' = (H - 1) * stride - 2 * padding + kernel + output_padding
    Raises: OpFault if the input is no 2-D grid, `output_padding` is not below the stride, or the
            padding leaves nothing.
    Source: Dumoulin and Visin, 2016, "A guide to convolution arithmetic for deep learning",
            section 4; PyTorch `nn.ConvTranspose2d`; ONNX `ConvTranspose`.
    """

    name: ClassVar[str] = "conv_transpose2d"
    kind: ClassVar[Kind] = "convolution"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("conv_transpose2d(4, 2, stride=2)", "3x5x6", "4x10x12"),
        Example("conv_transpose2d(4, 3x3)", "3x5x6", "4x7x8"),
        Example(
            "conv_transpose2d(4, 3, stride=2, padding=1, output_padding=1, bias=false)",
            "3x5x6",
            "4x10x12",
        ),
        Example("conv_transpose2d(4, 4x2, stride=3x1, padding=1x0)", "3x5x6", "4x14x7"),
        Example("conv_transpose2d(4, 3, stride=1x2, output_padding=0x1)", "3x5x6", "4x7x14"),
    )

    filters: int
    kernel: Size
    stride: Size = 1
    padding: Size = 0
    output_padding: Size = 0
    bias: bool = True

    def __post_init__(self) -> None:
        require_at_least(1, filters=self.filters, kernel=self.kernel, stride=self.stride)
        require_at_least(0, padding=self.padding, output_padding=self.output_padding)

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """`filters` channels on the enlarged grid."""
        (x,) = inputs
        require_rank(self.name, x, 2)
        axes = zip(x.grid, *(spread(name, getattr(self, name), 2) for name in SIZES), strict=True)
        return FeatureMap(self.filters, tuple(transposed_axis(*axis) for axis in axes))

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """`(cells - 1) * stride + kernel + output_padding - 2 * padding` for the grid."""
        (x,) = inputs
        if axis == 0:
            return ""
        kernel, stride, padding, extra = (
            spread(name, getattr(self, name), 2)[axis - 1] for name in SIZES
        )
        cells = x.dims[axis]
        if transposed_axis(cells, kernel, stride, padding, extra) == cells:
            return None
        more = f" + {extra}" if extra else ""
        less = f" - 2 * {padding}" if padding else ""
        return f"({cells} - 1) * {stride} + {kernel}{more}{less}"

    def parameters(self, x: FeatureMap) -> dict[str, Parameter]:
        """`weight` of `C x filters x kernel`, and `bias`."""
        kernel = spread("kernel", self.kernel, 2)
        products = x.channels * prod(kernel) // prod(spread("stride", self.stride, 2))
        shape = (x.channels, self.filters, *kernel)
        found = {"weight": Parameter(shape, "weight", max(products, 1))}
        if self.bias:
            found["bias"] = Parameter((self.filters,), "bias")
        return found

    def macs(self, x: FeatureMap) -> int:
        """Each input cell meets every weight of its channel."""
        return prod(x.grid) * self.parameters(x)["weight"].size

    def reads(self, x: FeatureMap) -> tuple[Reach, ...]:
        """The cells whose kernels reach this one."""
        sizes = (spread(name, getattr(self, name), 2) for name in ("kernel", "stride", "padding"))
        return tuple(
            Reach(
                Fraction(1, stride),
                Fraction(padding - kernel + 1, stride),
                Fraction(padding, stride),
            )
            for kernel, stride, padding in zip(*sizes, strict=True)
        )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.ConvTranspose2d`."""
        (x,) = inputs
        conv = torch.module(
            "nn.ConvTranspose2d",
            x.map.channels,
            self.filters,
            self.kernel,
            stride=self.stride,
            padding=self.padding,
            output_padding=self.output_padding,
            bias=self.bias,
        )
        return torch.call(conv, x.value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`ConvTranspose`."""
        (x,) = inputs
        return onnx.node(
            "ConvTranspose",
            x.value,
            *(onnx.parameter(name) for name in self.parameters(x.map)),
            kernel_shape=spread("kernel", self.kernel, 2),
            strides=spread("stride", self.stride, 2),
            pads=spread("padding", self.padding, 2) * 2,
            output_padding=spread("output_padding", self.output_padding, 2),
        )

    def label(self) -> str:
        """`transposed conv 3x3 / 2, 64`."""
        return f"transposed conv {window_label(self.kernel, self.stride, 2)}, {self.filters}"


def transposed_axis(cells: int, kernel: int, stride: int, padding: int, output_padding: int) -> int:
    """The extent of one axis of the result."""
    if output_padding >= stride:
        raise OpFault(
            "E0305",
            f"`output_padding` of {output_padding} with a stride of {stride}",
            expected=f"less than the stride, at most {stride - 1}",
            argument="output_padding",
        )
    full = (cells - 1) * stride + kernel + output_padding
    if full <= 2 * padding:
        raise OpFault(
            "E0404",
            f"padding of {padding} on both sides leaves nothing of {full} cells",
            expected=f"at most {(full - 1) // 2}",
            argument="padding",
        )
    return full - 2 * padding

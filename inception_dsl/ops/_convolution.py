"""What convolutions of every rank share."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Kind, Op, OpFault, V
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import FeatureMap, Padding, Parameter, Size
from inception_dsl.ops._arguments import require_at_least, require_rank
from inception_dsl.ops._window import Window, check_padding, slide, torch_pads, window_label

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Convolution"]


@dataclass(frozen=True)
class Convolution(Op):
    """Cross-correlation, as PyTorch and ONNX define convolution, on a grid of `rank` axes.

    Shape:  C x grid -> filters x grid'
    Raises: OpFault if the rank differs, `groups` does not divide C and `filters`, or no window
            fits.
    """

    kind: ClassVar[Kind] = "convolution"
    rank: ClassVar[int] = 0

    filters: int
    kernel: Size
    stride: Size = 1
    padding: Padding = "valid"
    dilation: Size = 1
    groups: int = 1
    bias: bool = True

    def __post_init__(self) -> None:
        require_at_least(1, filters=self.filters, kernel=self.kernel, stride=self.stride)
        require_at_least(1, dilation=self.dilation, groups=self.groups)
        check_padding(self.padding)

    def window(self, x: FeatureMap) -> Window:
        """The window on the input's grid."""
        return slide(x.grid, self.kernel, self.stride, self.dilation, self.padding)

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """`filters` channels on the grid of the windows."""
        (x,) = inputs
        require_rank(self.name, x, self.rank)
        for what, count in (("input channels", x.channels), ("filters", self.filters)):
            if count % self.groups:
                raise OpFault(
                    "E0405",
                    f"{self.groups} groups do not divide {count} {what}",
                    expected=f"a divisor of {x.channels} and of {self.filters}",
                    argument="groups",
                )
        return FeatureMap(self.filters, self.window(x).grid(x.grid))

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """The window's sum for an axis of the grid; the channels are `filters`."""
        (x,) = inputs
        return self.window(x).derivation(axis - 1, x.dims[axis]) if axis else ""

    def parameters(self, x: FeatureMap) -> dict[str, Parameter]:
        """`weight` of `filters x C/groups x kernel`, and `bias`."""
        per_output = (x.channels // self.groups, *self.window(x).kernel)
        found = {"weight": Parameter((self.filters, *per_output), "weight", prod(per_output))}
        if self.bias:
            found["bias"] = Parameter((self.filters,), "bias")
        return found

    def macs(self, x: FeatureMap) -> int:
        """Each output is a sum of `fan_in` products."""
        return self.infer(x).size * self.parameters(x)["weight"].fan_in

    def reads(self, x: FeatureMap) -> tuple[Reach, ...]:
        """The cells of each window."""
        return self.window(x).reads()

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.Conv2d`, behind `F.pad` where the padding is asymmetric."""
        (x,) = inputs
        window = self.window(x.map)
        conv = torch.module(
            f"nn.Conv{self.rank}d",
            x.map.channels,
            self.filters,
            self.kernel,
            stride=self.stride,
            padding=window.torch_padding if window.symmetric else 0,
            dilation=self.dilation,
            groups=self.groups,
            bias=self.bias,
        )
        value = x.value
        if not window.symmetric:
            value = torch.functional("F.pad", value, torch_pads(window.before, window.after))
        return torch.call(conv, value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Conv`."""
        (x,) = inputs
        window = self.window(x.map)
        return onnx.node(
            "Conv",
            x.value,
            *(onnx.parameter(name) for name in self.parameters(x.map)),
            kernel_shape=window.kernel,
            strides=window.stride,
            pads=window.onnx_pads,
            dilations=window.dilation,
            group=self.groups,
        )

    def label(self) -> str:
        """`conv 3x3 / 2, 64`."""
        return f"conv {window_label(self.kernel, self.stride, self.rank)}, {self.filters}"

"""Average of each window."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import lt, sub
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, V
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import FeatureMap, Padding, Size
from inception_dsl.ops._window import Window, check_pool, slide_pool, torch_pads, window_label

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["AvgPool"]


@dataclass(frozen=True)
class AvgPool(Op):
    """Average of each window's cells: the input's, with `count_include_pad` also the padding's.

    What `ceil` adds behind the padding never counts.

    Shape:  C x grid -> C x grid'
    Raises: OpFault if the input is a vector, no window fits, or the padding exceeds half a window.
    Source: PyTorch `nn.AvgPool2d`; ONNX `AveragePool`.
    """

    name: ClassVar[str] = "avg_pool"
    kind: ClassVar[Kind] = "pool"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("avg_pool(2)", "3x8x9", "3x4x4"),
        Example("avg_pool(5x5, stride=3)", "3x14x14", "3x4x4"),
        Example("avg_pool(3x3, stride=1, padding=same)", "3x8x9", "3x8x9"),
        Example("avg_pool(3x3, stride=1, padding=same, count_include_pad=true)", "3x8x9", "3x8x9"),
        Example("avg_pool(3, stride=2, ceil=true)", "3x8x9", "3x4x4"),
        Example("avg_pool(3, stride=2, padding=1, ceil=true)", "3x8x8", "3x5x5"),
        Example(
            "avg_pool(3, stride=2, padding=1, ceil=true, count_include_pad=true)", "3x8x8", "3x5x5"
        ),
        Example("avg_pool(2, stride=3, ceil=true, count_include_pad=true)", "3x7x8", "3x3x3"),
        Example("avg_pool(3x2, stride=2x1, padding=1x0)", "3x8x9", "3x4x8"),
        Example("avg_pool(2, stride=1, padding=same_upper)", "3x8x9", "3x8x9"),
        Example("avg_pool(2, stride=1, padding=same_lower)", "3x8x9", "3x8x9"),
        Example(
            "avg_pool(2, stride=1, padding=same_lower, count_include_pad=true)", "3x8x9", "3x8x9"
        ),
        Example("avg_pool(3, stride=2, padding=[0, 1, 1, 0])", "3x8x9", "3x4x4"),
        Example("avg_pool(3, stride=2)", "4x16", "4x7"),
        Example("avg_pool(3, stride=2, padding=same_upper)", "4x16", "4x8"),
        Example(
            "avg_pool(4, stride=3, padding=1, ceil=true, count_include_pad=true)", "4x16", "4x6"
        ),
        Example("avg_pool(2x3x3, stride=2, padding=0x1x1)", "2x5x6x7", "2x2x3x4"),
        Example("avg_pool(2, stride=1, padding=same_upper)", "2x5x6x7", "2x5x6x7"),
        Example("avg_pool(3, stride=2, padding=1, ceil=true)", "2x5x6x7", "2x3x4x4"),
        Example("avg_pool(3, stride=1, padding=same)", "2x2x6x7", "2x2x6x7"),
        Example(
            "avg_pool(3, stride=2, padding=1, ceil=true, count_include_pad=true)",
            "2x2x5x6",
            "2x2x3x4",
        ),
        Example(
            "avg_pool(3, stride=2, padding=1, ceil=true, count_include_pad=true)",
            "2x5x6x7",
            "2x3x4x4",
        ),
    )

    kernel: Size
    stride: Size | None = field(default=None, metadata={"shown": "kernel"})
    padding: Padding = "valid"
    ceil: bool = False
    count_include_pad: bool = False

    def __post_init__(self) -> None:
        check_pool(self.kernel, self.steps, self.padding, self.ceil)

    @property
    def steps(self) -> Size:
        """The stride, which is the kernel unless written."""
        return self.kernel if self.stride is None else self.stride

    def window(self, x: FeatureMap) -> Window:
        """The window on the input's grid."""
        return slide_pool(x, self.name, self.kernel, self.steps, self.padding, ceil=self.ceil)

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The same channels on the grid of the windows."""
        (x,) = inputs
        return FeatureMap(x.channels, self.window(x).grid(x.grid))

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """The window's sum for an axis of the grid."""
        (x,) = inputs
        return self.window(x).derivation(axis - 1, x.dims[axis]) if axis else None

    def reads(self, x: FeatureMap) -> tuple[Reach, ...]:
        """The cells of each window."""
        return self.window(x).reads()

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.AvgPool2d`, behind `F.pad` where the padding is not what it takes.

        It takes symmetric padding and, in 3-D, no input smaller than a window.
        """
        (x,) = inputs
        window = self.window(x.map)
        small = x.map.rank == 3 and any(map(lt, x.map.grid, window.kernel))
        inside = window.symmetric and not small
        pool = torch.module(
            f"nn.AvgPool{x.map.rank}d",
            self.kernel,
            stride=self.steps,
            padding=window.torch_padding if inside else 0,
            ceil_mode=self.ceil and inside,
            count_include_pad=self.count_include_pad,
        )
        return torch.call(pool, x.value) if inside else self.padded_apart(torch, pool, x, window)

    def padded_apart(self, torch: TorchSource[V], pool: V, x: Operand[V], window: Window) -> V:
        """The average of the padded input over that of padded ones, the share that counts."""
        value, before, after = x.value, window.before, window.reach(x.map.grid)
        if self.count_include_pad:
            pads = torch_pads(before, window.after)
            value = torch.functional("F.pad", value, pads)
            after = tuple(max(amount, 0) for amount in map(sub, after, window.after))
            before = (0,) * len(before)
            if not any(after):
                return torch.call(pool, value)
        pads = torch_pads(before, after)
        channel = torch.subscript(value, (slice(None), slice(1)))
        ones = torch.functional("torch.ones_like", channel)
        share = torch.call(pool, torch.functional("F.pad", ones, pads))
        return torch.binary("/", torch.call(pool, torch.functional("F.pad", value, pads)), share)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`AveragePool`."""
        (x,) = inputs
        window = self.window(x.map)
        return onnx.node(
            "AveragePool",
            x.value,
            kernel_shape=window.kernel,
            strides=window.stride,
            pads=window.onnx_pads,
            ceil_mode=int(self.ceil),
            count_include_pad=int(self.count_include_pad),
        )

    def label(self) -> str:
        """`avg pool 3x3 / 2`."""
        return f"avg pool {window_label(self.kernel, self.steps)}"

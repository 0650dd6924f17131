"""Maximum of each window."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import gt, lt
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, OpFault, V
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import FeatureMap, Padding, Size
from inception_dsl.ops._arguments import require_at_least
from inception_dsl.ops._window import Window, check_pool, slide_pool, torch_pads, window_label

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["MaxPool"]

LOWEST = float("-inf")


@dataclass(frozen=True)
class MaxPool(Op):
    """Maximum of each window; padding never wins.

    Shape:  C x grid -> C x grid'
    Raises: OpFault if the input is a vector, no window fits, or the padding exceeds half a window.
    Source: PyTorch `nn.MaxPool2d`; ONNX `MaxPool`.
    """

    name: ClassVar[str] = "max_pool"
    kind: ClassVar[Kind] = "pool"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("max_pool(2)", "3x8x9", "3x4x4"),
        Example("max_pool(3x3, stride=2, ceil=true)", "3x8x9", "3x4x4"),
        Example("max_pool(3x3, stride=2, padding=1, ceil=true)", "3x8x8", "3x5x5"),
        Example("max_pool(3x3, stride=1, padding=same)", "3x8x9", "3x8x9"),
        Example("max_pool(3x2, stride=2x1, padding=1x0)", "3x8x9", "3x4x8"),
        Example("max_pool(2, stride=1, padding=same_upper)", "3x8x9", "3x8x9"),
        Example("max_pool(2, stride=1, padding=same_lower)", "3x8x9", "3x8x9"),
        Example("max_pool(3, stride=2, padding=[0, 1, 1, 0])", "3x8x9", "3x4x4"),
        Example("max_pool(2, stride=1, padding=same, dilation=2)", "3x8x9", "3x8x9"),
        Example("max_pool(2, stride=1, padding=2, dilation=3)", "3x8x9", "3x9x10"),
        Example("max_pool(3, stride=2, dilation=2, ceil=true)", "3x8x9", "3x3x3"),
        Example("max_pool(3, stride=2)", "4x16", "4x7"),
        Example("max_pool(3, stride=2, padding=same_upper)", "4x16", "4x8"),
        Example("max_pool(2, stride=3, ceil=true)", "4x16", "4x6"),
        Example("max_pool(2x3x3, stride=2, padding=0x1x1)", "2x5x6x7", "2x2x3x4"),
        Example("max_pool(2, stride=1, padding=same_lower)", "2x5x6x7", "2x5x6x7"),
    )

    kernel: Size
    stride: Size | None = field(default=None, metadata={"shown": "kernel"})
    padding: Padding = "valid"
    dilation: Size = 1
    ceil: bool = False

    def __post_init__(self) -> None:
        check_pool(self.kernel, self.steps, self.padding, self.ceil)
        require_at_least(1, dilation=self.dilation)

    @property
    def steps(self) -> Size:
        """The stride, which is the kernel unless written."""
        return self.kernel if self.stride is None else self.stride

    def window(self, x: FeatureMap) -> Window:
        """The window on the input's grid."""
        return slide_pool(
            x, self.name, self.kernel, self.steps, self.padding, self.dilation, self.ceil
        )

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The same channels on the grid of the windows."""
        (x,) = inputs
        window = self.window(x)
        for cells, dilation, *padding in zip(
            x.grid, window.dilation, window.before, window.after, strict=True
        ):
            if dilation > cells and any(padding):
                raise OpFault(
                    "E0404",
                    f"a dilation of {dilation} steps over all {cells} cells of an axis",
                    expected="windows that see more than padding",
                    argument="dilation",
                )
        return FeatureMap(x.channels, window.grid(x.grid))

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """The window's sum for an axis of the grid."""
        (x,) = inputs
        return self.window(x).derivation(axis - 1, x.dims[axis]) if axis else None

    def reads(self, x: FeatureMap) -> tuple[Reach, ...]:
        """The cells of each window."""
        return self.window(x).reads()

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.MaxPool2d`, behind `F.pad` where the padding is not what it takes.

        It takes symmetric padding of half a kernel, dilated or not.
        """
        (x,) = inputs
        window = self.window(x.map)
        halves = (kernel // 2 for kernel in window.kernel)
        inside = window.symmetric and not any(map(gt, window.before, halves))
        pool = torch.module(
            f"nn.MaxPool{x.map.rank}d",
            self.kernel,
            stride=self.steps,
            padding=window.torch_padding if inside else 0,
            dilation=self.dilation,
            ceil_mode=self.ceil and inside,
        )
        value = x.value
        if not inside:
            pads = torch_pads(window.before, window.reach(x.map.grid))
            value = torch.functional("F.pad", value, pads, value=LOWEST)
        return torch.call(pool, value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`MaxPool`, behind `Pad` where ONNX Runtime does not take the padding: a whole kernel."""
        (x,) = inputs
        window, value = self.window(x.map), x.value
        inside = all(map(lt, window.onnx_pads, window.kernel * 2))
        if not inside:
            pads = (0, 0, *window.before, 0, 0, *window.reach(x.map.grid))
            lowest = onnx.constant(LOWEST, "float")
            value = onnx.node("Pad", value, onnx.constant(pads, "int64"), lowest)
        return onnx.node(
            "MaxPool",
            value,
            kernel_shape=window.kernel,
            strides=window.stride,
            pads=window.onnx_pads if inside else (0,) * len(window.onnx_pads),
            dilations=window.dilation,
            ceil_mode=int(self.ceil and inside),
        )

    def label(self) -> str:
        """`max pool 3x3 / 2`."""
        return f"max pool {window_label(self.kernel, self.steps)}"

"""Average into a grid of a given size."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, V
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import FeatureMap, Size
from inception_dsl.ops._arguments import require_at_least, require_grid, spread
from inception_dsl.ops._window import show_size

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["AdaptiveAvgPool"]


@dataclass(frozen=True)
class AdaptiveAvgPool(Op):
    """Average into a grid of `size`; windows overlap where it does not divide the input's.

    Cell i of an axis of n averages cells `floor(i * n / size)` to `ceil((i + 1) * n / size)`.

    Shape:  C x grid -> C x size
    Raises: OpFault if the input is a vector, or `size` has another number of axes.
    Source: PyTorch `nn.AdaptiveAvgPool2d`.
    """

    name: ClassVar[str] = "adaptive_avg_pool"
    kind: ClassVar[Kind] = "pool"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("adaptive_avg_pool(4)", "3x14x14", "3x4x4"),
        Example("adaptive_avg_pool(7)", "3x14x14", "3x7x7"),
        Example("adaptive_avg_pool(3x5)", "3x8x9", "3x3x5"),
        Example("adaptive_avg_pool(2x9)", "3x8x9", "3x2x9"),
        Example("adaptive_avg_pool(5x12)", "3x3x9", "3x5x12"),
        Example("adaptive_avg_pool(1)", "3x8x9", "3x1x1"),
        Example("adaptive_avg_pool(3)", "4x7", "4x3"),
        Example("adaptive_avg_pool(2x3x4)", "2x5x6x7", "2x2x3x4"),
        Example("adaptive_avg_pool(2)", "2x4x6x8", "2x2x2x2"),
    )

    size: Size

    def __post_init__(self) -> None:
        require_at_least(1, size=self.size)

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The same channels on a grid of `size`."""
        (x,) = inputs
        require_grid(self.name, x)
        return FeatureMap(x.channels, spread("size", self.size, x.rank))

    def reads(self, x: FeatureMap) -> tuple[Reach, ...]:
        """The cells of each window, which begins and ends at a whole cell."""
        return tuple(
            Reach(Fraction(cells, size), Fraction(1 - size, size), Fraction(cells - 1, size))
            if cells % size
            else Reach(Fraction(cells // size), last=Fraction(cells // size - 1))
            for cells, size in zip(x.grid, spread("size", self.size, x.rank), strict=True)
        )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.AdaptiveAvgPool2d`."""
        (x,) = inputs
        return torch.call(torch.module(f"nn.AdaptiveAvgPool{x.map.rank}d", self.size), x.value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`AveragePool` where `size` divides the grid, else a matrix of shares for each axis."""
        (x,) = inputs
        size = spread("size", self.size, x.map.rank)
        if not any(n % parts for n, parts in zip(x.map.grid, size, strict=True)):
            steps = tuple(n // parts for n, parts in zip(x.map.grid, size, strict=True))
            return onnx.node("AveragePool", x.value, kernel_shape=steps, strides=steps)
        value, grid = x.value, x.map.grid
        for axis, parts in enumerate(size):
            if grid[axis] != parts:
                value = average_axis(onnx, value, FeatureMap(x.map.channels, grid), axis, parts)
                grid = (*grid[:axis], parts, *grid[axis + 1 :])
        return onnx.node("Reshape", value, onnx.constant((0, x.map.channels, *size), "int64"))

    def label(self) -> str:
        """`adaptive avg pool 4x4`."""
        return f"adaptive avg pool {show_size(self.size)}"


def average_axis(onnx: OnnxGraph[V], value: V, x: FeatureMap, axis: int, parts: int) -> V:
    """One axis averaged into parts: a matrix of shares times `... x axis x rest`."""
    cells = x.grid[axis]
    shares: list[float] = []
    for part in range(parts):
        start, stop = part * cells // parts, -(-(part + 1) * cells // parts)
        shares += [1 / (stop - start) if start <= cell < stop else 0.0 for cell in range(cells)]
    matrix = onnx.node(
        "Reshape", onnx.constant(shares, "float"), onnx.constant((parts, cells), "int64")
    )
    rows = (0, x.channels * prod(x.grid[:axis]), cells, prod(x.grid[axis + 1 :]))
    return onnx.node("MatMul", matrix, onnx.node("Reshape", value, onnx.constant(rows, "int64")))

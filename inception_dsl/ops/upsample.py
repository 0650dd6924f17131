"""A grid enlarged by a whole factor."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import TYPE_CHECKING, ClassVar, Literal

from inception_dsl.ir.op import Example, Kind, Op, V
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import FeatureMap, Size
from inception_dsl.ops._arguments import (
    out_of_range,
    require_at_least,
    require_grid,
    require_rank,
    spread,
)
from inception_dsl.ops._window import show_size

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Upsample"]


@dataclass(frozen=True)
class Upsample(Op):
    """A grid enlarged by a whole factor: `nearest` repeats cells, `bilinear` blends them.

    `bilinear` takes cells for their centres (half-pixel) and works on 2-D grids.

    Shape:  C x grid -> C x grid * factor
    Raises: OpFault if the input is a vector, or no 2-D grid for `bilinear`.
    Source: PyTorch `nn.Upsample` (`align_corners=False`); ONNX `Resize`.
    """

    name: ClassVar[str] = "upsample"
    kind: ClassVar[Kind] = "shape"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("upsample(2)", "3x4x5", "3x8x10"),
        Example("upsample(3x1)", "3x4x5", "3x12x5"),
        Example("upsample(2, mode=bilinear)", "3x4x5", "3x8x10"),
        Example("upsample(1x3, mode=bilinear)", "3x4x5", "3x4x15"),
        Example("upsample(3)", "4x9", "4x27"),
        Example("upsample(2)", "2x3x4x5", "2x6x8x10"),
    )

    factor: Size
    mode: Literal["nearest", "bilinear"] = "nearest"

    def __post_init__(self) -> None:
        require_at_least(1, factor=self.factor)
        if self.mode not in ("nearest", "bilinear"):
            raise out_of_range("mode", self.mode, "`nearest` or `bilinear`")

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The same channels on the enlarged grid."""
        (x,) = inputs
        require_grid(self.name, x)
        if self.mode == "bilinear":
            require_rank("upsample(mode=bilinear)", x, 2)
        factors = spread("factor", self.factor, x.rank)
        return FeatureMap(x.channels, tuple(map(mul, x.grid, factors)))

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """`cells * factor`."""
        (x,) = inputs
        factor = spread("factor", self.factor, x.rank)[axis - 1] if axis else 1
        return None if factor == 1 else f"{x.dims[axis]} * {factor}"

    def reads(self, x: FeatureMap) -> tuple[Reach, ...]:
        """The cell that is repeated, or the two that are blended."""
        return tuple(
            Reach(Fraction(1, factor), *self._offsets(factor))
            for factor in spread("factor", self.factor, x.rank)
        )

    def _offsets(self, factor: int) -> tuple[Fraction, Fraction]:
        if self.mode == "nearest" or factor == 1:
            return Fraction(1 - factor, factor), Fraction(0)
        return Fraction(2 - 3 * factor, 2 * factor), Fraction(1, 2)

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.Upsample`."""
        upsample = torch.module("nn.Upsample", scale_factor=self.factor, mode=str(self.mode))
        return torch.call(upsample, inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Resize`."""
        (x,) = inputs
        factors = spread("factor", self.factor, x.map.rank)
        scales = onnx.constant([1.0, 1.0, *map(float, factors)], "float")
        if self.mode == "nearest":
            how = {"mode": "nearest", "nearest_mode": "floor"}
            position = "asymmetric"
        else:
            how, position = {"mode": "linear"}, "half_pixel"
        return onnx.node(
            "Resize", x.value, onnx.absent, scales, coordinate_transformation_mode=position, **how
        )

    def label(self) -> str:
        """`upsample 2, nearest`."""
        return f"upsample {show_size(self.factor)}, {self.mode}"

"""Padding of a grid, or a crop."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, OpFault, V
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import FeatureMap, Padding, show_value
from inception_dsl.ops._arguments import out_of_range, require_finite, require_grid
from inception_dsl.ops._window import pair_up, torch_pads

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Pad"]


@dataclass(frozen=True)
class Pad(Op):
    """Cells of `value` put around the grid; negative amounts crop it.

    Shape:  C x grid -> C x grid', n' = n + before + after
    Raises: OpFault if the input is a vector, or a crop leaves nothing.
    Source: PyTorch `F.pad`; ONNX `Pad`.
    """

    name: ClassVar[str] = "pad"
    kind: ClassVar[Kind] = "shape"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("pad(1)", "3x4x5", "3x6x7"),
        Example("pad(1x2, value=0.5)", "3x4x5", "3x6x9"),
        Example("pad([0, 1, 2, 0], value=-1)", "3x4x5", "3x5x7"),
        Example("pad(-1)", "3x4x5", "3x2x3"),
        Example("pad([-1, 2, 0, -3], value=3)", "3x4x5", "3x5x2"),
        Example("pad([2, 1])", "4x9", "4x12"),
        Example("pad([0, 1, -1, 0, 2, 2])", "2x3x4x5", "2x4x3x9"),
    )

    amounts: Padding
    value: float = 0

    def __post_init__(self) -> None:
        if isinstance(self.amounts, str):
            raise out_of_range("amounts", self.amounts, "a number, a size, or a list")
        require_finite(value=self.value)

    def sides(self, x: FeatureMap) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The amounts before and after each axis."""
        assert not isinstance(self.amounts, str)
        return pair_up("amounts", self.amounts, x.rank)

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The same channels on the padded grid."""
        (x,) = inputs
        require_grid(self.name, x)
        before, after = self.sides(x)
        for cells, *sides in zip(x.grid, before, after, strict=True):
            cropped = -sum(min(side, 0) for side in sides)
            if cropped >= cells:
                raise OpFault(
                    "E0404",
                    f"cropping {cropped} of {cells} cells leaves nothing",
                    expected=f"at most {cells - 1}",
                    argument="amounts",
                )
        return FeatureMap(x.channels, tuple(map(sum, zip(x.grid, before, after, strict=True))))

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """`cells + before + after`."""
        (x,) = inputs
        amounts = [side[axis - 1] for side in self.sides(x)] if axis else []
        signs = (f" {'-' if amount < 0 else '+'} {abs(amount)}" for amount in amounts if amount)
        return f"{x.dims[axis]}{''.join(signs)}" if sum(amounts) else None

    def reads(self, x: FeatureMap) -> tuple[Reach, ...]:
        """The same cells, counted from the new border."""
        before, _ = self.sides(x)
        return tuple(Reach(first=Fraction(-amount), last=Fraction(-amount)) for amount in before)

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`F.pad`."""
        (x,) = inputs
        pads = torch_pads(*self.sides(x.map))
        return torch.functional("F.pad", x.value, pads, value=self.value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Pad`."""
        (x,) = inputs
        before, after = self.sides(x.map)
        pads = onnx.constant((0, 0, *before, 0, 0, *after), "int64")
        return onnx.node("Pad", x.value, pads, onnx.constant(float(self.value), "float"))

    def label(self) -> str:
        """`pad 1`, or `pad [0, 1, 0, 1]`."""
        return f"pad {show_value(self.amounts)}"

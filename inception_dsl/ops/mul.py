"""Branches multiplied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, OpFault, V
from inception_dsl.ir.types import FeatureMap

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Mul"]


@dataclass(frozen=True)
class Mul(Op):
    """Branches multiplied, number by number; a grid of one cell gates a whole channel.

    Shape:  C x grid, C x 1x1, ... -> C x grid
    Raises: OpFault if the channels differ, or grids of more than one cell do.
    Source: Hu et al., 2017, "Squeeze-and-excitation networks", section 3.2; ONNX `Mul`.
    """

    name: ClassVar[str] = "mul"
    kind: ClassVar[Kind] = "combine"
    combines: ClassVar[bool] = True
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("mul", ("3x4x5", "3x4x5"), "3x4x5"),
        Example("mul", ("3x4x5", "3x4x5", "3x4x5"), "3x4x5"),
        Example("mul", ("3x4x5", "3x1x1"), "3x4x5"),
        Example("mul", ("3x1x1", "3x4x5"), "3x4x5"),
        Example("mul", ("3x1x1", "3x1x1"), "3x1x1"),
        Example("mul", ("4x9", "4x1"), "4x9"),
        Example("mul", ("2x3x4x5", "2x3x4x5"), "2x3x4x5"),
        Example("mul", ("16", "16"), "16"),
        Example("mul", ("16",), "16"),
    )

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The shape of the largest, when every other is the same or has one cell."""
        largest = max(inputs, key=lambda x: x.size)
        for port, x in enumerate(inputs):
            if x not in (largest, FeatureMap(largest.channels, (1,) * largest.rank)):
                raise OpFault(
                    "E0403",
                    f"cannot multiply {largest} by {x}",
                    expected="the same channels, and on the same grid or one cell",
                    operand=port,
                    help="keep the grid of a gate: `global_avg_pool(keep=true)`"
                    if largest.rank and not x.rank
                    else None,
                )
        return largest

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """Passed on from the operand that has the grid."""
        return None

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`a * b`."""
        first, *others = (x.value for x in inputs)
        return reduce(lambda product, x: torch.binary("*", product, x), others, first)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Mul`, once for each branch after the first."""
        first, *others = (x.value for x in inputs)
        return reduce(lambda product, x: onnx.node("Mul", product, x), others, first)

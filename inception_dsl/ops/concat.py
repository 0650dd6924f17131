"""Branches joined on channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, OpFault, V
from inception_dsl.ir.types import FeatureMap
from inception_dsl.ops._arguments import show_grid

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Concat"]


@dataclass(frozen=True)
class Concat(Op):
    """Branches joined on channels, in their order.

    Shape:  C1 x grid, C2 x grid, ... -> C1 + C2 + ... x grid
    Raises: OpFault if the grids differ.
    Source: Szegedy et al., 2014, "Going deeper with convolutions", figure 2; ONNX `Concat`.
    """

    name: ClassVar[str] = "concat"
    kind: ClassVar[Kind] = "combine"
    combines: ClassVar[bool] = True
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("concat", ("3x4x5", "2x4x5"), "5x4x5"),
        Example("concat", ("3x4x5", "2x4x5", "1x4x5"), "6x4x5"),
        Example("concat", ("3x9", "4x9"), "7x9"),
        Example("concat", ("2x3x4x5", "2x3x4x5"), "4x3x4x5"),
        Example("concat", ("16", "3"), "19"),
        Example("concat", ("3x4x5",), "3x4x5"),
    )

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The sum of the channels, on the grid that all share."""
        first = inputs[0]
        for port, x in enumerate(inputs):
            if x.grid != first.grid:
                raise OpFault(
                    "E0402",
                    f"cannot join {show_grid(first)} with {show_grid(x)}",
                    expected="the same grid: use the same strides, and windows with `padding=same`",
                    operand=port,
                )
        return FeatureMap(sum(x.channels for x in inputs), first.grid)

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """`64 + 64 + 96 + 32` for the channels."""
        return None if axis else " + ".join(str(x.channels) for x in inputs)

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`torch.cat([a, b], dim=1)`."""
        if len(inputs) == 1:
            return inputs[0].value
        return torch.functional("torch.cat", [x.value for x in inputs], dim=1)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Concat`."""
        return onnx.node("Concat", *(x.value for x in inputs), axis=1)

"""A grid as a vector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, V
from inception_dsl.ir.types import FeatureMap

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Flatten"]


@dataclass(frozen=True)
class Flatten(Op):
    """A grid as a vector, channel by channel, each row by row.

    Shape:  C x grid -> C * prod(grid)
    Source: PyTorch `flatten`; ONNX `Flatten`.
    """

    name: ClassVar[str] = "flatten"
    kind: ClassVar[Kind] = "shape"
    view: ClassVar[bool] = True
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("flatten()", "3x4x5", "60"),
        Example("flatten()", "4x9", "36"),
        Example("flatten()", "2x3x4x5", "120"),
        Example("flatten()", "16", "16"),
    )

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """A vector of all numbers."""
        return FeatureMap(inputs[0].size)

    def reads(self, x: FeatureMap) -> None:
        """A vector has no cells of its own: each number may come from any."""

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """`channels * height * width`."""
        (x,) = inputs
        return " * ".join(map(str, x.dims)) if x.rank else None

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`x.flatten(1)`."""
        return torch.method(inputs[0].value, "flatten", 1)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Flatten`."""
        return onnx.node("Flatten", inputs[0].value, axis=1)

"""Multiplication by a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V
from inception_dsl.ops._arguments import require_finite

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Scale"]


@dataclass(frozen=True)
class Scale(Op):
    """`factor * x`.

    Shape:  unchanged
    Raises: OpFault if the factor is not finite.
    Source: Szegedy et al., 2016, "Inception-v4", section 3.3 (scaling of the residuals).
    """

    name: ClassVar[str] = "scale"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("scale(0.17)", "3x4x5", "3x4x5"),
        Example("scale(-2)", "16", "16"),
        Example("scale(factor=0.5)", "4x9", "4x9"),
    )

    factor: float

    def __post_init__(self) -> None:
        require_finite(factor=self.factor)

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`x * factor`."""
        return torch.binary("*", inputs[0].value, self.factor)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Mul` by a constant."""
        return onnx.node("Mul", inputs[0].value, onnx.constant(self.factor, "float"))

    def label(self) -> str:
        """`scale 0.17`."""
        return f"scale {self.factor:.6g}"

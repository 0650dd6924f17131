"""Sigmoid linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Silu"]


@dataclass(frozen=True)
class Silu(Op):
    """`x * sigmoid(x)`.

    Shape:  unchanged
    Source: PyTorch `nn.SiLU`.
    """

    name: ClassVar[str] = "silu"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("silu()", "3x4x5", "3x4x5"),
        Example("silu()", "4x9", "4x9"),
        Example("silu()", "2x3x4x5", "2x3x4x5"),
        Example("silu()", "16", "16"),
    )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.SiLU`."""
        return torch.call(torch.module("nn.SiLU"), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Sigmoid` and `Mul`."""
        x = inputs[0].value
        return onnx.node("Mul", x, onnx.node("Sigmoid", x))

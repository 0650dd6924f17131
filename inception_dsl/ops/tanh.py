"""Hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Tanh"]


@dataclass(frozen=True)
class Tanh(Op):
    """`tanh(x)`.

    Shape:  unchanged
    Source: PyTorch `nn.Tanh`; ONNX `Tanh`.
    """

    name: ClassVar[str] = "tanh"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("tanh()", "3x4x5", "3x4x5"),
        Example("tanh()", "4x9", "4x9"),
        Example("tanh()", "2x3x4x5", "2x3x4x5"),
        Example("tanh()", "16", "16"),
    )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.Tanh`."""
        return torch.call(torch.module("nn.Tanh"), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Tanh`."""
        return onnx.node("Tanh", inputs[0].value)

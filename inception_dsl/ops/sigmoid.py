"""Logistic function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Sigmoid"]


@dataclass(frozen=True)
class Sigmoid(Op):
    """`1 / (1 + exp(-x))`.

    Shape:  unchanged
    Source: PyTorch `nn.Sigmoid`; ONNX `Sigmoid`.
    """

    name: ClassVar[str] = "sigmoid"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("sigmoid()", "3x4x5", "3x4x5"),
        Example("sigmoid()", "4x9", "4x9"),
        Example("sigmoid()", "2x3x4x5", "2x3x4x5"),
        Example("sigmoid()", "16", "16"),
    )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.Sigmoid`."""
        return torch.call(torch.module("nn.Sigmoid"), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Sigmoid`."""
        return onnx.node("Sigmoid", inputs[0].value)

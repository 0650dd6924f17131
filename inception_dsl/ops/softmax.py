"""Softmax over the channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Softmax"]


@dataclass(frozen=True)
class Softmax(Op):
    """`exp(x) / sum(exp(x))` over the channels of each cell.

    Shape:  unchanged
    Source: PyTorch `nn.Softmax`; ONNX `Softmax`.
    """

    name: ClassVar[str] = "softmax"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("softmax()", "3x4x5", "3x4x5"),
        Example("softmax()", "4x9", "4x9"),
        Example("softmax()", "2x3x4x5", "2x3x4x5"),
        Example("softmax()", "16", "16"),
    )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.Softmax`."""
        return torch.call(torch.module("nn.Softmax", dim=1), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Softmax`."""
        return onnx.node("Softmax", inputs[0].value, axis=1)

"""Rectified linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Relu"]


@dataclass(frozen=True)
class Relu(Op):
    """`max(x, 0)`.

    Shape:  unchanged
    Source: PyTorch `nn.ReLU`; ONNX `Relu`.
    """

    name: ClassVar[str] = "relu"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("relu()", "3x4x5", "3x4x5"),
        Example("relu()", "4x9", "4x9"),
        Example("relu()", "2x3x4x5", "2x3x4x5"),
        Example("relu()", "16", "16"),
    )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.ReLU`."""
        return torch.call(torch.module("nn.ReLU"), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Relu`."""
        return onnx.node("Relu", inputs[0].value)

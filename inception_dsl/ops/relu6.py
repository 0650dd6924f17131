"""Rectified linear unit with a ceiling of six."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Relu6"]


@dataclass(frozen=True)
class Relu6(Op):
    """`min(max(x, 0), 6)`.

    Shape:  unchanged
    Source: Krizhevsky, 2010, "Convolutional deep belief networks on CIFAR-10"; PyTorch `nn.ReLU6`.
    """

    name: ClassVar[str] = "relu6"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("relu6()", "3x4x5", "3x4x5"),
        Example("relu6()", "4x9", "4x9"),
        Example("relu6()", "2x3x4x5", "2x3x4x5"),
        Example("relu6()", "16", "16"),
    )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.ReLU6`."""
        return torch.call(torch.module("nn.ReLU6"), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Clip` to 0 and 6."""
        low, high = onnx.constant(0.0, "float"), onnx.constant(6.0, "float")
        return onnx.node("Clip", inputs[0].value, low, high)

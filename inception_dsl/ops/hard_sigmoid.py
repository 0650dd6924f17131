"""Logistic function in three straight pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["HardSigmoid"]


@dataclass(frozen=True)
class HardSigmoid(Op):
    """`relu6(x + 3) / 6`.

    Shape:  unchanged
    Source: Howard et al., 2019, "Searching for MobileNetV3"; PyTorch `nn.Hardsigmoid`.
    """

    name: ClassVar[str] = "hard_sigmoid"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("hard_sigmoid()", "3x4x5", "3x4x5"),
        Example("hard_sigmoid()", "4x9", "4x9"),
        Example("hard_sigmoid()", "2x3x4x5", "2x3x4x5"),
        Example("hard_sigmoid()", "16", "16"),
    )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.Hardsigmoid`."""
        return torch.call(torch.module("nn.Hardsigmoid"), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`HardSigmoid`."""
        return onnx.node("HardSigmoid", inputs[0].value, alpha=1 / 6, beta=0.5)

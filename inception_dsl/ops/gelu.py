"""Gaussian error linear unit."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Gelu"]


@dataclass(frozen=True)
class Gelu(Op):
    """`x * (1 + erf(x / sqrt(2))) / 2`, exact, without the tanh approximation.

    Shape:  unchanged
    Source: Hendrycks and Gimpel, 2016, "Gaussian error linear units"; PyTorch `nn.GELU`.
    """

    name: ClassVar[str] = "gelu"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("gelu()", "3x4x5", "3x4x5"),
        Example("gelu()", "4x9", "4x9"),
        Example("gelu()", "2x3x4x5", "2x3x4x5"),
        Example("gelu()", "16", "16"),
    )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.GELU`."""
        return torch.call(torch.module("nn.GELU"), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Gelu`, spelt out through `Erf` before opset 20."""
        x = inputs[0].value
        if onnx.opset >= 20:
            return onnx.node("Gelu", x)
        erf = onnx.node("Erf", onnx.node("Mul", x, onnx.constant(sqrt(0.5), "float")))
        half = onnx.node("Mul", x, onnx.constant(0.5, "float"))
        return onnx.node("Mul", half, onnx.node("Add", erf, onnx.constant(1.0, "float")))

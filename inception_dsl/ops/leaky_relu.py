"""Rectified linear unit that keeps a slope below zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V
from inception_dsl.ops._arguments import require_finite

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["LeakyRelu"]


@dataclass(frozen=True)
class LeakyRelu(Op):
    """`x` above zero, `slope * x` below.

    Shape:  unchanged
    Raises: OpFault if the slope is not finite.
    Source: PyTorch `nn.LeakyReLU`; ONNX `LeakyRelu`.
    """

    name: ClassVar[str] = "leaky_relu"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("leaky_relu()", "3x4x5", "3x4x5"),
        Example("leaky_relu(0.2)", "4x9", "4x9"),
        Example("leaky_relu(slope=0.3)", "16", "16"),
    )

    slope: float = 0.01

    def __post_init__(self) -> None:
        require_finite(slope=self.slope)

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.LeakyReLU`."""
        return torch.call(torch.module("nn.LeakyReLU", negative_slope=self.slope), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`LeakyRelu`."""
        return onnx.node("LeakyRelu", inputs[0].value, alpha=float(self.slope))

    def label(self) -> str:
        """`leaky relu 0.2`."""
        return f"leaky relu {self.slope:.6g}"

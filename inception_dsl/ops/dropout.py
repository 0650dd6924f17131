"""Dropout: in training only, zero a random share of the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V
from inception_dsl.ops._arguments import require_within

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Dropout"]


@dataclass(frozen=True)
class Dropout(Op):
    """Zeroes each number with probability `rate` in training and scales the others up to make good.

    Shape:  unchanged
    Raises: OpFault if the rate is not from 0 to 1.
    Source: Srivastava et al., 2014; PyTorch `nn.Dropout`.
    """

    name: ClassVar[str] = "dropout"
    view: ClassVar[bool] = True
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("dropout(0.4)", "16", "16"),
        Example("dropout(0)", "3x4x5", "3x4x5"),
        Example("dropout(rate=1)", "4x9", "4x9"),
    )

    rate: float

    def __post_init__(self) -> None:
        require_within(0, 1, rate=self.rate)

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.Dropout`."""
        return torch.call(torch.module("nn.Dropout", self.rate), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Identity`, which dropout is at inference."""
        return onnx.node("Identity", inputs[0].value)

    def label(self) -> str:
        """`dropout 0.4`."""
        return f"dropout {self.rate:.6g}"

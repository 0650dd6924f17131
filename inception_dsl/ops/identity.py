"""The operation that does nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Identity"]


@dataclass(frozen=True)
class Identity(Op):
    """`x`.

    Shape:  unchanged
    Source: PyTorch `nn.Identity`; ONNX `Identity`.
    """

    name: ClassVar[str] = "identity"
    view: ClassVar[bool] = True
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("identity()", "3x4x5", "3x4x5"),
        Example("identity()", "4x9", "4x9"),
        Example("identity()", "2x3x4x5", "2x3x4x5"),
        Example("identity()", "16", "16"),
    )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.Identity`."""
        return torch.call(torch.module("nn.Identity"), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Identity`."""
        return onnx.node("Identity", inputs[0].value)

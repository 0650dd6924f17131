"""SiLU with a straight-line sigmoid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Op, V

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["HardSwish"]


@dataclass(frozen=True)
class HardSwish(Op):
    """`x * relu6(x + 3) / 6`.

    Shape:  unchanged
    Source: Howard et al., 2019, "Searching for MobileNetV3"; PyTorch `nn.Hardswish`.
    """

    name: ClassVar[str] = "hard_swish"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("hard_swish()", "3x4x5", "3x4x5"),
        Example("hard_swish()", "4x9", "4x9"),
        Example("hard_swish()", "2x3x4x5", "2x3x4x5"),
        Example("hard_swish()", "16", "16"),
    )

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.Hardswish`."""
        return torch.call(torch.module("nn.Hardswish"), inputs[0].value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`HardSwish`."""
        return onnx.node("HardSwish", inputs[0].value)

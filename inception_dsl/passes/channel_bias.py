"""A bias that stands by itself: what is left of a convolution's when a pass moves it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Op, V
from inception_dsl.ir.types import FeatureMap, Parameter

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["ChannelBias"]


@dataclass(frozen=True)
class ChannelBias(Op):
    """`x + bias`, one number per channel. Passes make it; a spec cannot call it.

    Shape:  unchanged
    """

    name: ClassVar[str] = "channel_bias"

    def parameters(self, x: FeatureMap) -> dict[str, Parameter]:
        """`bias`, shaped to be added: `C x 1 x 1`."""
        return {"bias": Parameter((x.channels, *(1,) * x.rank), "bias")}

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`ChannelBias`, a module of our own."""
        (x,) = inputs
        return torch.call(torch.module("ChannelBias", x.map.channels, x.map.rank), x.value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Add`."""
        return onnx.node("Add", inputs[0].value, onnx.parameter("bias"))

"""Layer normalisation over the channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, V
from inception_dsl.ir.types import FeatureMap, Parameter
from inception_dsl.ops._arguments import require_positive

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["LayerNorm"]


@dataclass(frozen=True)
class LayerNorm(Op):
    """Normalisation over the channels of each cell, with a gain and a shift per channel.

    Shape:  unchanged
    Raises: OpFault if eps is not above 0.
    Source: Ba et al., 2016, "Layer normalization"; PyTorch `nn.LayerNorm`.
    """

    name: ClassVar[str] = "layer_norm"
    kind: ClassVar[Kind] = "norm"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("layer_norm()", "8x4x5", "8x4x5"),
        Example("layer_norm(eps=0.1)", "8x4x5", "8x4x5"),
        Example("layer_norm()", "8x9", "8x9"),
        Example("layer_norm()", "8x3x4x5", "8x3x4x5"),
        Example("layer_norm()", "16", "16"),
    )

    eps: float = 1e-5

    def __post_init__(self) -> None:
        require_positive(eps=self.eps)

    def parameters(self, x: FeatureMap) -> dict[str, Parameter]:
        """`weight` and `bias`."""
        shape = (x.channels,)
        return {"weight": Parameter(shape, "gamma"), "bias": Parameter(shape, "beta")}

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.LayerNorm`, with the channels moved behind the grid and back."""
        (x,) = inputs
        norm = torch.module("nn.LayerNorm", x.map.channels, eps=self.eps)
        if not x.map.rank:
            return torch.call(norm, x.value)
        last = torch.method(x.value, "movedim", 1, -1)
        return torch.method(torch.call(norm, last), "movedim", -1, 1)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`LayerNormalization`, with the channels moved behind the grid and back."""
        (x,) = inputs
        rank, value = x.map.rank, x.value
        if rank:
            value = onnx.node("Transpose", value, perm=(0, *range(2, rank + 2), 1))
        arrays = onnx.parameter("weight"), onnx.parameter("bias")
        value = onnx.node("LayerNormalization", value, *arrays, axis=-1, epsilon=float(self.eps))
        if rank:
            value = onnx.node("Transpose", value, perm=(0, rank + 1, *range(1, rank + 1)))
        return value

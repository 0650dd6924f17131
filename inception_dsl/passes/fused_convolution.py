"""Convolution, an addend and ReLU as one node: what engines have one kernel for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Kind, Op, V
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import FeatureMap, Parameter
from inception_dsl.ops.conv2d import Conv2d
from inception_dsl.ops.depthwise_conv2d import DepthwiseConv2d

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["FusedConvolution", "as_fused"]


@dataclass(frozen=True)
class FusedConvolution(Op):
    """`relu(convolution(x) + addend)`; the addend is there where a second operand is, the ReLU
    where `relu` says so.

    Passes make it; a spec cannot call it. Without an engine it lowers to its parts.

    Shape:  that of the convolution
    """

    name: ClassVar[str] = "fused_convolution"
    kind: ClassVar[Kind] = "convolution"

    convolution: Conv2d
    relu: bool = False

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """What the convolution gives, which is also the addend's shape."""
        x, *addends = inputs
        out = self.convolution.infer(x)
        assert len(addends) < 2, "a convolution takes one addend"
        assert all(addend == out for addend in addends), f"{addends[0]} is added to {out}"
        return out

    def parameters(self, x: FeatureMap) -> dict[str, Parameter]:
        """Those of the convolution."""
        return self.convolution.parameters(x)

    def macs(self, x: FeatureMap) -> int:
        """Those of the convolution."""
        return self.convolution.macs(x)

    def reads(self, x: FeatureMap) -> tuple[Reach, ...]:
        """The cells of each window."""
        return self.convolution.reads(x)

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`F.relu(self.conv2d(x) + addend)`."""
        x, *addends = inputs
        value = self.convolution.to_torch(torch, x)
        for addend in addends:
            value = torch.binary("+", addend.value, value)
        return torch.functional("F.relu", value) if self.relu else value

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Conv`, `Add`, `Relu`."""
        x, *addends = inputs
        value = self.convolution.to_onnx(onnx, x)
        for addend in addends:
            value = onnx.node("Add", addend.value, value)
        return onnx.node("Relu", value) if self.relu else value

    def label(self) -> str:
        """`conv 3x3, 64 + relu`."""
        return self.convolution.label() + (" + relu" if self.relu else "")


def as_fused(op: Op, maps: tuple[FeatureMap, ...]) -> FusedConvolution | None:
    """A 2-D convolution as one that is still to be fused with something; None for all else."""
    if isinstance(op, DepthwiseConv2d):
        op = op.grouped(maps[0].channels)
    if isinstance(op, Conv2d):
        return FusedConvolution(op)
    return op if isinstance(op, FusedConvolution) else None

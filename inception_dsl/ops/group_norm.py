"""Group normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, OpFault, V
from inception_dsl.ir.types import FeatureMap, Parameter
from inception_dsl.ops._arguments import (
    describe,
    require_at_least,
    require_divides,
    require_positive,
)

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["GroupNorm"]


@dataclass(frozen=True)
class GroupNorm(Op):
    """Normalisation over groups of channels and the grid, with a gain and a shift per channel.

    Shape:  unchanged
    Raises: OpFault if `groups` does not divide C, or leaves each group a single number.
    Source: Wu and He, 2018, "Group normalization"; PyTorch `nn.GroupNorm`.
    """

    name: ClassVar[str] = "group_norm"
    kind: ClassVar[Kind] = "norm"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("group_norm(2)", "8x4x5", "8x4x5"),
        Example("group_norm(8, eps=0.1)", "8x4x5", "8x4x5"),
        Example("group_norm(1)", "8x9", "8x9"),
        Example("group_norm(4)", "8x3x4x5", "8x3x4x5"),
        Example("group_norm(4)", "16", "16"),
    )

    groups: int
    eps: float = 1e-5

    def __post_init__(self) -> None:
        require_at_least(1, groups=self.groups)
        require_positive(eps=self.eps)

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """Unchanged."""
        (x,) = inputs
        require_divides(self.groups, x)
        if x.size == self.groups:
            raise OpFault(
                "E0405",
                f"{self.groups} groups of {describe(x)} have one number each",
                expected="groups of several: one number by itself is always normalised to 0",
                argument="groups",
            )
        return x

    def parameters(self, x: FeatureMap) -> dict[str, Parameter]:
        """`weight` and `bias`."""
        shape = (x.channels,)
        return {"weight": Parameter(shape, "gamma"), "bias": Parameter(shape, "beta")}

    def reads(self, x: FeatureMap) -> None:
        """Mean and variance are over the whole grid."""

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.GroupNorm`."""
        (x,) = inputs
        norm = torch.module("nn.GroupNorm", self.groups, x.map.channels, eps=self.eps)
        return torch.call(norm, x.value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`InstanceNormalization` of each group, then gain and shift.

        `GroupNormalization` has a gain per channel only since opset 21.
        """
        (x,) = inputs
        grouped = onnx.node("Reshape", x.value, onnx.constant((0, self.groups, -1), "int64"))
        ones = onnx.constant([1.0] * self.groups, "float")
        zeros = onnx.constant([0.0] * self.groups, "float")
        normal = onnx.node("InstanceNormalization", grouped, ones, zeros, epsilon=float(self.eps))
        normal = onnx.node("Reshape", normal, onnx.constant((0, *x.map.dims), "int64"))
        shape = onnx.constant((x.map.channels, *(1,) * x.map.rank), "int64")
        gain = onnx.node("Reshape", onnx.parameter("weight"), shape)
        shift = onnx.node("Reshape", onnx.parameter("bias"), shape)
        return onnx.node("Add", onnx.node("Mul", normal, gain), shift)

    def label(self) -> str:
        """`group norm 8`."""
        return f"group norm {self.groups}"

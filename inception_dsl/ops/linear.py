"""Fully connected layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, OpFault, V
from inception_dsl.ir.types import FeatureMap, Parameter
from inception_dsl.ops._arguments import describe, require_at_least

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Linear"]


@dataclass(frozen=True)
class Linear(Op):
    """Fully connected layer: `weight @ x + bias`.

    Shape:  C -> features
    Raises: OpFault if the input is a grid.
    Source: PyTorch `nn.Linear`; ONNX `Gemm`.
    """

    name: ClassVar[str] = "linear"
    kind: ClassVar[Kind] = "linear"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("linear(10)", "16", "10"),
        Example("linear(7, bias=false)", "5", "7"),
    )

    features: int
    bias: bool = True

    def __post_init__(self) -> None:
        require_at_least(1, features=self.features)

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """A vector of `features`."""
        (x,) = inputs
        if x.rank:
            raise OpFault(
                "E0401",
                f"the input of `linear` is {describe(x)}",
                expected="a vector",
                help=f"put `flatten()` ({x.size} numbers) or `global_avg_pool()` "
                f"({x.channels}) before it",
            )
        return FeatureMap(self.features)

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """Nothing but `features`."""
        return ""

    def parameters(self, x: FeatureMap) -> dict[str, Parameter]:
        """`weight` of `features x C`, and `bias`."""
        found = {"weight": Parameter((self.features, x.channels), "weight", x.channels)}
        if self.bias:
            found["bias"] = Parameter((self.features,), "bias")
        return found

    def macs(self, x: FeatureMap) -> int:
        """Each feature is a sum of C products."""
        return self.features * x.channels

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.Linear`."""
        (x,) = inputs
        linear = torch.module("nn.Linear", x.map.channels, self.features, bias=self.bias)
        return torch.call(linear, x.value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Gemm`."""
        (x,) = inputs
        arrays = (onnx.parameter(name) for name in self.parameters(x.map))
        return onnx.node("Gemm", x.value, *arrays, transB=1)

    def label(self) -> str:
        """`linear 1000`."""
        return f"linear {self.features}"

"""Local response normalisation across channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, V
from inception_dsl.ir.types import FeatureMap
from inception_dsl.ops._arguments import (
    out_of_range,
    require_at_least,
    require_finite,
    require_positive,
    require_rank,
    require_within,
)

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Lrn"]


@dataclass(frozen=True)
class Lrn(Op):
    """Divides by the energy of the nearest channels: `x * (k + alpha / size * sum(x^2)) ^ -beta`.

    Shape:  unchanged
    Raises: OpFault if the input is no 2-D grid (ONNX Runtime has no other), or `size` is even.
    Source: Krizhevsky et al., 2012, section 3.3; PyTorch `nn.LocalResponseNorm`; ONNX `LRN`.
    """

    name: ClassVar[str] = "lrn"
    kind: ClassVar[Kind] = "norm"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("lrn(5)", "8x4x5", "8x4x5"),
        Example("lrn(3, alpha=0.1, beta=0.5, k=2)", "2x4x5", "2x4x5"),
        Example("lrn(1, alpha=0.5)", "3x4x5", "3x4x5"),
    )

    size: int
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 1

    def __post_init__(self) -> None:
        require_at_least(1, size=self.size)
        require_within(0, float("inf"), alpha=self.alpha)
        require_finite(alpha=self.alpha, beta=self.beta)
        require_positive(k=self.k)
        if self.size % 2 == 0:
            # PyTorch and ONNX put the odd channel of an even window on different sides.
            raise out_of_range("size", self.size, "an odd number of channels")

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """Unchanged."""
        require_rank(self.name, inputs[0], 2)
        return inputs[0]

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.LocalResponseNorm`."""
        return torch.call(
            torch.module(
                "nn.LocalResponseNorm", self.size, alpha=self.alpha, beta=self.beta, k=self.k
            ),
            inputs[0].value,
        )

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`LRN`."""
        return onnx.node(
            "LRN",
            inputs[0].value,
            size=self.size,
            alpha=float(self.alpha),
            beta=float(self.beta),
            bias=float(self.k),
        )

    def label(self) -> str:
        """`lrn 5`."""
        return f"lrn {self.size}"

"""What pools over the whole grid share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Kind, Op, V
from inception_dsl.ir.types import FeatureMap
from inception_dsl.ops._arguments import require_grid

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["GlobalPool"]


@dataclass(frozen=True)
class GlobalPool(Op):
    """One number per channel, from all cells of the grid.

    Shape:  C x grid -> C, or with `keep` C x 1x1
    Raises: OpFault if the input is a vector.
    """

    kind: ClassVar[Kind] = "pool"
    torch_method: ClassVar[str] = ""
    onnx_type: ClassVar[str] = ""

    keep: bool = False

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """A vector, or a grid of one cell."""
        (x,) = inputs
        require_grid(self.name, x)
        return FeatureMap(x.channels, (1,) * x.rank if self.keep else ())

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """Nothing but `keep`; the channels are passed on."""
        return "" if axis else None

    def reads(self, x: FeatureMap) -> None:
        """All cells."""

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`x.mean((2, 3))` or `x.amax((2, 3))`."""
        (x,) = inputs
        axes = tuple(range(2, 2 + x.map.rank))
        return torch.method(x.value, self.torch_method, axes, keepdim=self.keep)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`GlobalAveragePool` or `GlobalMaxPool`, and `Flatten` unless kept."""
        pooled = onnx.node(self.onnx_type, inputs[0].value)
        return pooled if self.keep else onnx.node("Flatten", pooled, axis=1)

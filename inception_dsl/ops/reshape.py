"""The same numbers on another shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, OpFault, V
from inception_dsl.ir.types import FeatureMap, Shape
from inception_dsl.ops._arguments import require_at_least
from inception_dsl.ops._window import show_size

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Reshape"]


@dataclass(frozen=True)
class Reshape(Op):
    """The same numbers, in the same order, on another shape.

    Shape:  C x grid -> shape, `[C, h, w]` or `[n]`
    Raises: OpFault if the shape holds another count of numbers.
    Source: PyTorch `reshape`; ONNX `Reshape`.
    """

    name: ClassVar[str] = "reshape"
    kind: ClassVar[Kind] = "shape"
    view: ClassVar[bool] = True
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("reshape([3, 4, 5])", "60", "3x4x5"),
        Example("reshape([60])", "3x4x5", "60"),
        Example("reshape([6, 10])", "3x4x5", "6x10"),
        Example("reshape([2, 3, 2, 5])", "3x4x5", "2x3x2x5"),
    )

    shape: Shape

    def __post_init__(self) -> None:
        require_at_least(1, shape=self.shape)

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The shape asked for."""
        (x,) = inputs
        result = FeatureMap(self.shape[0], tuple(self.shape[1:]))
        if result.size != x.size:
            raise OpFault(
                "E0406",
                f"{result} has {result.size} numbers, the input, {x}, has {x.size}",
                expected=f"a shape of {x.size} numbers",
                argument="shape",
            )
        return result

    def reads(self, x: FeatureMap) -> None:
        """Numbers change their places, so each may come from any cell."""

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`x.reshape(-1, C, h, w)`."""
        return torch.method(inputs[0].value, "reshape", -1, *self.shape)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Reshape`."""
        return onnx.node("Reshape", inputs[0].value, onnx.constant((0, *self.shape), "int64"))

    def label(self) -> str:
        """`reshape 3x4x5`."""
        return f"reshape {show_size(self.shape)}"

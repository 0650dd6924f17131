"""A range of channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, OpFault, V
from inception_dsl.ir.types import FeatureMap
from inception_dsl.ops._arguments import out_of_range, require_at_least

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Slice"]


@dataclass(frozen=True)
class Slice(Op):
    """The channels from `start` to `stop`, which is left out.

    Shape:  C x grid -> stop - start x grid
    Raises: OpFault if the range is empty, or reaches past the input's channels.
    Source: Python's slices; ONNX `Slice`.
    """

    name: ClassVar[str] = "slice"
    kind: ClassVar[Kind] = "shape"
    view: ClassVar[bool] = True
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("slice(0, 3)", "8x4x5", "3x4x5"),
        Example("slice(3, 8)", "8x4x5", "5x4x5"),
        Example("slice(start=2, stop=3)", "4x9", "1x9"),
        Example("slice(1, 2)", "2x3x4x5", "1x3x4x5"),
        Example("slice(5, 16)", "16", "11"),
    )

    start: int
    stop: int

    def __post_init__(self) -> None:
        require_at_least(0, start=self.start)
        if self.stop <= self.start:
            raise out_of_range("stop", self.stop, f"more than `start`, {self.start}")

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The channels in the range."""
        (x,) = inputs
        if self.stop > x.channels:
            raise OpFault(
                "E0409",
                f"channels {self.start} to {self.stop} of an input with {x.channels}",
                expected=f"`stop` of at most {x.channels}",
                argument="stop",
            )
        return FeatureMap(self.stop - self.start, x.grid)

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """`stop - start` for the channels."""
        return None if axis else f"{self.stop} - {self.start}"

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`x[:, start:stop]`."""
        return torch.subscript(inputs[0].value, (slice(None), slice(self.start, self.stop)))

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Slice`."""
        start, stop, axis = (onnx.constant((n,), "int64") for n in (self.start, self.stop, 1))
        return onnx.node("Slice", inputs[0].value, start, stop, axis)

    def label(self) -> str:
        """`slice 0:32`."""
        return f"slice {self.start}:{self.stop}"

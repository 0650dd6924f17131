"""Channels dealt out across groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, V
from inception_dsl.ir.types import FeatureMap
from inception_dsl.ops._arguments import require_at_least, require_divides

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["ChannelShuffle"]


@dataclass(frozen=True)
class ChannelShuffle(Op):
    """Channels dealt out anew: the first of every group, then the second of every group, and on.

    Shape:  unchanged
    Raises: OpFault if `groups` does not divide C.
    Source: Zhang et al., 2017, "ShuffleNet", section 3.1; PyTorch `nn.ChannelShuffle`.
    """

    name: ClassVar[str] = "channel_shuffle"
    kind: ClassVar[Kind] = "shape"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("channel_shuffle(2)", "6x4x5", "6x4x5"),
        Example("channel_shuffle(3)", "6x9", "6x9"),
        Example("channel_shuffle(6)", "6x3x4x5", "6x3x4x5"),
        Example("channel_shuffle(4)", "16", "16"),
    )

    groups: int

    def __post_init__(self) -> None:
        require_at_least(1, groups=self.groups)

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """Unchanged."""
        require_divides(self.groups, inputs[0])
        return inputs[0]

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`x.unflatten(1, (groups, -1)).transpose(1, 2).flatten(1, 2)`."""
        grouped = torch.method(inputs[0].value, "unflatten", 1, (self.groups, -1))
        return torch.method(torch.method(grouped, "transpose", 1, 2), "flatten", 1, 2)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Reshape`, `Transpose`, `Reshape`."""
        (x,) = inputs
        members = x.map.channels // self.groups
        shape = onnx.constant((0, self.groups, members, *x.map.grid), "int64")
        grouped = onnx.node("Reshape", x.value, shape)
        dealt = onnx.node("Transpose", grouped, perm=(0, 2, 1, *range(3, 3 + x.map.rank)))
        return onnx.node("Reshape", dealt, onnx.constant((0, *x.map.dims), "int64"))

    def label(self) -> str:
        """`channel shuffle 2`."""
        return f"channel shuffle {self.groups}"

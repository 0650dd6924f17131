"""Batch normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, V
from inception_dsl.ir.types import FeatureMap, Parameter
from inception_dsl.ops._arguments import require_positive, require_within

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["BatchNorm"]


@dataclass(frozen=True)
class BatchNorm(Op):
    """Batch normalisation: statistics per channel, over the batch and the grid.

    `(x - mean) / sqrt(variance + eps) * weight + bias`; `scale` says whether there is a gain
    (`weight`), `center` whether there is a shift (`bias`). `momentum` is the weight of the new
    batch in the running statistics, as in PyTorch.

    Shape:  unchanged
    Raises: OpFault if eps is not above 0, or momentum is not from 0 to 1.
    Source: Ioffe and Szegedy, 2015, "Batch normalization"; PyTorch `nn.BatchNorm2d`.
    """

    name: ClassVar[str] = "batch_norm"
    kind: ClassVar[Kind] = "norm"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("batch_norm()", "4x6x5", "4x6x5"),
        Example("batch_norm(eps=1e-3, momentum=0.01)", "4x6x5", "4x6x5"),
        Example("batch_norm(scale=false)", "4x6x5", "4x6x5"),
        Example("batch_norm(center=false)", "4x6x5", "4x6x5"),
        Example("batch_norm(scale=false, center=false)", "4x6x5", "4x6x5"),
        Example("batch_norm()", "4x9", "4x9"),
        Example("batch_norm(scale=false, center=false)", "4x9", "4x9"),
        Example("batch_norm(eps=0.1)", "2x3x4x5", "2x3x4x5"),
        Example("batch_norm(scale=false)", "2x3x4x5", "2x3x4x5"),
        Example("batch_norm()", "16", "16"),
        Example("batch_norm(scale=false)", "16", "16"),
    )

    eps: float = 1e-5
    momentum: float = 0.1
    scale: bool = True
    center: bool = True

    def __post_init__(self) -> None:
        require_positive(eps=self.eps)
        require_within(0, 1, momentum=self.momentum)

    def parameters(self, x: FeatureMap) -> dict[str, Parameter]:
        """`weight` and `bias` as asked for, `running_mean` and `running_var`."""
        shape = (x.channels,)
        found: dict[str, Parameter] = {}
        if self.scale:
            found["weight"] = Parameter(shape, "gamma")
        if self.center:
            found["bias"] = Parameter(shape, "beta")
        found["running_mean"] = Parameter(shape, "mean")
        found["running_var"] = Parameter(shape, "variance")
        return found

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`nn.BatchNorm2d`, or our own `BatchNorm` for only one of gain and shift."""
        (x,) = inputs
        channels, numbers = x.map.channels, {"eps": self.eps, "momentum": self.momentum}
        if self.scale == self.center:
            name = f"nn.BatchNorm{max(x.map.rank, 1)}d"
            module = torch.module(name, channels, **numbers, affine=self.scale)
        else:
            affine = {"scale": self.scale, "center": self.center}
            module = torch.module("BatchNorm", channels, **numbers, **affine)
        return torch.call(module, x.value)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`BatchNormalization`; a missing gain or shift is a constant of ones or zeros."""
        (x,) = inputs
        channels = x.map.channels
        return onnx.node(
            "BatchNormalization",
            x.value,
            onnx.parameter("weight") if self.scale else onnx.constant([1.0] * channels, "float"),
            onnx.parameter("bias") if self.center else onnx.constant([0.0] * channels, "float"),
            onnx.parameter("running_mean"),
            onnx.parameter("running_var"),
            epsilon=float(self.eps),
        )

"""Normalisation to unit length."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, V
from inception_dsl.ops._arguments import require_positive

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["L2Normalize"]


@dataclass(frozen=True)
class L2Normalize(Op):
    """Each cell's channels scaled to length one: `x / sqrt(max(sum(x^2), eps))`.

    `eps` bounds the square of the length, as in TensorFlow; PyTorch's `F.normalize` bounds the
    length itself, by the root of this.

    Shape:  unchanged
    Raises: OpFault if eps is not above 0.
    Source: TensorFlow `tf.math.l2_normalize`; Schroff et al., 2015, "FaceNet", section 3.
    """

    name: ClassVar[str] = "l2_normalize"
    kind: ClassVar[Kind] = "norm"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("l2_normalize()", "16", "16"),
        Example("l2_normalize(eps=40)", "16", "16"),
        Example("l2_normalize()", "8x4x5", "8x4x5"),
        Example("l2_normalize(eps=9)", "8x9", "8x9"),
        Example("l2_normalize()", "2x3x4x5", "2x3x4x5"),
    )

    eps: float = 1e-10

    def __post_init__(self) -> None:
        require_positive(eps=self.eps)

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`F.normalize`."""
        return torch.functional("F.normalize", inputs[0].value, dim=1, eps=sqrt(self.eps))

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`ReduceL2`, `Max` and `Div`."""
        x = inputs[0].value
        length = onnx.node("ReduceL2", x, onnx.constant((1,), "int64"), keepdims=1)
        bounded = onnx.node("Max", length, onnx.constant(sqrt(self.eps), "float"))
        return onnx.node("Div", x, bounded)

"""Branches added."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, ClassVar

from inception_dsl.ir.op import Example, Kind, Op, OpFault, V
from inception_dsl.ir.types import FeatureMap

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = ["Add"]


@dataclass(frozen=True)
class Add(Op):
    """Branches added, number by number.

    Shape:  the shape that all branches have
    Raises: OpFault if the shapes differ.
    Source: He et al., 2015, "Deep residual learning"; ONNX `Add`.
    """

    name: ClassVar[str] = "add"
    kind: ClassVar[Kind] = "combine"
    combines: ClassVar[bool] = True
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("add", ("3x4x5", "3x4x5"), "3x4x5"),
        Example("add", ("3x4x5", "3x4x5", "3x4x5"), "3x4x5"),
        Example("add", ("4x9", "4x9"), "4x9"),
        Example("add", ("2x3x4x5", "2x3x4x5"), "2x3x4x5"),
        Example("add", ("16", "16"), "16"),
        Example("add", ("16",), "16"),
    )

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The shape that all branches have."""
        first = inputs[0]
        for port, x in enumerate(inputs):
            if x != first:
                raise OpFault(
                    "E0403",
                    f"cannot add {x} to {first}",
                    expected="the same channels and grid",
                    operand=port,
                )
        return first

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """`a + b`."""
        first, *others = (x.value for x in inputs)
        return reduce(lambda sum, x: torch.binary("+", sum, x), others, first)

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """`Add`, once for each branch after the first."""
        first, *others = (x.value for x in inputs)
        return reduce(lambda sum, x: onnx.node("Add", sum, x), others, first)

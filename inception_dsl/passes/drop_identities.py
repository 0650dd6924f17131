"""Drop what inference passes on unchanged."""

from __future__ import annotations

from inception_dsl.ir.op import Op
from inception_dsl.ir.types import FeatureMap
from inception_dsl.ops.dropout import Dropout
from inception_dsl.ops.identity import Identity
from inception_dsl.ops.pad import Pad
from inception_dsl.ops.scale import Scale
from inception_dsl.ops.slice import Slice
from inception_dsl.passes.rewrite import Rewrite

__all__ = ["drop_identities"]


def drop_identities(rewrite: Rewrite) -> None:
    """Drop dropout, `identity`, `scale(1)`, padding by nothing, whole slices, and combinations of
    one branch.

    Before:  flatten() -> dropout(0.4) -> linear(1000)
    After:   flatten() -> linear(1000)
    Because: at inference dropout(x) = x.
    """
    for node, op in rewrite.nodes(Op):
        maps = rewrite.graph.maps(node.path)
        if maps and _passes_on(op, maps) and not rewrite.keeps(node.path):
            rewrite.bypass(node.path)


def _passes_on(op: Op, maps: tuple[FeatureMap, ...]) -> bool:
    match op:
        case Dropout() | Identity():
            return True
        case Scale():
            return op.factor == 1
        case Pad():
            return not any(map(any, op.sides(maps[0])))
        case Slice():
            return (op.start, op.stop) == (0, maps[0].channels)
        case _:
            return op.combines and len(maps) == 1

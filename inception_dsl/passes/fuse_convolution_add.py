"""One node for a convolution and the addition behind it."""

from __future__ import annotations

from inception_dsl.ops.add import Add
from inception_dsl.passes.fused_convolution import as_fused
from inception_dsl.passes.rewrite import Rewrite

__all__ = ["fuse_convolution_add"]


def fuse_convolution_add(rewrite: Rewrite) -> None:
    """Make one node of a convolution and the sum of two that alone reads it.

    Before:  add { shortcut, conv2d(320, 1x1) }
    After:   fused_convolution: shortcut + conv2d(320, 1x1)
    Because: it is the same computation; engines add while they write the convolution's result.

    The addend must be there before the convolution: of two convolutions the later one takes the
    other as its addend.
    """
    order = {path: place for place, path in enumerate(rewrite.graph.root.nodes())}
    for add, _ in rewrite.nodes(Add):
        operands = rewrite.graph.operands(add.path)
        if len(set(operands)) != 2 or len(operands) != 2 or rewrite.keeps(add.path):
            continue
        addend, last = sorted(operands, key=order.__getitem__)
        fused = as_fused(rewrite.graph[last].op, rewrite.graph.maps(last))
        if fused is None or fused.relu or len(rewrite.graph.operands(last)) > 1:
            continue
        if rewrite.sole_reader(last) is not add:
            continue
        rewrite.change(last, fused, operands=(*rewrite.graph.operands(last), addend))
        rewrite.absorb(add.path, last)

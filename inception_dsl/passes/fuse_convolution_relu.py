"""One node for a convolution and the ReLU behind it."""

from __future__ import annotations

from dataclasses import replace

from inception_dsl.ops.relu import Relu
from inception_dsl.passes.fused_convolution import as_fused
from inception_dsl.passes.rewrite import Rewrite

__all__ = ["fuse_convolution_relu"]


def fuse_convolution_relu(rewrite: Rewrite) -> None:
    """Make one node of a convolution and the ReLU that alone reads it.

    Before:  conv2d(64, 3x3) -> relu()
    After:   fused_convolution: relu(conv2d(64, 3x3))
    Because: it is the same computation; engines have one kernel for it.
    """
    for relu, _ in rewrite.nodes(Relu):
        before = rewrite.operand(relu.path)
        fused = as_fused(before.op, rewrite.graph.maps(before.path))
        if fused is None or fused.relu or rewrite.keeps(relu.path):
            continue
        if rewrite.sole_reader(before.path) is not relu:
            continue
        rewrite.change(before.path, replace(fused, relu=True))
        rewrite.absorb(relu.path, before.path)

"""Fold a residual's scale into the layer that ends its branch."""

from __future__ import annotations

from inception_dsl.ir.weight import Times
from inception_dsl.ops.scale import Scale
from inception_dsl.passes.fold_batchnorm import is_weighted
from inception_dsl.passes.rewrite import Rewrite

__all__ = ["fold_scale"]


def fold_scale(rewrite: Rewrite) -> None:
    """Fold multiplication by a number into the convolution or linear layer that it alone reads.

    Before:  residual(scale=0.17) { ... -> conv2d(320, 1x1) }
    After:   residual { ... -> conv2d(320, 1x1) }
    Because: s * (w * x + b) = (s * w) * x + s * b
    Weights: w' = s * w;  b' = s * b
    """
    for scale, op in rewrite.nodes(Scale):
        before = rewrite.operand(scale.path)
        reader = rewrite.sole_reader(before.path)
        if not is_weighted(before.op) or reader is not scale or rewrite.keeps(scale.path):
            continue
        arrays = {name: rewrite.weight_if_any(before.path, name) for name in ("weight", "bias")}
        times = {name: array and Times(array, op.factor) for name, array in arrays.items()}
        rewrite.change(before.path, before.op, times)
        rewrite.absorb(scale.path, before.path)

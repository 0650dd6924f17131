"""Fold batch norm into the convolution or linear layer before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard

from inception_dsl.ir.op import Op
from inception_dsl.ir.weight import Gain, Scaled, Shift, Weight
from inception_dsl.ops._convolution import Convolution
from inception_dsl.ops.batch_norm import BatchNorm
from inception_dsl.ops.conv_transpose2d import ConvTranspose2d
from inception_dsl.ops.depthwise_conv2d import DepthwiseConv2d
from inception_dsl.ops.linear import Linear
from inception_dsl.passes.rewrite import Rewrite

__all__ = ["Weighted", "fold_batchnorm", "is_weighted"]

Weighted = Convolution | DepthwiseConv2d | ConvTranspose2d | Linear


def fold_batchnorm(rewrite: Rewrite) -> None:
    """Fold batch norm into the convolution or linear layer that it alone reads.

    Before:  conv2d(64, 3x3, bias=false) -> batch_norm(eps)
    After:   conv2d(64, 3x3)
    Because: gain * (w * x + b - mean) + beta = (gain * w) * x + (b - mean) * gain + beta
    Weights: gain = gamma / sqrt(variance + eps);  w' = gain * w;  b' = (b - mean) * gain + beta

    gamma is 1 and b, beta are 0 where the spec leaves them out.
    """
    for norm, op in rewrite.nodes(BatchNorm):
        before = rewrite.operand(norm.path)
        layer = before.op
        reader = rewrite.sole_reader(before.path)
        if not is_weighted(layer) or reader is not norm or rewrite.keeps(norm.path):
            continue
        weight = rewrite.weight(before.path, "weight")
        mean, variance = (rewrite.weight(norm.path, f"running_{name}") for name in ("mean", "var"))
        gain = Gain(variance, op.eps, rewrite.weight_if_any(norm.path, "weight"))
        bias = rewrite.weight_if_any(before.path, "bias")
        beta = rewrite.weight_if_any(norm.path, "bias")
        folded: dict[str, Weight | None] = {
            "weight": Scaled(weight, gain, axis=1 if isinstance(layer, ConvTranspose2d) else 0),
            "bias": Shift(mean, gain, bias, beta),
        }
        rewrite.change(before.path, replace(layer, bias=True), folded)
        rewrite.absorb(norm.path, before.path)


def is_weighted(op: Op) -> TypeGuard[Weighted]:
    """Whether an operation is a sum of products with weights and a bias: a linear map."""
    return isinstance(op, Weighted)

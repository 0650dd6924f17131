"""Pool after the 1x1 convolution instead of before it."""

from __future__ import annotations

from dataclasses import replace

from inception_dsl.ir.graph import Node
from inception_dsl.ir.types import per_axis
from inception_dsl.ir.weight import Shaped
from inception_dsl.ops.avg_pool import AvgPool
from inception_dsl.ops.conv2d import Conv2d
from inception_dsl.passes.channel_bias import ChannelBias
from inception_dsl.passes.rewrite import Rewrite

__all__ = ["commute_average_pool"]


def commute_average_pool(rewrite: Rewrite) -> None:
    """Swap average pooling of stride 1 with the 1x1 convolution that alone reads it.

    Before:  branch avg_pool(3x3, stride=1, padding=same) -> conv2d(32, 1x1)
    After:   branch conv2d(32, 1x1) -> avg_pool(3x3, stride=1, padding=same)
    Because: both are linear, one over cells, one over channels: pool(w * x) = w * pool(x). The
             shares of a window's cells add up to 1, so that the bias goes along; where the
             padding counts they do not at the border, and the bias stays behind the pool.

    The convolution then reads what its siblings read, and the pool has fewer channels. Left alone
    where it would have more.
    """
    for pool, op in rewrite.nodes(AvgPool):
        conv = rewrite.sole_reader(pool.path)
        source = rewrite.operand(pool.path)
        if conv is None or rewrite.keeps(conv.path) or not _commutes(op, source, conv):
            continue
        assert isinstance(conv.op, Conv2d)
        bias = rewrite.weight_if_any(conv.path, "bias")
        pads = op.count_include_pad and any(op.window(source.out).onnx_pads)
        behind = bias if pads else None
        weights = dict(conv.weights)
        if behind:
            weights.pop("bias", None)
        rewrite.change(
            conv.path,
            replace(conv.op, bias=conv.op.bias and not pads),
            weights,
            operands=(source.path,),
            same_value=True,
        )
        rewrite.remove(pool.path)
        last = rewrite.append(conv.path, "avg_pool", op)
        if behind:
            shape = (conv.out.channels, *(1,) * conv.out.rank)
            rewrite.append(last, "channel_bias", ChannelBias(), {"bias": Shaped(behind, shape)})


def _commutes(pool: AvgPool, source: Node, conv: Node) -> bool:
    op, rank = conv.op, source.out.rank
    return (
        isinstance(op, Conv2d)
        and set(per_axis(pool.steps, rank)) == {1}
        and set(per_axis(op.kernel, rank) + per_axis(op.stride, rank)) == {1}
        and not any(op.window(source.out).onnx_pads)
        and op.groups == 1
        and conv.out.channels <= source.out.channels
    )

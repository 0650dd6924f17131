"""One convolution for those that read one tensor in the same way."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from inception_dsl.ir.op import Op
from inception_dsl.ir.regions import Region
from inception_dsl.ir.weight import Joined
from inception_dsl.ops.batch_norm import BatchNorm
from inception_dsl.ops.concat import Concat
from inception_dsl.ops.conv2d import Conv2d
from inception_dsl.ops.relu import Relu
from inception_dsl.ops.slice import Slice
from inception_dsl.passes.fused_convolution import FusedConvolution
from inception_dsl.passes.rewrite import Rewrite

__all__ = ["fuse_siblings"]


def fuse_siblings(rewrite: Rewrite) -> None:
    """Make one convolution of those that read one tensor with the same windows, and slice it.

    Before:  branch conv2d(64, 1x1)                siblings = conv2d(176, 1x1)
             branch conv2d(96, 1x1) -> ...   After:  branch slice(112, 176)
             branch conv2d(16, 1x1) -> ...           branch slice(0, 96) -> ...
                                                     branch slice(96, 112) -> ...
    Because: output channels of a convolution do not know of each other.
    Weights: w' = w1, w2, ... one behind the other along the output channels; so the biases.

    All of them have a bias, or none has, so that training finds nothing new to train; and none of
    an auxiliary head joins the main path, which also runs without it. What goes straight into a
    concat comes last, so that a concat which begins with it can be laid out behind the other
    slices, and copies nothing.
    """
    main = rewrite.graph.main()
    groups: dict[Hashable, list[str]] = {}
    for node, op in rewrite.nodes(Op):
        plain = _plain(op)
        operands = rewrite.graph.operands(node.path)
        if plain and plain.groups == 1 and len(operands) == 1 and not rewrite.keeps(node.path):
            alike, relu = replace(plain, filters=1), isinstance(op, FusedConvolution) and op.relu
            key = (alike, relu, operands, node.path in main)
            groups.setdefault(key, []).append(node.path)
    for paths in groups.values():
        if len(paths) > 1:
            _fuse(rewrite, paths)


def _plain(op: Op) -> Conv2d | None:
    if isinstance(op, FusedConvolution):
        return op.convolution
    return op if isinstance(op, Conv2d) else None


def _fuse(rewrite: Rewrite, members: Sequence[str]) -> None:
    graph = rewrite.graph
    paths = sorted(members, key=lambda path: _goes_into_concat(rewrite, path))
    nodes = [graph[path] for path in paths]
    first = nodes[0]
    convolutions = [conv for node in nodes if (conv := _plain(node.op))]
    counts = [conv.filters for conv in convolutions]
    joined: Op = replace(convolutions[0], filters=sum(counts))
    if isinstance(first.op, FusedConvolution):
        assert isinstance(joined, Conv2d)
        joined = replace(first.op, convolution=joined)
    weights = {
        name: Joined(tuple(rewrite.weight(path, name) for path in paths))
        for name in graph.parameters(first.path)
    }
    region, at = _place(rewrite, members)
    operands = graph.operands(first.path)
    made = rewrite.insert("siblings", joined, operands, region, at, graph[members[0]], weights)
    for node, (start, stop) in zip(nodes, pairwise(accumulate(counts, initial=0)), strict=True):
        rewrite.change(node.path, Slice(start, stop), {}, (made,), same_value=True)


def _goes_into_concat(rewrite: Rewrite, path: str) -> bool:
    """Whether nothing but batch norm and ReLU stands between a convolution and a concat."""
    graph = rewrite.graph
    while (reader := rewrite.sole_reader(path)) and isinstance(reader.op, BatchNorm | Relu):
        path = reader.path
    return any(isinstance(graph[reader].op, Concat) for reader in graph.readers(path))


def _place(rewrite: Rewrite, paths: Sequence[str]) -> tuple[Region, int]:
    """The innermost region that holds all nodes, and the child before which they all come.

    Further inside where what they read stands further inside; never among the rounds of a repeat.
    """
    first, *others = (_above(rewrite, path) for path in paths)
    source = _above(rewrite, rewrite.operand(paths[0]).path)
    regions = [
        entry
        for entry in first
        if isinstance(entry, Region)
        and entry.kind != "repeat"
        and (entry in source or all(entry in chain for chain in others))
    ]
    region = regions[-1]
    child = first[first.index(region) + 1]
    return region, region.children.index(child)


def _above(rewrite: Rewrite, path: str) -> list[Region | str]:
    chain: list[Region | str] = [path]
    region: Region | None = rewrite.home(path)
    while region is not None:
        chain.append(region)
        region = region.parent
    return chain[::-1]

"""Slice behind what is done to every slice alike."""

from __future__ import annotations

from collections.abc import Sequence

from inception_dsl.ir.graph import Node
from inception_dsl.ir.op import Op
from inception_dsl.ir.weight import Joined
from inception_dsl.ops.batch_norm import BatchNorm
from inception_dsl.ops.relu import Relu
from inception_dsl.ops.slice import Slice
from inception_dsl.passes.rewrite import Rewrite

__all__ = ["hoist_slices"]


def hoist_slices(rewrite: Rewrite) -> None:
    """Do before slicing what follows on every slice alike: batch norm and ReLU.

    Before:  siblings -> { slice(0, 96) -> batch_norm() -> relu(), slice(96, 160) -> ... }
    After:   siblings -> batch_norm() -> relu() -> { slice(0, 96), slice(96, 160) }
    Because: both treat each channel by itself, in training too.
    Weights: those of the batch norms, one behind the other.
    """
    for node, _ in rewrite.nodes(Op):
        path = node.path
        while slices := _slices(rewrite, path):
            followers = [rewrite.sole_reader(each.path) for each in slices]
            readers = [reader for reader in followers if reader]
            if len(readers) < len(slices) or not _alike(rewrite, readers):
                break
            path = _hoist(rewrite, path, slices, readers)


def _slices(rewrite: Rewrite, path: str) -> list[Node]:
    """The slices of a value, first channels first, if they are all that reads it, and cover it."""
    graph = rewrite.graph
    found: list[tuple[int, int, Node]] = []
    for reader in graph.readers(path):
        op = graph[reader].op
        if not isinstance(op, Slice):
            return []
        found.append((op.start, op.stop, graph[reader]))
    found.sort(key=lambda entry: entry[:2])
    ends = [0, *(stop for _, stop, _ in found)]
    whole = [start for start, _, _ in found] == ends[:-1] and ends[-1] == graph[path].out.channels
    return [node for _, _, node in found] if whole and not rewrite.keeps(path) else []


def _alike(rewrite: Rewrite, nodes: Sequence[Node]) -> bool:
    op = nodes[0].op
    free = not any(rewrite.keeps(node.path) for node in nodes)
    return free and isinstance(op, BatchNorm | Relu) and all(node.op == op for node in nodes)


def _hoist(rewrite: Rewrite, path: str, slices: Sequence[Node], readers: Sequence[Node]) -> str:
    weights = {
        name: Joined(tuple(rewrite.weight(node.path, name) for node in readers))
        for name in rewrite.graph.parameters(readers[0].path)
    }
    made = rewrite.append(path, readers[0].op.name, readers[0].op, weights)
    for piece, reader in zip(slices, readers, strict=True):
        rewrite.absorb(reader.path, piece.path)
    return made

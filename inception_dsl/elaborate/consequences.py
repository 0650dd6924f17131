"""Whether a fault follows from a shape note that was wrong before it.

A wrong note says what its author thinks the shape is. What would be right from there on, if the
note were, is no mistake of its own: it goes away with the first.
"""

from __future__ import annotations

from collections.abc import Sequence

from inception_dsl.elaborate.build import Builder
from inception_dsl.elaborate.values import Tensor
from inception_dsl.ir.op import Op, OpFault
from inception_dsl.ir.types import FeatureMap

__all__ = ["follows", "intended", "wrong_before"]

FAR = 2_000  # nodes between a fault and the note that it may follow from
PATIENCE = 100_000  # nodes that are looked at for all faults of a run together


def intended(builder: Builder, tensor: Tensor) -> FeatureMap | None:
    """The shape that a tensor has if the wrong notes before it are right; None if none are."""
    if not _looks(builder) or tensor.node is None:
        return None
    behind = _behind(builder, tensor.node)
    builder.looked += len(behind)
    shapes: dict[str, FeatureMap] = {}
    for path in behind:
        node = builder.graph[path]
        operands = builder.graph.operands(path)
        if path in builder.noted:
            shapes[path] = builder.noted[path]
        elif path in builder.settled or not all(operand in shapes for operand in operands):
            shapes[path] = node.out
        elif operands:
            try:
                shapes[path] = node.op.infer(*(shapes[operand] for operand in operands))
            except OpFault:
                return None
        else:
            shapes[path] = node.out
    found = shapes[tensor.node]
    return found if found != tensor.map else None


def _looks(builder: Builder) -> bool:
    """Whether there are wrong notes to look for; a trial has no part of the graph before it."""
    return bool(builder.noted) and builder.explains and builder.looked <= PATIENCE


def _behind(builder: Builder, path: str) -> list[str]:
    """The nodes upstream up to the nearest notes, operands before their readers."""
    order: list[str] = []
    seen: set[str] = set()
    waiting = [(path, False)]
    while waiting:
        here, done = waiting.pop()
        if done:
            order.append(here)
        elif here not in seen and len(seen) < FAR:
            seen.add(here)
            waiting.append((here, True))
            if here not in builder.noted and here not in builder.settled:
                waiting += [(operand, False) for operand in builder.graph.operands(here)]
    return order


def wrong_before(builder: Builder, tensor: Tensor) -> set[str]:
    """What the nearest notes before a tensor have wrong: its `channels`, its `grid`."""
    if not _looks(builder) or tensor.node is None:
        return set()
    behind = _behind(builder, tensor.node)
    builder.looked += len(behind)
    pairs = [(builder.noted[p], builder.graph[p].out) for p in behind if p in builder.noted]
    found = {"channels"} if any(said.channels != is_.channels for said, is_ in pairs) else set()
    return found | ({"grid"} if any(said.grid != is_.grid for said, is_ in pairs) else set())


def follows(builder: Builder, op: Op, operands: Sequence[Tensor]) -> FeatureMap | None:
    """What an operation gives if the wrong notes before it are right; None if it fails."""
    meant = [intended(builder, operand) for operand in operands]
    if not any(meant):
        return None
    maps = [shape or operand.map for shape, operand in zip(meant, operands, strict=True)]
    try:
        return op.infer(*(map for map in maps if map))
    except OpFault:
        return None

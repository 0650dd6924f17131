"""Compute once what is written twice."""

from __future__ import annotations

from collections.abc import Hashable

from inception_dsl.ir.op import Op
from inception_dsl.passes.rewrite import Rewrite

__all__ = ["share_equal_nodes"]


def share_equal_nodes(rewrite: Rewrite) -> None:
    """Let equal operations without weights on the same tensors be one (common subexpressions).

    Before:  branch relu() -> conv2d(64, 1x1)      After:  one relu, read by both branches
             branch relu() -> conv2d(96, 1x1)
    Because: an operation without weights is a function of its operands and arguments alone.
    """
    first: dict[Hashable, str] = {}
    for node, op in rewrite.nodes(Op):
        operands = rewrite.graph.operands(node.path)
        if not operands or rewrite.graph.parameters(node.path) or rewrite.keeps(node.path):
            continue
        same = first.setdefault((op, operands), node.path)
        if same != node.path:
            rewrite.bypass(node.path, same)

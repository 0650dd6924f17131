"""A graph as text, a line per node: for people who look at what a pass did, and for tests."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from inception_dsl.ir.graph import Graph
from inception_dsl.ir.op import Input, Op
from inception_dsl.ir.types import Dims, show_value

__all__ = ["dump"]


def dump(graph: Graph) -> str:
    """`path: op(arguments) of operands : shape`, in the order of the graph; defaults left out."""
    lines = []
    for node in graph:
        operands = ", ".join(graph.operands(node.path))
        said = "input" if isinstance(node.op, Input) else f"{_call(node.op)} of {operands}"
        lines.append(f"{node.path}: {said} : {node.out}")
    return "\n".join(lines) + "\n"


def _call(op: Op) -> str:
    written = ", ".join(
        f"{each.name}={_show(getattr(op, each.name))}"
        for each in fields(op)
        if getattr(op, each.name) != each.default
    )
    return f"{op.name}({written})"


def _show(value: Any) -> str:
    if isinstance(value, Op):
        return _call(value)
    return show_value(Dims(value) if isinstance(value, Dims) else value)

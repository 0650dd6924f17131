"""A part in a few words, as a spec would write it."""

from __future__ import annotations

from inception_dsl.analysis.diff.arguments import written
from inception_dsl.analysis.diff.pieces import Piece
from inception_dsl.ir.graph import Node
from inception_dsl.ir.op import Input, signature

__all__ = ["describe", "kind_of", "outlined"]

_LONGEST_CHAIN = 3


def describe(piece: Piece) -> str:
    """`conv(64, 1x1)`, `branch max_pool(3x3) -> conv(64, 1x1)`, `stage grid_35`."""
    if piece.node is not None:
        return _call(piece.node)
    assert piece.region is not None
    if piece.region.call:
        return piece.region.call
    if piece.region.kind == "section":
        return piece.word if piece.word == piece.segment else f"{piece.word} {piece.segment}"
    if piece.region.kind == "repeat":
        return f"repeat of {_rounds(piece)}"
    return f"{kind_of(piece)} {_inside(piece)}".rstrip()


def outlined(piece: Piece) -> str:
    """The same without the values that it was given: `branch max_pool -> conv`."""
    if piece.region is None or piece.region.call or piece.region.kind == "section":
        return kind_of(piece)
    inside = " -> ".join(map(outlined, piece.children[:_LONGEST_CHAIN]))
    return f"{kind_of(piece)} {inside}".rstrip()


def kind_of(piece: Piece) -> str:
    """What sort of thing it is: `branch`, `round`, the name of an operation or definition."""
    return "round" if piece.word == "iteration" else piece.word


def _rounds(piece: Piece) -> str:
    count = len(piece.children)
    first = _inside(piece.children[0]) if piece.children else ""
    return f"{count} round{'s' * (count != 1)}" + (f" {first}" if first else "")


def _inside(piece: Piece) -> str:
    if not piece.children:
        return "identity()"
    shown = [describe(child) for child in piece.children[:_LONGEST_CHAIN]]
    chain = all(child.word != "branch" for child in piece.children)
    if chain and len(piece.children) <= _LONGEST_CHAIN:
        return " -> ".join(shown)
    operations = sum(each.node is not None for each in piece.walk())
    return f"of {operations} operations"


def _call(node: Node) -> str:
    if isinstance(node.op, Input):
        return f"input {node.out}"
    words = []
    for each in signature(type(node.op)):
        if each.required:
            words.append(written(node, each.name))
        elif getattr(node.op, each.name) != each.default:
            words.append(f"{each.name}={written(node, each.name)}")
    return f"{node.op.name}({', '.join(words)})"

"""Numbers of channels as formulas, followed through a body: what a second convolution reads.

A formula that turns out wrong for some instance is dropped where it would be printed, so that
these rules may be simple.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import fields

from inception_dsl.backends.torch.tracked import Channels
from inception_dsl.ir.formula import Apply, Formula, InputChannels, Literal, Parameter
from inception_dsl.ir.graph import Node
from inception_dsl.ir.regions import Region
from inception_dsl.ir.types import FeatureMap

__all__ = ["node_channels", "substitution"]

_LONGEST_SUM = 6
_LARGEST = 40  # definitions within definitions would double a formula at each level


def node_channels(
    node: Node, maps: Sequence[FeatureMap], channels: Sequence[Formula | None]
) -> Formula | None:
    """The formula for a node's channels, from those of its operands."""
    if node.op.kind in ("convolution", "linear"):
        first = fields(node.op)[0].name
        if (
            node.arguments
            and first in node.arguments
            and node.arguments[first].value == node.out.channels
        ):
            return node.arguments[first].formula
    if sum(map.channels for map in maps) == node.out.channels:
        return _sum(channels)
    return channels[0] if maps[0].channels == node.out.channels else None


def _sum(terms: Sequence[Formula | None]) -> Formula | None:
    """`a + b`, with constants added up and equal terms as a product."""
    counts: Counter[Formula] = Counter()
    constant = 0
    for term in terms:
        if term is None:
            return None
        for factor, symbol in _products(term):
            if isinstance(symbol, Literal) and isinstance(symbol.value, int):
                constant += factor * symbol.value
            else:
                counts[symbol] += factor
    products = [
        symbol if count == 1 else Apply("*", (Literal(count), symbol))
        for symbol, count in counts.items()
    ]
    if constant or not products:
        products.append(Literal(constant))
    if len(products) > _LONGEST_SUM:
        return None
    total = products[0]
    for product in products[1:]:
        total = Apply("+", (total, product))
    return total


def _products(term: Formula) -> list[tuple[int, Formula]]:
    """The terms of a sum, each with the number of times it counts."""
    match term:
        case Apply("+", (left, right)):
            return [*_products(left), *_products(right)]
        case Apply("*", (Literal(int(count)), symbol)):
            return [(count, symbol)]
        case _:
            return [(1, term)]


def substitution(
    region: Region, reads: Sequence[Formula | None]
) -> Callable[[Formula | None], Formula | None]:
    """What turns formulas of a region into formulas of the body around it.

    `reads` are the channels of the region's inputs there.
    """
    arguments = region.arguments if region.kind == "instance" else None

    def change(formula: Formula | None) -> Formula | None:
        match formula:
            case Channels(index):
                return reads[index]
            case InputChannels() if arguments is not None:
                return reads[0] if len(reads) == 1 else None
            case Parameter(name) if arguments is not None:
                return arguments[name].formula if name in arguments else None
            case Apply(operator, operands):
                changed = [change(operand) for operand in operands]
                present = tuple(operand for operand in changed if operand is not None)
                return _sum([Apply(operator, present)]) if len(present) == len(changed) else None
            case _:
                return formula

    def bounded(formula: Formula | None) -> Formula | None:
        changed = change(formula)
        return changed if changed is not None and _size(changed) <= _LARGEST else None

    return bounded


def _size(formula: Formula) -> int:
    return 1 + sum(map(_size, formula.operands)) if isinstance(formula, Apply) else 1

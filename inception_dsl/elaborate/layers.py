"""Bodies of definitions; a layer that is called alike on an equal tensor is expanded once."""

from __future__ import annotations

from collections.abc import Hashable
from types import NoneType

from inception_dsl.elaborate.build import Builder, ExpandedLayer, Frame
from inception_dsl.elaborate.units import DefinitionRef
from inception_dsl.elaborate.values import Tensor
from inception_dsl.ir.regions import Region
from inception_dsl.ir.types import Dims, Word

__all__ = ["expand_body"]

_PLAIN = frozenset({int, bool, Dims, Word, NoneType})  # types whose equal values are the same


def expand_body(
    builder: Builder, definition: DefinitionRef, input: Tensor | None, inner: Frame
) -> Tensor | None:
    """The tensor at the end of the definition's body, which is expanded in its frame.

    `input` is None for a definition that takes several tensors.
    """
    key = _key(builder, definition, input, inner) if inner.layer and input else None
    known = builder.layers.get(key)
    if known and input and _fits(builder, known):
        return _copy(builder, known, input, inner)
    before = builder.statements, builder.evaluator.computed, builder.parameters
    result = builder.block(builder, definition.tree.body.statements, input, inner)
    if key and input and result and not builder.diagnostics.failed:
        paths = [child for child in inner.region.children if not isinstance(child, Region)]
        if len(paths) == len(inner.region.children):
            now = builder.statements, builder.evaluator.computed, builder.parameters
            cost = (now[0] - before[0], now[1] - before[1], now[2] - before[2])
            builder.layers[key] = ExpandedLayer(input, tuple(paths), result, *cost)
    return result


def _key(
    builder: Builder, definition: DefinitionRef, input: Tensor, inner: Frame
) -> Hashable | None:
    """What decides how a layer is expanded; None where it has to be, whatever was before."""
    values = [bound.value for bound in inner.scope.values.values()]
    types = [type(value) for value in values]
    plain = _PLAIN.issuperset(types) and input.map is not None and not input.guessed
    if not plain or builder.watch or builder.diagnostics.failed:
        return None
    return definition, input.map, *types, *values


def _fits(builder: Builder, layer: ExpandedLayer) -> bool:
    """Whether no limit is passed, which expansion would report in its place."""
    limits = builder.limits
    return (
        builder.statements + layer.statements <= limits.statements
        and builder.evaluator.computed + layer.computed <= limits.values
        and builder.parameters + layer.parameters <= limits.parameters
        and len(builder.graph) + len(layer.paths) <= limits.operations
    )


def _copy(builder: Builder, layer: ExpandedLayer, input: Tensor, inner: Frame) -> Tensor:
    """The layer's nodes once more, in another frame."""
    builder.statements += layer.statements
    builder.evaluator.computed += layer.computed
    builder.parameters += layer.parameters
    graph, made = builder.graph, {layer.input.node: input}
    for path in layer.paths:
        operands = [made[operand] for operand in graph.operands(path)]
        made[path] = builder.copy(graph[path], operands, inner)
    return made[layer.result.node]

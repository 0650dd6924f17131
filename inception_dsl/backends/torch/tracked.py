"""Numbers that remember how the spec computed them, so that the source can print that instead.

An operation lowers itself with plain Python values; given these, the arguments of its PyTorch call
carry their formulas along. Arithmetic drops the formula, and comparison of instances takes over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from inception_dsl.ir.formula import Bound, Formula, InputChannels, Literal
from inception_dsl.ir.op import Op
from inception_dsl.ir.types import Dims, FeatureMap

__all__ = ["Channels", "formula_of", "tracked_map", "tracked_op"]


@dataclass(frozen=True, slots=True)
class Channels(InputChannels):
    """The channels of an input of the region whose class is being written, by its position."""

    index: int = 0


class _Int(int):
    formula: Formula


class _Float(float):
    formula: Formula


class _Dims(Dims):
    formula: Formula


class _List(tuple[object, ...]):
    formula: Formula


_TRACKED: Mapping[type, type[_Int | _Float | _Dims | _List]] = {
    int: _Int,
    float: _Float,
    Dims: _Dims,
    tuple: _List,
}


def tracked_op(op: Op, arguments: Mapping[str, Bound]) -> Op:
    """The operation with the arguments that have a formula replaced by values that remember it."""
    changes = {
        name: _tracked(bound.value, bound.formula)
        for name, bound in arguments.items()
        if bound.formula is not None
        and not isinstance(bound.formula, Literal)
        and type(bound.value) in _TRACKED
        and getattr(op, name) == bound.value
    }
    return replace(op, **changes) if changes else op


def tracked_map(map: FeatureMap, channels: Formula | None) -> FeatureMap:
    """The feature map with a number of channels that remembers its formula."""
    if channels is None:
        return map
    return replace(map, channels=_tracked(map.channels, channels))


def formula_of(value: object) -> Formula | None:
    """The formula that a value remembers."""
    return getattr(value, "formula", None)


def _tracked(value: Any, formula: Formula) -> Any:
    made = _TRACKED[type(value)](value)
    made.formula = formula
    return made

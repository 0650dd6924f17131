"""What an operation or a call was given, value by value, and what differs between two."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from inception_dsl.analysis.diff.formulas import computed_alike, form_of, show_bound
from inception_dsl.elaborate.values import OpValue, show
from inception_dsl.ir.graph import Node
from inception_dsl.ir.op import Input, signature
from inception_dsl.ir.regions import Region
from inception_dsl.ir.types import Dims, per_axis

__all__ = [
    "Differing",
    "Value",
    "canonical",
    "compare_calls",
    "compare_operations",
    "renamed_parameters",
    "written",
]


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that was said before and after, as a spec writes it; None where it was not."""

    name: str
    before: str | None
    after: str | None

    @property
    def sides(self) -> tuple[str | None, str | None]:
        """Before and after."""
        return self.before, self.after


@dataclass(frozen=True, slots=True)
class Differing:
    """An argument that differs, as a value and, where it has one, as the formula behind it.

    It `follows` where both were computed in the same way, from something that differs further out.
    """

    value: Value
    formula: Value
    follows: bool


def canonical(node: Node, positions: Mapping[str, int] | None = None) -> tuple[Hashable, ...]:
    """The arguments of a node's operation, where `3` and `3x3` are the same on a plane.

    With `positions`, those that depend on the call around it are `form_of` what was written.
    """
    if isinstance(node.op, Input):
        return ()
    found: list[Hashable] = []
    for each in signature(type(node.op)):
        bound = node.arguments.get(each.name)
        if positions is not None and bound and (form := form_of(bound, positions)):
            found.append(form)
            continue
        value = getattr(node.op, each.name)
        if value is None and each.shown != "none":  # `stride=kernel`
            value = getattr(node.op, each.shown, None)
        if each.type == "size" and isinstance(value, int):
            value = per_axis(value, node.out.rank)
        found.append(tuple(value) if isinstance(value, Dims) else value)
    return tuple(found)


def compare_operations(a: Node, b: Node, around: Mapping[str, str] | None) -> Iterator[Differing]:
    """What differs between two nodes; `around` is as in `computed_alike`."""
    if a.op.name != b.op.name:
        value = Value("operation", a.op.name, b.op.name)
        yield Differing(value, value, follows=False)
    elif not isinstance(a.op, Input):
        names = (each.name for each in signature(type(a.op)))
        for name, old, new in zip(names, canonical(a), canonical(b), strict=True):
            if old != new:
                before, after = a.arguments.get(name), b.arguments.get(name)
                yield Differing(
                    Value(name, written(a, name), written(b, name)),
                    Value(
                        name,
                        show_bound(before) if before else written(a, name),
                        show_bound(after) if after else written(b, name),
                    ),
                    computed_alike(before, after, around),
                )


def written(node: Node, name: str) -> str:
    """An argument of a node's operation as a spec writes it."""
    value = getattr(node.op, name)
    if value is None:
        spec = next(each for each in signature(type(node.op)) if each.name == name)
        return spec.shown
    return value if isinstance(value, str) else show(value)


def compare_calls(
    a: Region, b: Region, around: Mapping[str, str] | None, definitions: Mapping[str, str]
) -> Iterator[Differing]:
    """What differs between the arguments of two calls, as `compare_operations`.

    `definitions` has the new names of definitions, which arguments may be.
    """
    renamed = renamed_parameters(a, b)
    for name, bound in a.arguments.items():
        there = b.arguments.get(renamed.get(name, name))
        if there is None:
            value = Value(name, show(bound.value), None)
            yield Differing(value, value, follows=False)
        elif _plain(bound.value, definitions) != _plain(there.value, {}):
            yield Differing(
                Value(renamed.get(name, name), show(bound.value), show(there.value)),
                Value(renamed.get(name, name), show_bound(bound), show_bound(there)),
                computed_alike(bound, there, around),
            )
    for name, bound in b.arguments.items():
        if name not in a.arguments and name not in renamed.values():
            value = Value(name, None, show(bound.value))
            yield Differing(value, value, follows=False)


def renamed_parameters(a: Region, b: Region) -> dict[str, str]:
    """Parameters of a definition that have another name now: one for one, in the same places."""
    if a.definition is None or b.definition is None:
        return {}
    before, after = a.definition.parameters, b.definition.parameters
    if len(before) != len(after):
        return {}
    return {
        old: new
        for old, new in zip(before, after, strict=True)
        if old != new and old not in after and new not in before
    }


def _plain(value: object, definitions: Mapping[str, str]) -> str:
    """A value such that a size of equal extents is the number that stands for it."""
    if isinstance(value, OpValue):
        inside = (f"{key}={_plain(each.value, definitions)}" for key, each in value.bound.items())
        return f"{definitions.get(value.name, value.name)}({', '.join(inside)})"
    if isinstance(value, Dims) and len(set(value)) == 1:
        return show(value[0])
    return show(value)

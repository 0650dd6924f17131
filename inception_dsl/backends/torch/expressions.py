"""Expressions of the generated source: data until printed, so that they compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from inception_dsl.ir.formula import Formula
from inception_dsl.ir.regions import Region

__all__ = [
    "Binary", "Call", "Comment", "Expr", "Items", "Leaf", "Method", "Name", "New", "Rounds",
    "Slice", "Submodule", "Subscript", "Value", "children", "rebuild", "walk",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier, or a dotted one: `x`, `self.conv`, `torch.cat`."""

    text: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A plain value; `formula` says how the spec computed it, `label` which argument it is."""

    value: object
    formula: Formula | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """The feature map that the node at `path` gives, until `forward` has a variable for it."""

    path: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A part with a comment behind it, on a line of its own."""

    part: Expr
    text: str


@dataclass(frozen=True, slots=True)
class Submodule:
    """`self.` and a segment; `index` is a round of a `ModuleList`."""

    segment: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class New:
    """An instance of the class that is written for a region.

    `channels` are formulas for those of its inputs, in terms of what surrounds it.
    """

    region: Region
    channels: tuple[Formula | None, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """`function(*arguments, **keywords)`."""

    function: Expr
    arguments: tuple[Expr, ...] = ()
    keywords: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """`operand.name`, to be called."""

    operand: Expr
    name: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list or a tuple of expressions."""

    items: tuple[Expr, ...]
    kind: Literal["list", "tuple"] = "list"


@dataclass(frozen=True, slots=True)
class Rounds:
    """`*[element for _ in range(count)]`."""

    element: Expr
    count: int


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Subscript:
    """`operand[index]`."""

    operand: Expr
    index: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """`first:last` in a subscript; None for an open end."""

    first: Expr | None = None
    last: Expr | None = None


Expr = (
    Name
    | Leaf
    | Value
    | Submodule
    | New
    | Call
    | Method
    | Items
    | Rounds
    | Binary
    | Subscript
    | Slice
    | Comment
)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of an expression, in the order of the source."""
    match expr:
        case Call(function, arguments, keywords):
            return (function, *arguments, *(value for _, value in keywords))
        case Method(operand, _):
            return (operand,)
        case Items(items):
            return items
        case Rounds(part) | Comment(part):
            return (part,)
        case Binary(_, left, right):
            return (left, right)
        case Subscript(operand, index):
            return (operand, *index)
        case Slice(first, last):
            return tuple(filter(None, (first, last)))
        case _:
            return ()


def rebuild(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with each direct part, in the order of `children`, replaced by `change`."""
    match expr:
        case Call(function, arguments, keywords):
            return Call(
                change(function),
                tuple(map(change, arguments)),
                tuple((name, change(value)) for name, value in keywords),
            )
        case Method(operand, name):
            return Method(change(operand), name)
        case Items(items, kind):
            return Items(tuple(map(change, items)), kind)
        case Rounds(element, count):
            return Rounds(change(element), count)
        case Comment(part, text):
            return Comment(change(part), text)
        case Binary(operator, left, right):
            return Binary(operator, change(left), change(right))
        case Subscript(operand, index):
            return Subscript(change(operand), tuple(map(change, index)))
        case Slice(first, last):
            return Slice(first and change(first), last and change(last))
        case _:
            return expr


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and all parts of it, outer ones first, in the order of the source."""
    yield expr
    for part in children(expr):
        yield from walk(part)

"""Operations as expressions: the vocabulary of `ir/vocabulary.py`, spoken in PyTorch source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal as Words

from inception_dsl.backends.torch.expressions import (
    Binary,
    Call,
    Expr,
    Items,
    Leaf,
    Method,
    Name,
    Slice,
    Submodule,
    Subscript,
)
from inception_dsl.backends.torch.signatures import label, plain
from inception_dsl.backends.torch.tracked import formula_of

__all__ = ["Source"]


class Source:
    """Builds the expressions of one operation; `constructor` is its submodule, where it has one."""

    def __init__(self, segment: str) -> None:
        self.submodule = Submodule(segment)
        self.constructor: Expr | None = None

    def module(self, name: str, *args: object, **kwargs: object) -> Expr:
        """`self.conv2d`, and its construction for `__init__`."""
        made = _call(Name(name), name, args, kwargs)
        assert self.constructor in (None, made), f"{self.submodule} is two modules"
        self.constructor = made
        return self.submodule

    def call(self, module: Expr, *operands: Expr) -> Expr:
        """`self.conv2d(x)`."""
        return Call(module, operands)

    def functional(self, name: str, *args: object, **kwargs: object) -> Expr:
        """`F.pad(x, (1, 1))`."""
        return _call(Name(name), name, args, kwargs)

    def method(self, operand: Expr, name: str, *args: object, **kwargs: object) -> Expr:
        """`x.flatten(1)`."""
        return _call(Method(operand, name), name, args, kwargs)

    def binary(self, operator: Words["+", "-", "*", "/"], left: object, right: object) -> Expr:
        """`left + right`; a factor stands in front, as in `0.17 * x`."""
        if operator == "*" and isinstance(left, Expr) and not isinstance(right, Expr):
            left, right = right, left
        return Binary(operator, _expr(left, "factor"), _expr(right, "factor"))

    def subscript(self, operand: Expr, index: Sequence[slice | int]) -> Expr:
        """`x[:, 0:32]`."""
        return Subscript(operand, tuple(map(_index, index)))


def _call(function: Expr, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> Call:
    arguments = tuple(_argument(value, name, label(name, i)) for i, value in enumerate(args))
    keywords = tuple((key, _argument(value, name, key)) for key, value in kwargs.items())
    return Call(function, arguments, keywords)


def _argument(value: object, function: str, name: str) -> Expr:
    if isinstance(value, Expr | list):
        return _expr(value, name)
    return Leaf(plain(value, function, name), formula_of(value), name)


def _expr(value: object, name: str) -> Expr:
    if isinstance(value, list):
        return Items(tuple(_expr(item, name) for item in value))
    if isinstance(value, Expr):
        return value
    return Leaf(value, formula_of(value), name)


def _index(entry: slice | int) -> Expr:
    if not isinstance(entry, slice):
        return _expr(entry, "index")
    first, last = (
        None if bound is None else _expr(bound, name)
        for bound, name in ((entry.start, "start"), (entry.stop, "stop"))
    )
    return Slice(first, last)

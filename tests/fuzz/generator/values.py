"""Values of expressions, as the generator's own interpreter of specs knows them.

Numbers, bools and strings are Python's, a list is a tuple, `none` is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Misfit", "OpValue", "Size", "Word", "fits", "kind_of", "written"]


class Misfit(Exception):
    """What stands here is no valid spec; the generator tries something else."""


class Size(tuple[int, ...]):
    """A size such as `3x3`."""

    __slots__ = ()


class Word(str):
    """A word such as `same`."""

    __slots__ = ()


@dataclass(frozen=True)
class OpValue:
    """An operation, by name, or a definition, with some arguments bound."""

    target: Any
    bound: Mapping[str, Any] = field(default_factory=dict)


def kind_of(value: object) -> str:
    """The type that a parameter holding the value is declared with."""
    kinds = ((bool, "bool"), (int, "int"), (float, "float"), (Word, "padding"), (str, "string"))
    for kind, name in (*kinds, (Size, "size"), (tuple, "list"), (OpValue, "op")):
        if isinstance(value, kind):
            return name
    raise AssertionError(value)


def fits(value: object, kind: str) -> bool:
    """Whether a parameter of that type takes the value."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    whole_list = isinstance(value, tuple) and value != () and all(type(n) is int for n in value)
    return {
        "any": True,
        "int": whole,
        "float": whole or isinstance(value, float),
        "bool": isinstance(value, bool),
        "string": isinstance(value, str) and not isinstance(value, Word),
        "op": isinstance(value, OpValue),
        "word": isinstance(value, Word),
        "size": whole or whole_list,
        "padding": whole or whole_list or isinstance(value, Word),
        "shape": whole_list,
        "list": isinstance(value, tuple) and not isinstance(value, Size),
    }[kind]


def written(value: Any) -> str:
    """A value as a spec writes it."""
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case Size():
            return "x".join(map(str, value))
        case tuple():
            return f"[{', '.join(map(written, value))}]"
        case Word():
            return str(value)
        case str():
            return f'"{value}"'
        case _:
            return repr(value)

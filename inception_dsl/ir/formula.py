"""How an argument was computed, in terms of the definition it stands in.

Generated source prints it. A formula is only kept where it holds in every call of the definition;
the loop variable of a `repeat` or the channels of an inner tensor have none, and their numbers are
found by comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inception_dsl.record import record

__all__ = ["Apply", "Bound", "Formula", "InputChannels", "Literal", "Parameter"]


@record
class Literal:
    """A value that is the same in every call."""

    value: object


@record
class Parameter:
    """A parameter of the enclosing definition."""

    name: str


@dataclass(frozen=True, slots=True)
class InputChannels:
    """`input.channels` of the enclosing definition."""


@record
class Apply:
    """An operator or function of the language, `list` or `index`."""

    operator: str
    operands: tuple[Formula, ...]
    size: int = field(init=False, compare=False)
    """How many operators it prints."""

    def __post_init__(self) -> None:
        inside = sum(part.size for part in self.operands if isinstance(part, Apply))
        object.__setattr__(self, "size", 1 + inside)


Formula = Literal | Parameter | InputChannels | Apply


@record
class Bound:
    """An argument's value, and the formula it came from where it has one.

    `value` may be an op value (`Bound` arguments inside), a number, a size, a list or a word.
    """

    value: object
    formula: Formula | None = field(default=None, compare=False)

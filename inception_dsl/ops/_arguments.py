"""Refusals of arguments and inputs that several operations share."""

from __future__ import annotations

from math import isfinite

from inception_dsl.ir.op import OpFault
from inception_dsl.ir.types import Dims, FeatureMap, per_axis, show_value

GRIDS = {1: "CxL", 2: "CxHxW", 3: "CxDxHxW"}

__all__ = [
    "describe", "out_of_range", "require_at_least", "require_divides", "require_finite",
    "require_grid", "require_positive", "require_rank", "require_within", "show_grid", "spread",
]  # fmt: skip


def out_of_range(argument: str, value: object, expected: str) -> OpFault:
    """The fault of an argument that no input could make right."""
    message = f"`{argument}` is {show_value(value)}"
    return OpFault("E0305", message, expected=expected, argument=argument)


def require_at_least(low: int, **arguments: int | tuple[int, ...]) -> None:
    """Refuse numbers and sizes below `low`."""
    for argument, value in arguments.items():
        least = value if isinstance(value, int) else min(value, default=low - 1)
        if least < low:
            raise out_of_range(argument, value, f"at least {low}")


def require_positive(**arguments: float) -> None:
    """Refuse numbers that are not finite and above zero."""
    for argument, value in arguments.items():
        if not (isfinite(value) and value > 0):
            raise out_of_range(argument, value, "a number above 0")


def require_within(low: float, high: float, **arguments: float) -> None:
    """Refuse numbers outside `low` to `high`, both ends allowed."""
    for argument, value in arguments.items():
        if not low <= value <= high:
            raise out_of_range(argument, value, f"a number from {low} to {high}")


def require_finite(**arguments: float) -> None:
    """Refuse numbers too large to be one."""
    for argument, value in arguments.items():
        if not isfinite(value):
            raise out_of_range(argument, value, "a finite number")


def require_rank(name: str, x: FeatureMap, rank: int) -> None:
    """Refuse an input whose grid has another number of axes."""
    if x.rank != rank:
        raise OpFault(
            "E0401",
            f"the input of `{name}` is {describe(x)}",
            expected=f"a {rank}-D grid, `{GRIDS[rank]}`",
        )


def require_grid(name: str, x: FeatureMap) -> None:
    """Refuse a vector where a grid is needed."""
    if x.rank == 0:
        message = f"the input of `{name}` is {describe(x)}"
        raise OpFault("E0401", message, expected="channels on a grid, `CxHxW`")


def require_divides(groups: int, x: FeatureMap) -> None:
    """Refuse a number of groups that does not divide the channels."""
    if x.channels % groups:
        message = f"{groups} groups do not divide {x.channels} channels"
        expected = f"a divisor of {x.channels}"
        raise OpFault("E0405", message, expected=expected, argument="groups")


def show_grid(x: FeatureMap) -> str:
    """`28x28`, or `a vector of 64`."""
    return "x".join(map(str, x.grid)) if x.rank else describe(x)


def describe(x: FeatureMap) -> str:
    """`a vector of 64`, or `64x28x28, a 2-D grid`."""
    return f"a vector of {x.channels}" if x.rank == 0 else f"{x}, a {x.rank}-D grid"


def spread(argument: str, value: int | tuple[int, ...], rank: int) -> tuple[int, ...]:
    """One number per axis of the grid.

    Raises: OpFault if a size has another number of axes.
    """
    try:
        return per_axis(value, rank)
    except ValueError:
        found = f"`{argument}` is {Dims(value) if isinstance(value, tuple) else value}"
        expected = f"one number, or one for each of the {rank} axes of the grid"
        raise OpFault("E0304", found, expected=expected, argument=argument) from None

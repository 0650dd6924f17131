"""Large numbers as papers print them: `2.7K`, `112K`, `34M`."""

from __future__ import annotations

from typing import Final

__all__ = ["rounded", "unit_for"]

_UNITS: Final = ((10**9, "G"), (10**6, "M"), (10**3, "K"), (1, ""))
_ENOUGH = 100  # of a unit in a column's total, for its rows to be told apart


def unit_for(total: int) -> int:
    """The unit of a column with this total: a thousand for 7.0M, a million for 1.58G."""
    return next((unit for unit, _ in _UNITS if total >= _ENOUGH * unit), 1)


def rounded(number: int, unit: int = 10**9) -> str:
    """A number in a unit, or in the largest smaller one that it fills; below ten to a tenth."""
    for size, letter in _UNITS:
        if size > unit or (size > 1 and round(number / size, 1) < 1):
            continue
        if size == 1:
            return f"{number:,}"
        tenths = round(number / size, 1)
        return (f"{tenths:g}" if tenths < 10 else _whole(round(number / size))) + letter
    raise AssertionError("one is the smallest unit")


def _whole(number: int) -> str:
    """Four digits stand together, five and more in groups."""
    return f"{number:,}" if number >= 10_000 else str(number)

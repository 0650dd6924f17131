"""What a published figure says, and whether a computed number bears it out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

__all__ = ["Computed", "Verdict", "judge", "judge_more", "judge_similar", "show_computed"]

Computed = Fraction | str
Verdict = Literal[
    "exact",
    "rounds to it",
    "in range",
    "similar",
    "more",
    "differs",
    "not computed",
]

SIMILAR = Fraction(5, 100)
"""How far from each other two counts are that a text calls similar."""

_SCALES = {
    "": Fraction(1),
    "x": Fraction(1),
    "%": Fraction(1, 100),
    "K": Fraction(10**3),
    "M": Fraction(10**6),
    "billion": Fraction(10**9),
}
_NUMBER = re.compile(
    r"(?P<about>~)?(?P<digits>\d[\d,]*)(?P<decimals>\.\d+)? ?(?P<unit>K|M|billion|x|%)?"
)


@dataclass(frozen=True)
class _Printed:
    """A number as it is printed: its value, and what its last digit stands for."""

    value: Fraction
    unit: Fraction
    rounded: bool
    """Whether the print itself says so: decimals, a unit, or a `~`."""


def judge(printed: str, computed: Computed) -> Verdict:
    """The verdict on a number (`23.9M`, `~61M`, `59%`, `20x`), a range (`0.1 to 0.3`), or words.

    A printed number stands for all that round to it: `23.9M` for 23.85 to 23.95 million. A whole
    number of things, with no unit and no `~`, stands for itself alone.
    """
    if isinstance(computed, str):
        return "exact" if printed == computed else "differs"
    low, _, high = printed.partition(" to ")
    if high:
        inside = _read(low).value <= computed <= _read(high).value
        return "in range" if inside else "differs"
    number = _read(printed)
    if computed == number.value:
        return "exact"
    whole = computed.denominator == 1
    if whole and not number.rounded:
        return "differs"
    return "rounds to it" if abs(computed - number.value) <= number.unit / 2 else "differs"


def judge_similar(reference: Computed, computed: Computed) -> Verdict:
    """Whether two counts are within `SIMILAR` of each other."""
    assert isinstance(reference, Fraction), reference
    assert isinstance(computed, Fraction), computed
    return "similar" if abs(computed - reference) <= SIMILAR * reference else "differs"


def judge_more(reference: Computed, computed: Computed) -> Verdict:
    """Whether it is more."""
    assert isinstance(reference, Fraction), reference
    assert isinstance(computed, Fraction), computed
    return "more" if computed > reference else "differs"


def show_computed(computed: Computed, printed: str = "") -> str:
    """A computed number for people: in full, in per cent or without commas like the published."""
    if isinstance(computed, str):
        return computed
    if printed.endswith("%"):
        return f"{float(100 * computed):.2f}%"
    if computed.denominator == 1:
        bare = printed.isdigit() and len(printed) > 3
        return f"{int(computed)}" if bare else f"{int(computed):,}"
    return f"{float(computed):.4g}"


def _read(printed: str) -> _Printed:
    found = _NUMBER.fullmatch(printed)
    assert found, f"{printed!r} is no figure"
    decimals = found["decimals"] or ""
    scale = _SCALES[found["unit"] or ""]
    value = Fraction(found["digits"].replace(",", "") + decimals) * scale
    unit = scale / 10 ** max(len(decimals) - 1, 0)
    return _Printed(value, unit, bool(found["about"] or decimals or found["unit"]))

"""Figures to the width of a column, with type that can still be read."""

from __future__ import annotations

import re
from dataclasses import replace
from math import inf
from typing import Final

from inception_dsl.backends.drawing.errors import RenderError
from inception_dsl.backends.drawing.numbers import short
from inception_dsl.backends.figure.scene import Scene, moved

__all__ = ["SMALLEST_TYPE", "TypeTooSmall", "fitted", "in_points", "parse_length"]

SMALLEST_TYPE: Final = 5.0
"""Points; what most journals take as the smallest."""

_POINTS: Final = {"in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "pt": 1.0, "px": 0.75}
_LENGTH: Final = re.compile(rf"\s*(\d+\.?\d*|\.\d+)\s*({'|'.join(_POINTS)})\s*", re.ASCII)
_ROUNDING: Final = 1e-6


class TypeTooSmall(RenderError):
    """The smallest type of a figure would be smaller than asked for."""


def parse_length(text: str) -> float:
    """A length such as `3.25in` in points of 1/72 inch; a `px` is 1/96 inch.

    Raises: ValueError for anything else.
    """
    found = _LENGTH.fullmatch(text)
    if found is None or not float(found[1]):
        raise ValueError(
            f"`{text}` is no length: expected a number with a unit, such as 3.25in, 8.3cm, 83mm, "
            "234pt or 312px"
        )
    return float(found[1]) * _POINTS[found[2]]


def in_points(length: float | str) -> float:
    """A length as Python gives it: in points, or as `"3.25in"`.

    Raises: ValueError for anything else.
    """
    if isinstance(length, str):
        return parse_length(length)
    if not 0 < length < inf:
        raise ValueError(f"{length} is no length: expected points, or text such as '3.25in'")
    return float(length)


def fitted(scene: Scene, width: float | None, smallest_type: float = SMALLEST_TYPE) -> Scene:
    """The scene to be printed exactly `width` points wide, or as it is drawn.

    It is never enlarged: a narrower drawing stands in the middle.

    Raises: TypeTooSmall if its smallest type would be below `smallest_type`.
    """
    if width is None:
        fit = scene
    elif width < scene.width:
        fit = replace(scene, scale=width / scene.width)
    else:
        aside = (width - scene.width) / 2
        items = tuple(moved(item, aside, 0.0) for item in scene.items)
        fit = replace(scene, width=width, items=items, scale=1.0)
    if any(scene.texts()) and fit.smallest_type() < smallest_type - _ROUNDING:
        raise TypeTooSmall(_refusal(scene, fit, smallest_type))
    return fit


def _refusal(scene: Scene, fit: Scene, smallest_type: float) -> str:
    found = f"the smallest type would be {short(fit.smallest_type())} pt"
    asked = f"at least {short(smallest_type)} pt is asked for"
    if fit.scale >= 1:
        return f"{found}, {asked}: a figure is not enlarged, ask for smaller type"
    drawn = fit.smallest_type() / fit.scale
    advice = "fold more with a smaller depth, show fewer facts, or draw it in the other direction"
    if drawn < smallest_type:
        advice = f"in no width is it larger than {short(drawn)} pt, ask for smaller type"
    else:
        wide = scene.width * smallest_type / drawn / _POINTS["in"]
        advice = f"make it {wide + 0.005:.2f}in wide, {advice}"
    at = f"{short(fit.width * fit.scale / _POINTS['in'])}in"
    return f"at a width of {at} {found}, {asked}: {advice}"

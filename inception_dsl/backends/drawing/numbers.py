"""Numbers in a drawing's text."""

from __future__ import annotations

__all__ = ["short"]


def short(number: float) -> str:
    """At most two decimals, which is finer than any printer."""
    digits = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits

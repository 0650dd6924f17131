"""Which cells of one axis an output cell reads: the arithmetic of receptive fields."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Reach"]


@dataclass(frozen=True, slots=True)
class Reach:
    """Output cell i reads the cells from `i * stride + first` to `i * stride + last`, both counted.

    Fractions stand for a step of several output cells: cell numbers are rounded inwards.
    """

    stride: Fraction = Fraction(1)
    first: Fraction = Fraction(0)
    last: Fraction = Fraction(0)

    def through(self, inner: Reach) -> Reach:
        """What a cell reads that reads `self` through `inner`, which stands nearer to the input."""
        return Reach(
            inner.stride * self.stride,
            inner.first + inner.stride * self.first,
            inner.last + inner.stride * self.last,
        )

    def all_of(self, cells: int) -> Reach:
        """What the first `cells` of an axis read together, for every cell that reads them all."""
        return Reach(Fraction(0), self.first, self.last + self.stride * (cells - 1))

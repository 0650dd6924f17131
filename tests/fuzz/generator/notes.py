"""Random shape notes."""

from __future__ import annotations

from tests.fuzz.generator.context import Context
from tests.fuzz.generator.scopes import Scope
from tests.fuzz.generator.steps import Note

__all__ = ["note"]

Shape = tuple[int, ...]


def note(ctx: Context, scope: Scope, shape: Shape) -> Note:
    """A shape note that holds, some of its axes open."""
    open_ = [ctx.chance(0.25) for _ in shape]
    if ctx.chance(0.35):
        extents = [None if o else ctx.write(scope, n) for o, n in zip(open_, shape, strict=True)]
        return Note(tuple(extents), brackets=True)
    extents = [None if o else ctx.write(scope, n, 0) for o, n in zip(open_, shape, strict=True)]
    return Note(tuple(extents), brackets=False)

"""Random `if`s and `repeat`s."""

from __future__ import annotations

from dataclasses import replace

from tests.fuzz.generator.branches import Rounds
from tests.fuzz.generator.calls import fit
from tests.fuzz.generator.context import Context, Place
from tests.fuzz.generator.notes import note
from tests.fuzz.generator.scopes import Scope
from tests.fuzz.generator.statements import Apply, Bind, If, Repeat
from tests.fuzz.generator.steps import Block, Chain, Statement
from tests.fuzz.generator.tensors import Tensor
from tests.fuzz.generator.values import Misfit

__all__ = ["cells", "if_", "repeat"]


def if_(ctx: Context, scope: Scope, x: Tensor, place: Place) -> Statement:
    inner = replace(place, depth=place.depth - 1)
    held = ctx.chance(0.5)
    taken_scope, other_scope = scope.copy(), scope.copy()
    taken = Block(ctx.body(taken_scope, x, inner, ctx.rng.randint(1, 2)), ctx.chance(0.3))
    condition = ctx.condition(scope, held)
    form = ctx.rng.randrange(4)
    if form == 0 and held:
        made = If(condition, taken, None)
    else:
        # What is not taken is checked for its names only.
        other = Block(ctx.body(other_scope, x, inner, ctx.rng.randint(0, 1)))
        arms = (taken, other) if held else (other, taken)
        if form == 1:
            nested = If(condition, *arms)
            third = Block(ctx.body(scope.copy(), x, inner, 1))
            made = If(ctx.condition(scope, False), third, Block((nested,)), chained=ctx.chance(0.7))
        else:
            made = If(condition, *arms)
    if ctx.chance(0.2):
        end = made.run(scope.copy(), x)
        assert end
        made = replace(made, note=note(ctx, scope, end.shape))
    return made


def repeat(ctx: Context, scope: Scope, x: Tensor, place: Place) -> Statement:
    inner_place = replace(place, depth=place.depth - 1, repeated=True)
    times = ctx.rng.choice((0, 1, 2, 2, 3))
    inner = scope.copy().inner(round=True)
    low, variable = None, None
    start = ctx.rng.randint(0, 4)
    if ctx.chance(0.6):
        variable = ctx.value_name(inner)
        inner.values[variable] = start
        low = ctx.write(scope, start)
    count = ctx.write(scope, times + (start if low else 0))
    kept = ctx.steps(inner, x, inner_place, 1, keep=True)
    statements = ctx.body(inner, x, inner_place, ctx.rng.randint(0, 2), x.shape)
    if ctx.chance(0.5) or not statements:
        statements = (Apply(Chain((), tuple(kept))),)
    noted = None
    made = Repeat(Rounds(count, variable, low), Block(statements, ctx.chance(0.3)))
    if ctx.chance(0.2):
        end = made.run(scope.copy(), x)
        noted = note(ctx, scope, end.shape) if end else None
    return replace(made, note=noted)


def cells(ctx: Context, scope: Scope, x: Tensor, place: Place) -> Statement:
    """A repeat whose rounds rebind tensors of the body around it."""
    inner = scope.copy().inner(round=True)
    names = [n for n in inner.open_tensors() if inner.tensor(n).shape == x.shape]
    if not names:
        raise Misfit
    cur = ctx.rng.choice(names)
    inner_place = replace(place, depth=place.depth - 1, repeated=True)
    steps = ctx.steps(inner, x, inner_place, 1, keep=True)
    steps += fit(ctx, inner, Chain((), tuple(steps)).run(inner.copy(), x).shape, x.shape)
    statements: list[Statement] = []
    if len(names) > 1 and ctx.chance(0.7):
        prev = ctx.rng.choice([name for name in names if name != cur])
        fresh = ctx.tensor_name(inner)
        statements = [
            Bind(fresh, Chain((cur,), tuple(steps))),
            Bind(prev, Chain((cur,), ())),
            Bind(cur, Chain((fresh,), ())),
        ]
    else:
        statements = [Bind(cur, Chain((cur,), tuple(steps)))]
    count = ctx.write(scope, ctx.rng.choice((1, 2, 2, 3)))
    return Repeat(Rounds(count), Block(tuple(statements)))

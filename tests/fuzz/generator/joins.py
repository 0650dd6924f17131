"""Random combinations and residuals, whose branches end on shapes that fit together."""

from __future__ import annotations

from dataclasses import replace

from tests.fuzz.generator.branches import (
    Branch,
    BranchIf,
    BranchItem,
    BranchRepeat,
    Combine,
    Residual,
    Rounds,
)
from tests.fuzz.generator.calls import fit
from tests.fuzz.generator.context import Context, Place
from tests.fuzz.generator.notes import note
from tests.fuzz.generator.operation_calls import effect_of, random_arguments
from tests.fuzz.generator.scopes import Scope
from tests.fuzz.generator.steps import Argument, Block, Call, Chain, Step
from tests.fuzz.generator.tensors import Tensor

__all__ = ["combination", "random_grid", "residual"]

Shape = tuple[int, ...]


def random_grid(ctx: Context, x: Shape, *, shrink: bool = False) -> Shape:
    """A grid that some window makes of that of `x`; a smaller one, or often the same."""
    if not shrink and ctx.chance(0.65):
        return x[1:]
    for _ in range(10):
        given = random_arguments(ctx.rng, "max_pool", x)
        grid = effect_of("max_pool", given, x).shape[1:] if given else x[1:]
        if grid != x[1:] and all(map(int.__le__, grid, x[1:])):
            return grid
    return x[1:]


def combination(
    ctx: Context, scope: Scope, x: Tensor | None, place: Place, goal: Shape | None = None
) -> Combine:
    """`concat`, `add` or `mul`; where there is no current tensor its branches start from names."""
    base = x or ctx.rng.choice(list(scope.known_tensors().values()))
    keyword = ctx.rng.choice(("concat", "concat", "add", "mul"))
    if goal is None:
        goal = (ctx.rng.randint(2, 12), *random_grid(ctx, base.shape))
    count = ctx.rng.randint(1, 4)
    shapes = [goal] * count
    if keyword == "concat":
        cuts = sorted(ctx.rng.sample(range(1, goal[0]), min(count, goal[0]) - 1))
        ends = zip([0, *cuts], [*cuts, goal[0]], strict=True)
        shapes = [(stop - start, *goal[1:]) for start, stop in ends]
    elif keyword == "mul" and count > 1 and len(goal) > 1 and ctx.chance(0.5):
        shapes[-1] = (goal[0], *(1,) * (len(goal) - 1))
    inner = replace(
        place, kind="layer" if place.kind == "layer" else "inner", depth=place.depth - 1
    )
    items: list[BranchItem] = [_branch(ctx, scope, x, inner, shape) for shape in shapes]
    return Combine(keyword, tuple(_nested(ctx, scope, x, inner, keyword, items, shapes)))


def _nested(
    ctx: Context, scope: Scope, x: Tensor | None, place: Place, keyword: str,
    items: list[BranchItem], shapes: list[Shape],
) -> list[BranchItem]:  # fmt: skip
    """Some of the branches behind an `if` or in a `repeat`."""
    if keyword != "concat" and ctx.chance(0.15):
        items[0] = _repeated(ctx, scope, x, place, shapes[0], ctx.rng.randint(1, 2))
    elif ctx.chance(0.1):
        items.append(_repeated(ctx, scope, x, place, shapes[0], 0))
    if ctx.chance(0.2):
        at = ctx.rng.randrange(len(items))
        other: list[BranchItem] = [_branch(ctx, scope, x, place, shapes[0])]
        held = ctx.chance(0.5)
        if ctx.chance(0.3):
            deeper = BranchIf(ctx.condition(scope, held), *_arms(held, (items[at],), tuple(other)))
            outer = ctx.condition(scope, False)
            items[at] = BranchIf(outer, tuple(other), (deeper,), chained=ctx.chance(0.7))
        elif ctx.chance(0.3):
            items.insert(at, BranchIf(ctx.condition(scope, False), tuple(other), ()))
        else:
            arms = _arms(held, (items[at],), tuple(other))
            items[at] = BranchIf(ctx.condition(scope, held), *arms)
    return items


def _arms(
    held: bool, taken: tuple[BranchItem, ...], other: tuple[BranchItem, ...]
) -> tuple[tuple[BranchItem, ...], tuple[BranchItem, ...]]:
    return (taken, other) if held else (other, taken)


def _repeated(
    ctx: Context, scope: Scope, x: Tensor | None, place: Place, shape: Shape, times: int
) -> BranchRepeat:
    inner = scope.copy().inner(round=True)
    variable = ctx.value_name(inner) if ctx.chance(0.6) else None
    low = None
    if variable:
        start = ctx.rng.randint(0, 3)
        inner.values[variable] = start
        low = ctx.write(scope, start)
    count = ctx.write(scope, (start if low else 0) + times)
    return BranchRepeat(Rounds(count, variable, low), (_branch(ctx, inner, x, place, shape),))


def _branch(ctx: Context, outer: Scope, x: Tensor | None, place: Place, goal: Shape) -> Branch:
    """A branch that ends on the shape."""
    scope = outer.copy().inner()
    name = ctx.rng.choice(("left", "pool", "deep", "b2", "class")) if ctx.chance(0.3) else None
    same = [n for n, each in scope.known_tensors().items() if each.shape == goal]
    written: Block | Chain
    if same and ctx.chance(0.5):
        written = Chain((ctx.rng.choice(same),), ())
    elif x and x.shape == goal and ctx.chance(0.2):
        written = Chain((), (Call("identity"),))
    elif x and ctx.chance(0.25) and place.depth > 0:
        written = Block(ctx.body(scope.copy(), x, place, ctx.rng.randint(0, 2), goal))
    else:
        start: tuple[str, ...] = ()
        if x is None or ctx.chance(0.1):
            start = (ctx.rng.choice(list(scope.known_tensors())),)
        first = scope.tensor(start[0]) if start else x
        assert first
        chosen = ctx.steps(scope, first, place, ctx.rng.randint(0, 2))
        end = Chain(start, tuple(chosen)).run(scope.copy(), x) if chosen else first
        steps: list[Step] = chosen + fit(ctx, scope, end.shape, goal)
        written = Chain(start, tuple(steps or [Call("identity")]))
    noted = note(ctx, scope, goal) if ctx.chance(0.2) else None
    return Branch(name, written, noted)


def residual(
    ctx: Context, scope: Scope, x: Tensor, place: Place, goal: Shape | None = None
) -> Residual:
    """`shortcut(x) + scale * f(x)`; the shortcut projects where the shapes differ."""
    if goal is None:
        goal = x.shape
        if ctx.chance(0.4):
            goal = (ctx.rng.randint(1, 12), *random_grid(ctx, x.shape))
    inner = replace(
        place, kind="layer" if place.kind == "layer" else "inner", depth=place.depth - 1
    )

    def side(count: int) -> Block:
        return Block(ctx.body(scope.copy().inner(), x, inner, count, goal), ctx.chance(0.4))

    main = side(ctx.rng.randint(1, 3))
    shortcut = side(ctx.rng.randint(0, 1)) if goal != x.shape or ctx.chance(0.3) else None
    scale = None
    if ctx.chance(0.4):
        factor = ctx.write(scope, ctx.rng.choice((0.5, 0.17, 2, 1, 1.0, -0.5)))
        scale = Argument("scale" if ctx.chance(0.7) else None, factor)
    return Residual(main, shortcut, scale, empty=ctx.chance(0.1))

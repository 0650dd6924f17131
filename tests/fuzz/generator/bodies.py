"""Random bodies: statement after statement, each tried on the tensor that it will read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tests.fuzz.generator.calls import definition_call, fit, operation_call
from tests.fuzz.generator.context import Context, Place
from tests.fuzz.generator.control import cells, if_, repeat
from tests.fuzz.generator.joins import combination, residual
from tests.fuzz.generator.notes import note
from tests.fuzz.generator.scopes import Scope
from tests.fuzz.generator.sections import auxiliary, stage
from tests.fuzz.generator.statements import Apply, Bind, If, Let, Section
from tests.fuzz.generator.steps import Call, Chain, Note, Statement, Step
from tests.fuzz.generator.tensors import Tensor
from tests.fuzz.generator.values import Misfit, Size

__all__ = ["body", "claims", "some_steps"]

Shape = tuple[int, ...]


def some_steps(
    ctx: Context, outer: Scope, x: Tensor, place: Place, count: int, *, keep: bool = False
) -> list[Step]:
    """Steps on a tensor; with `keep` none of them changes the grid."""
    scope, steps = outer.copy(), list[Step]()
    for _ in range(count):
        step = _step(ctx, scope, x, place, keep)
        try:
            x = Chain((), (step,)).run(scope.copy(), x)
        except Misfit:
            step = Call("relu")
            x = Chain((), (step,)).run(scope, x)
        steps.append(step)
    return steps


def _step(ctx: Context, scope: Scope, x: Tensor, place: Place, keep: bool) -> Step:
    layer = place.kind == "layer"
    if ctx.budget > 0 and ctx.chance(0.3):
        goal = (ctx.rng.randint(1, 12), *x.shape[1:]) if keep else None
        kind = ctx.rng.choice(("call", "call", "combine", "combine", "residual"))
        if kind == "call":
            roles = ("layer",) if layer else ("layer", "block", "module", "reduction")
            call = definition_call(ctx, scope, [x], place.depth - 1, goal=goal, roles=roles)
            if call:
                return call
        elif place.depth > 0 and not layer:
            make = combination if kind == "combine" else residual
            return make(ctx, scope, x, place, goal)
    return operation_call(ctx, scope, x, keep=keep)


def body(
    ctx: Context, scope: Scope, x: Tensor | None, place: Place, count: int,
    goal: Shape | None = None,
) -> tuple[Statement, ...]:  # fmt: skip
    """Statements; the last ends on `goal`, if there is one."""
    written: list[Statement] = []
    if x is None:
        first = _start(ctx, scope, place)
        x = first.run(scope, None)
        written.append(first)
    assert x
    for _ in range(count):
        if ctx.budget <= 0:
            break
        made = _tried(ctx, scope, x, place)
        if made:
            statement, x, scope = made
            written.append(statement)
    if goal and x.shape != goal:
        chain = Chain((), tuple(fit(ctx, scope, x.shape, goal)))
        noted = note(ctx, scope, goal) if ctx.chance(0.3) else None
        written.append(Apply(chain, noted))
    return tuple(written)


def _tried(
    ctx: Context, scope: Scope, x: Tensor, place: Place
) -> tuple[Statement, Tensor, Scope] | None:
    """A statement that holds, with the tensor and the names behind it."""
    try:
        statement = _choose(ctx, place)(ctx, scope.copy(), x, place)
        done = scope.copy()
        result = statement.run(done, x)
    except Misfit:
        return None
    done.claimed.update(claims([statement]))
    if result is None or max(result.shape[1:], default=1) > 24 or result.shape[0] > 600:
        return None
    return statement, result, done


def claims(statements: Iterable[object]) -> Iterator[str]:
    """The names that statements bind in their scope, in arms that are not taken too."""
    for statement in statements:
        match statement:
            case Bind(name=name) | Section(kind="stage", name=name):
                yield f"tensor {name}"
            case Let(name=name):
                yield f"value {name}"
        match statement:
            case If(then=then, otherwise=otherwise):
                yield from claims([*then.statements, *(otherwise.statements if otherwise else ())])
            case Section(body=inner):
                yield from claims(inner.statements)


_Maker = Callable[[Context, Scope, Tensor, Place], Statement]


def _choose(ctx: Context, place: Place) -> _Maker:
    weighted: list[tuple[int, _Maker]] = [(10, _apply), (4, _bind), (2, _let)]
    if place.kind != "layer":
        weighted += [(2, _from), (1, _alias)]
    if place.depth > 0:
        weighted.append((2, if_))
        if place.kind != "layer":
            weighted += [(2, repeat), (1, cells)]
    if place.in_network:
        weighted.append((2, stage))
        if not place.repeated:
            weighted.append((2, auxiliary))
    makers = [maker for weight, maker in weighted for _ in range(weight)]
    return ctx.rng.choice(makers)


def _chain(ctx: Context, scope: Scope, x: Tensor, place: Place, *, keep: bool = False) -> Chain:
    start: tuple[str, ...] = ()
    if ctx.chance(0.08):
        start = (ctx.rng.choice(list(scope.known_tensors())),)
        x = scope.tensor(start[0])
    count = ctx.rng.choice((1, 1, 1, 2, 3))
    return Chain(start, tuple(some_steps(ctx, scope, x, place, count, keep=keep)))


def _noted(ctx: Context, scope: Scope, x: Tensor, chain: Chain) -> Note | None:
    """Often a note in a network, sometimes elsewhere."""
    if not ctx.chance(0.3):
        return None
    return note(ctx, scope, chain.run(scope.copy(), x).shape)


def _apply(ctx: Context, scope: Scope, x: Tensor, place: Place) -> Statement:
    chain = _chain(ctx, scope, x, place)
    return Apply(chain, _noted(ctx, scope, x, chain))


def _bind(ctx: Context, scope: Scope, x: Tensor, place: Place) -> Statement:
    chain = _chain(ctx, scope, x, place)
    noted = _noted(ctx, scope, x, chain)
    return Bind(ctx.tensor_name(scope), chain, noted)


def _alias(ctx: Context, scope: Scope, x: Tensor, place: Place) -> Statement:
    known = ctx.rng.choice(list(scope.known_tensors()))
    return Bind(ctx.tensor_name(scope), Chain((known,), ()))


def _let(ctx: Context, scope: Scope, x: Tensor, place: Place) -> Statement:
    choice = ctx.rng.randrange(7)
    if choice == 0:
        call = operation_call(ctx, scope, x)
        return Let(ctx.value_name(scope), call.as_value())
    value = (
        ctx.rng.randint(0, 12),
        ctx.rng.choice((0.5, 0.25, 1e-3)),
        ctx.chance(0.5),
        Size((ctx.rng.randint(1, 3), ctx.rng.randint(1, 3))),
        ctx.rng.choice(("wide", "", "a b")),
        tuple(ctx.rng.randint(1, 9) for _ in range(ctx.rng.randint(0, 3))),
    )[choice - 1]
    made = ctx.write(scope, value)
    return Let(ctx.value_name(scope), made)


def _from(ctx: Context, scope: Scope, x: Tensor, place: Place) -> Statement:
    """A call of a definition with several inputs."""
    count = ctx.rng.choice((1, 2, 2, 3))
    known = [name for name in scope.known_tensors() if name != "input"]
    if not known:
        raise Misfit
    names = tuple(ctx.rng.choice(known) for _ in range(count))
    operands = [scope.tensor(name) for name in names]
    call = definition_call(ctx, scope, operands, place.depth - 1, roles=("block", "module"))
    if call is None or (count > 1 and len(scope.value(call.name).target.operands) != count):
        raise Misfit
    return Apply(Chain(names, (call,), gather=True))


def _start(ctx: Context, scope: Scope, place: Place) -> Statement:
    """The first statement where there is no current tensor."""
    if ctx.chance(0.6) and place.depth > 0:
        return Apply(Chain((), (combination(ctx, scope, None, place),)))
    name = ctx.rng.choice(list(scope.known_tensors()))
    steps = some_steps(ctx, scope, scope.tensor(name), place, 1)
    return Apply(Chain((name,), tuple(steps)))

"""Random calls of operations and definitions, and chains that end on a wanted shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from tests.fuzz.generator.context import Context
from tests.fuzz.generator.operation_calls import Given, effect_of, random_arguments, window_onto
from tests.fuzz.generator.operations import OPERATIONS, REQUIRED
from tests.fuzz.generator.scopes import Scope
from tests.fuzz.generator.steps import Argument, Call, Step
from tests.fuzz.generator.tensors import Tensor
from tests.fuzz.generator.values import Misfit, OpValue, Word

__all__ = ["definition_call", "fit", "operation_call", "written_call"]

Shape = tuple[int, ...]
_MOST_CHANNELS, _LONGEST_AXIS = 32, 24


def written_call(
    ctx: Context, scope: Scope, name: str, order: Sequence[str], given: Mapping[str, Any]
) -> Call:
    """A call with these arguments: some by position, the others by name, in any order."""
    positional = 0
    while positional < len(order) and order[positional] in given and ctx.chance(0.75):
        positional += 1
    leading = list(order[:positional])
    named = [key for key in given if key not in leading]
    ctx.rng.shuffle(named)
    arguments = [Argument(None, ctx.write(scope, given[key])) for key in leading]
    arguments += [Argument(key, ctx.write(scope, given[key])) for key in named]
    return Call(name, tuple(arguments), comma=ctx.chance(0.05))


def operation_call(ctx: Context, scope: Scope, x: Tensor, *, keep: bool = False) -> Call:
    """An operation on `x`; with `keep` it leaves the grid as it is."""
    ctx.budget -= 1
    names = list(OPERATIONS)
    if ctx.chance(0.35):
        names = [n for n in names if OPERATIONS[n].kind]
    handy = _op_values(scope)
    for _ in range(20):
        name = ctx.rng.choice(handy if handy and ctx.chance(0.15) else names)
        call = _call_of(ctx, scope, x.shape, name, keep)
        if call:
            return call
    return Call("relu")


def _call_of(ctx: Context, scope: Scope, x: Shape, name: str, keep: bool) -> Call | None:
    """A call of that name, where the operation behind it takes `x`."""
    try:
        op = scope.value(name)
        if not isinstance(op, OpValue):
            return None
        if not isinstance(op.target, str):
            whole = Call(name)
            shape = whole.run(scope.copy(), [Tensor(1, x)]).shape
            return whole if _handy(shape) and (not keep or shape[1:] == x[1:]) else None
        given = random_arguments(ctx.rng, op.target, x)
        if given is None:
            return None
        fresh = {
            key: value for key, value in given.items() if key not in op.bound or ctx.chance(0.2)
        }
        if ctx.chance(0.15):
            fresh |= _defaults(ctx, op.target, given)
        result = effect_of(op.target, {**op.bound, **fresh}, x).shape
        if (keep and result[1:] != x[1:]) or not _handy(result):
            return None
        free = [key for key in OPERATIONS[op.target].parameters if key not in op.bound]
        return written_call(ctx, scope, name, free, fresh)
    except Misfit:
        return None


def _defaults(ctx: Context, name: str, given: Given) -> Given:
    """A default, written out."""
    free = [
        (key, default)
        for key, (_, default) in OPERATIONS[name].parameters.items()
        if key not in given and default is not REQUIRED and default is not None
    ]
    return dict([ctx.rng.choice(free)]) if free else {}


def _handy(shape: Shape) -> bool:
    if len(shape) == 1:
        return shape[0] <= 600
    return shape[0] <= _MOST_CHANNELS and max(shape[1:]) <= _LONGEST_AXIS


def _op_values(scope: Scope) -> list[str]:
    known = scope.known_values()
    return [name for name, value in known.items() if isinstance(value, OpValue)]


def definition_call(
    ctx: Context, scope: Scope, operands: Sequence[Tensor], depth: int, *,
    goal: Shape | None = None, roles: Sequence[str] = ("layer", "block", "module", "reduction"),
) -> Call | None:  # fmt: skip
    """A call of a definition, a new one or one that exists, or None where none came about."""
    found: Call | None = None
    if ctx.chance(0.5):
        found = _known_definition(ctx, scope, operands, goal, roles)
    if found is None and depth > 0 and ctx.budget > 0:
        role = ctx.rng.choice(list(roles))
        made = ctx.define(scope, operands, role, depth, goal)
        if made:
            name, given = made
            try:
                order = [param.name for param in scope.value(name).target.params]
                found = written_call(ctx, scope, name, order, given)
            except (Misfit, AttributeError):
                return None
    return found


def _known_definition(
    ctx: Context, scope: Scope, operands: Sequence[Tensor], goal: Shape | None, roles: Sequence[str]
) -> Call | None:
    names = [n for n, each in scope.library.definitions.items() if each.role in roles]
    ctx.rng.shuffle(names)
    for name in names[:3]:
        try:
            op = scope.value(name)
            call = written_call(ctx, scope, name, *_redrawn(ctx, op.target))
            result = call.run(scope.copy(), operands)
        except (Misfit, AttributeError):
            continue
        if (goal is None or result.shape == goal) and _handy(result.shape):
            return call
    return None


def _redrawn(ctx: Context, definition: Any) -> tuple[list[str], dict[str, Any]]:
    """Arguments for another use of a definition: those of the first, some of them changed."""
    given: dict[str, Any] = {}
    for param in definition.params:
        value = definition.first.get(param.name)
        if param.default and ctx.chance(0.5):
            continue
        if type(value) is int and ctx.chance(0.5):
            value = max(1, value + ctx.rng.choice((-1, 1, value, 4)))
        if type(value) is bool:
            value = ctx.chance(0.5)
        given[param.name] = value
    return [param.name for param in definition.params], given


def fit(ctx: Context, scope: Scope, x: Shape, goal: Shape) -> list[Step]:
    """Steps from one shape to another."""
    steps: list[tuple[str, Given]] = []
    if len(goal) == 1 and len(x) > 1:
        if prod(x) <= 400 and ctx.chance(0.4):
            steps.append(("flatten", {}))
            x = (prod(x),)
        else:
            steps.append((ctx.rng.choice(("global_avg_pool", "global_max_pool")), {}))
            x = x[:1]
    if len(goal) == 1 and x != goal:
        steps.append(("linear", {"features": goal[0]}))
    elif len(goal) > 1 and len(x) != len(goal):
        if x != (prod(goal),):
            steps += [("flatten", {})] if len(x) > 1 else []
            steps.append(("linear", {"features": prod(goal)}))
        steps.append(("reshape", {"shape": goal}))
    elif len(goal) > 1 and x != goal:
        steps += _onto_grid(ctx, x, goal)
    return [
        written_call(ctx, scope, name, list(OPERATIONS[name].parameters), given)
        for name, given in steps
    ]


def _onto_grid(ctx: Context, x: Shape, goal: Shape) -> list[tuple[str, Given]]:
    """A convolution or pool that makes the grid, and one that makes the channels."""
    name = f"conv{len(goal) - 1}d"
    if x[1:] == goal[1:]:
        wide = {"filters": goal[0], "kernel": 3, "padding": Word("same")}
        given = wide if ctx.chance(0.4) else {"filters": goal[0], "kernel": 1}
        return [(name, given)] if ctx.chance(0.6) else [(name, {**given, "bias": False})]
    given = window_onto(ctx.rng, name, x, goal[1:]) or {}
    if given and ctx.chance(0.5):
        given = {key: value for key, value in given.items() if key != "groups"}
        return [(name, {**given, "filters": goal[0]})]
    steps: list[tuple[str, Given]] = []
    pool = ctx.rng.choice(("max_pool", "avg_pool"))
    found = window_onto(ctx.rng, pool, x, goal[1:])
    if found:
        steps.append((pool, found))
    else:
        size = goal[1] if len(set(goal[1:])) == 1 else tuple(goal[1:])
        steps.append(("adaptive_avg_pool", {"size": size}))
    if x[0] != goal[0]:
        steps.append((name, {"filters": goal[0], "kernel": 1}))
    return steps

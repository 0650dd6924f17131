"""What stands in networks alone: sections, and auxiliary heads."""

from __future__ import annotations

from dataclasses import replace

from tests.fuzz.generator.calls import definition_call, fit
from tests.fuzz.generator.context import Context, Place
from tests.fuzz.generator.notes import note
from tests.fuzz.generator.scopes import Scope
from tests.fuzz.generator.statements import Apply, Aux, Section
from tests.fuzz.generator.steps import Argument, Block, Call, Chain, Statement
from tests.fuzz.generator.tensors import Tensor

__all__ = ["auxiliary", "ending", "opening", "stage"]


def stage(ctx: Context, scope: Scope, x: Tensor, place: Place) -> Statement:
    """`stage name { ... }`."""
    inner = replace(place, kind="section", depth=place.depth - 1)
    name = ctx.tensor_name(scope)  # before its body, which may then not bind it
    statements = ctx.body(scope.copy(), x, inner, ctx.rng.randint(0, 3))
    made = Section("stage", name, Block(statements))
    end = made.run(scope.copy(), x)
    return replace(made, note=note(ctx, scope, end.shape) if end and ctx.chance(0.4) else None)


def auxiliary(ctx: Context, scope: Scope, x: Tensor, place: Place) -> Statement:
    """`aux name(weight=0.4) = ...`."""
    call = definition_call(ctx, scope, [x], place.depth - 1, roles=("head",))
    steps = [call] if call else fit(ctx, scope, x.shape, (ctx.rng.randint(2, 9),))
    weight = None
    if ctx.chance(0.7):
        written = ctx.write(scope, ctx.rng.choice((0.3, 0.4, 1, 0.5)))
        weight = Argument("weight" if ctx.chance(0.8) else None, written)
    chain = Chain((), tuple(steps or [Call("softmax")]))
    end = chain.run(scope.copy(), x)
    noted = note(ctx, scope, end.shape) if ctx.chance(0.3) else None
    name = ctx.file_name(["aux1", "early", "aux_logits", "helper"])
    return Aux(name, weight, chain, noted)


def opening(ctx: Context, scope: Scope, x: Tensor) -> Statement | None:
    """A stem: a section, a definition, or none."""
    if ctx.chance(0.35):
        place = Place("section", depth=2)
        block = Block(ctx.body(scope.copy(), x, place, ctx.rng.randint(1, 3)))
        made = Section("stem", "stem", block)
        end = made.run(scope.copy(), x)
        return replace(made, note=note(ctx, scope, end.shape) if end and ctx.chance(0.4) else None)
    call = definition_call(ctx, scope, [x], 2, roles=("stem",)) if ctx.chance(0.35) else None
    return Apply(Chain((), (call,))) if call else None


def ending(ctx: Context, scope: Scope, x: Tensor, classes: int) -> Statement | None:
    """A head: a section, a definition, plain statements, or none."""
    goal = (classes,)
    if ctx.chance(0.5):
        place = Place("section", depth=1)
        block = Block(ctx.body(scope.copy(), x, place, ctx.rng.randint(0, 2), goal))
        noted = note(ctx, scope, goal) if ctx.chance(0.5) else None
        return Section("head", "head", block, noted)
    if ctx.chance(0.5):
        call = definition_call(ctx, scope, [x], 2, goal=goal, roles=("head",))
        if call:
            return Apply(Chain((), (call,)))
    if ctx.chance(0.6):
        return Apply(Chain((), tuple(fit(ctx, scope, x.shape, goal) or [Call("relu")])))
    return None

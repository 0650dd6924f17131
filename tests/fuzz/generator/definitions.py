"""Random definitions: made for the use at hand, and used again where they fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.fuzz.generator.context import Context, Place
from tests.fuzz.generator.joins import random_grid
from tests.fuzz.generator.notes import note
from tests.fuzz.generator.operation_calls import random_arguments
from tests.fuzz.generator.programs import Definition, Param
from tests.fuzz.generator.scopes import Library, Scope
from tests.fuzz.generator.steps import Block
from tests.fuzz.generator.tensors import Tensor
from tests.fuzz.generator.values import Misfit, OpValue, Size, Word, kind_of

__all__ = ["define", "random_value"]

Shape = tuple[int, ...]


def define(
    ctx: Context, caller: Scope, operands: Sequence[Tensor], role: str, depth: int,
    goal: Shape | None,
) -> tuple[str, dict[str, Any]] | None:  # fmt: skip
    """A new definition, by the name it has at the caller, and arguments for this use of it."""
    x = operands[-1]
    goal = goal or _goal(ctx, x.shape, role)
    kept = goal is not None and goal[1:] == x.shape[1:]
    if (role == "module" and not kept) or (role == "reduction" and (kept or goal is None)):
        return None
    several = len(operands) > 1 or ctx.chance(0.1)
    if several and role in ("layer", "stem"):
        return None
    library = _library(ctx, caller)
    scope = Scope(library, caller.record, None if several else x, layer=role == "layer")
    kind = role if role == "layer" else "body"
    try:
        params, given = _params(ctx, scope, x.shape)
        names = tuple(ctx.tensor_name(scope) for _ in operands) if several else ()
        scope.tensors.update(zip(names, operands, strict=False))
        count = ctx.rng.randint(0 if goal is None and not several else 1, 3)
        current = None if several else x
        statements = ctx.body(scope, current, Place(kind, depth), count, goal)
        noted = None
        if goal and ctx.chance(0.2):
            noted = note(ctx, scope, goal)
        doc = ('## What it is: a <b>random</b> "definition".',) if ctx.chance(0.3) else ()
        definition = Definition(
            role, ctx.file_name(), params, names, Block(statements), library, noted, doc
        )
        definition.first.update({param.name: scope.values[param.name] for param in params})
        definition.call(given, operands, caller)
    except Misfit:
        return None
    return _known_as(ctx, caller, definition), given


def _goal(ctx: Context, x: Shape, role: str) -> Shape | None:
    channels = ctx.rng.randint(1, 12)
    if role == "module":
        return (channels, *x[1:])
    if role == "reduction":
        grid = random_grid(ctx, x, shrink=True)
        return None if grid == x[1:] else (channels, *grid)
    if role == "head" and ctx.chance(0.8):
        return (channels,)
    return None


def _library(ctx: Context, caller: Scope) -> Library:
    """The file that a definition goes to: the caller's, or one that it imports."""
    if ctx.imports and caller.library is ctx.main and ctx.chance(0.35):
        return ctx.rng.choice(ctx.imports)
    return caller.library


def _known_as(ctx: Context, caller: Scope, definition: Definition) -> str:
    """Enter a definition into its file, and into the caller's where that is another."""
    name = definition.name
    definition.library.definitions[name] = definition
    if definition.library is not caller.library:
        name = ctx.file_name() if ctx.chance(0.5) else name
        caller.library.definitions[name] = definition
    return name


def _params(ctx: Context, scope: Scope, x: Shape) -> tuple[tuple[Param, ...], dict[str, Any]]:
    """Parameters with values for the first use; those with defaults may be left to them."""
    params: list[Param] = []
    given: dict[str, Any] = {}
    count = ctx.rng.choice((0, 1, 1, 2, 3, 4))
    optional_from = ctx.rng.randint(0, count)
    for number in range(count):
        value = random_value(ctx, scope, x)
        kind = _type_of(ctx, value)
        default = None
        if number >= optional_from or value is None:
            default = ctx.write(scope, value)
            optional_from = min(optional_from, number)
        name = ctx.value_name(scope)
        scope.values[name] = value
        params.append(Param(name, kind, default, "How wide it is." if ctx.chance(0.08) else ""))
        if default is None or (value is not None and ctx.chance(0.4)):
            given[name] = value
    return tuple(params), given


def _type_of(ctx: Context, value: Any) -> str:
    """A type that the value has."""
    kind = ctx.rng.choice(("op", "int", "string")) if value is None else kind_of(value)
    wider = {"int": ["size", "padding", "float"], "size": ["padding"], "list": ["size", "shape"]}
    ints = isinstance(value, tuple) and value and all(type(n) is int for n in value)
    if ctx.chance(0.15) and (kind != "list" or ints) and kind in wider:
        # A number stays the number it is, also as a `float`: nothing of a shape hangs on it.
        kind = ctx.rng.choice([each for each in wider[kind] if each != "float"])
    return "any" if ctx.chance(0.1) else kind


def random_value(ctx: Context, scope: Scope, x: Shape) -> Any:
    """A value that bodies have a use for."""
    rng = ctx.rng
    makers = (
        lambda: rng.randint(1, 12),
        lambda: rng.randint(1, 8),
        lambda: rng.randint(1, 3),
        lambda: rng.choice((0.5, 0.25, 1e-3, 2.0)),
        lambda: ctx.chance(0.5),
        lambda: Size(rng.choice(((1, 1), (3, 3), (1, 3), (3, 1), (2, 2), (5, 5)))),
        lambda: Word(rng.choice(("same", "valid", "same_upper", "same_lower"))),
        lambda: rng.choice(("wide", "deep", "a#b")),
        lambda: tuple(rng.randint(1, 8) for _ in range(rng.randint(0, 3))),
        lambda: _op_value(ctx, scope, x),
        lambda: _op_value(ctx, scope, x),
        lambda: None,
    )
    return rng.choice(makers)()


def _op_value(ctx: Context, scope: Scope, x: Shape) -> OpValue:
    """An operation with some of its arguments bound, or a definition with all of them."""
    known = [d for d in scope.library.definitions.values() if len(d.operands) < 2]
    simple = [d for d in known if all(p.default for p in d.params) and not d.operands]
    if simple and ctx.chance(0.4):
        return OpValue(ctx.rng.choice(simple))
    name = ctx.rng.choice(("relu", "avg_pool", "max_pool", "conv2d", "conv1d", "dropout", "scale"))
    given = random_arguments(ctx.rng, name, x) or {}
    return OpValue(name, {key: value for key, value in given.items() if ctx.chance(0.6)})

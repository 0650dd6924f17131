"""Random networks, from the input to the head."""

from __future__ import annotations

from tests.fuzz.generator.bodies import claims
from tests.fuzz.generator.context import Context, Place
from tests.fuzz.generator.definitions import random_value
from tests.fuzz.generator.notes import note
from tests.fuzz.generator.programs import Network, Param
from tests.fuzz.generator.scopes import Library, Scope
from tests.fuzz.generator.sections import ending, opening
from tests.fuzz.generator.steps import Block, Note, Statement
from tests.fuzz.generator.tensors import Bounds, Record
from tests.fuzz.generator.values import kind_of

__all__ = ["random_network"]

Shape = tuple[int, ...]


def random_network(ctx: Context, library: Library) -> Network:
    """A network that sees the names of a file."""
    scope = Scope(library, Record(Bounds(100_000)), None)
    params, classes = _network_params(ctx, scope)
    shape = _input_shape(ctx)
    declared = _declared(ctx, scope, shape)
    network = Network(
        ctx.file_name(["net", "tiny", "first", "class", "Net2"]),
        tuple(params), declared, ctx.tensor_name(scope), Block(()), library,
    )  # fmt: skip
    scope.input = scope.tensors[network.input_name] = scope.record.input(shape)
    x, statements = scope.input, list[Statement]()

    def take(statement: Statement | None) -> None:
        nonlocal x
        if statement:
            result = statement.run(scope, x)
            assert result
            x = result
            statements.append(statement)
            scope.claimed.update(claims([statement]))

    take(opening(ctx, scope, x))
    for statement in ctx.body(scope.copy(), x, Place("network"), max(1, ctx.budget)):
        take(statement)
    take(ending(ctx, scope, x, classes))
    network.body = Block(tuple(statements))
    if ctx.chance(0.15):
        network.note = note(ctx, scope, x.shape)
    if ctx.chance(0.3):
        network.doc = ("## A network", "##   of two lines, from `nowhere`.")
    return network


def _declared(ctx: Context, scope: Scope, shape: Shape) -> Note:
    """The declaration of the input's shape."""
    if ctx.chance(0.3):
        return Note(tuple(ctx.write(scope, n) for n in shape), brackets=True)
    return Note(tuple(ctx.write(scope, n, 0) for n in shape), brackets=False)


def _network_params(ctx: Context, scope: Scope) -> tuple[list[Param], int]:
    params: list[Param] = []
    for _ in range(ctx.rng.choice((0, 0, 1, 2))):
        value = random_value(ctx, scope, (4, 8, 8))
        if value is None:
            continue
        default = ctx.write(scope, value)
        name = ctx.value_name(scope)
        if name in scope.library.values:
            continue
        scope.values[name] = value
        params.append(Param(name, "any" if ctx.chance(0.1) else kind_of(value), default))
    classes = ctx.rng.randint(2, 12)
    if ctx.chance(0.5) and "classes" not in scope.library.values:
        params.append(Param("classes", "int", ctx.write(scope, classes)))
        scope.values["classes"] = classes
        scope.claimed.add("value classes")
    return params, classes


def _input_shape(ctx: Context) -> Shape:
    rng = ctx.rng
    rank = rng.choice((0, 1, 2, 2, 2, 2, 2, 3, 3))
    if rank == 0:
        return (rng.randint(1, 40),)
    longest = {1: 24, 2: 16, 3: 8}[rank]
    grid = [rng.randint(3, longest)] * rank if rng.random() < 0.5 else None
    channels = rng.choice((1, 2, 3, 3, 3, 4, 6))
    return (channels, *(grid or [rng.randint(2, longest) for _ in range(rank)]))

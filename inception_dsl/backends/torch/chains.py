"""Regions without a class of their own: modules applied one after the other, and repeats."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import groupby

from inception_dsl.backends.torch.body import Body, Part, Step, is_single
from inception_dsl.backends.torch.expressions import (
    Call,
    Comment,
    Expr,
    Items,
    Name,
    Rounds,
    Submodule,
    Value,
)
from inception_dsl.ir.graph import Graph
from inception_dsl.ir.regions import Region

__all__ = ["IDENTITY", "as_module", "chain", "is_chain", "repeat"]

IDENTITY = Call(Name("nn.Identity"))
_NEST = 3


def is_chain(body: Body) -> bool:
    """Whether a body applies modules one after the other, and nothing else."""
    if len(body.inputs) != 1 or len(body.outputs) != 1 or body.nesting >= _NEST:
        return False
    current = body.inputs[0]
    for part in body.parts:
        applied = Call(Submodule(part.segment), (Value(current),))
        if part.aux or part.constructor is None or [step.expr for step in part.steps] != [applied]:
            return False
        if len(part.steps[0].outputs) != 1:
            return False
        (current,) = part.steps[0].outputs
    return body.outputs == (current,)


def chain(body: Body, graph: Graph) -> Expr:
    """`Chain(conv=..., conv_2=...)`, or its only module where no weight carries its name."""
    modules: list[tuple[str, Expr]] = [
        (part.segment, part.constructor) for part in body.parts if part.constructor
    ]
    if len(modules) == 1 and body.stateless:
        return modules[0][1]
    if len(modules) > 1 and is_single(body.region):
        shapes = [str(graph[step.outputs[0]].out) for step in body.steps()]
        pairs = zip(modules, shapes, strict=True)
        modules = [(segment, Comment(module, shape)) for (segment, module), shape in pairs]
    return Call(Name("Chain"), (), tuple(modules))


def repeat(body: Body, kind: Callable[[Region], Hashable]) -> Part:
    """`nn.Sequential` of the rounds where each reads only the one before, else `nn.ModuleList`.

    Rounds of one `kind` are built alike.
    """
    built = {part.segment: part.constructor for part in body.parts}
    regions = {
        int(child.segment): child for child in body.region.children if isinstance(child, Region)
    }
    rounds = map(regions.get, range(max(regions) + 1))  # a round that nothing needs is not there
    items: list[Expr] = []
    for _, alike in groupby(rounds, lambda region: region and kind(region)):
        first, *others = alike
        item = built.get(first.segment) if first else None
        items.append(Rounds(item or IDENTITY, 1 + len(others)) if others else item or IDENTITY)
    if is_chain(body):
        return as_module(body, Call(Name("nn.Sequential"), tuple(items)))
    segment = body.region.segment
    steps = tuple(
        Step(
            Call(Submodule(segment, int(part.segment)), step.expr.arguments),
            step.outputs,
            tuple(f"{segment}_{name}" if name.isdigit() else name for name in step.names),
        )
        for part in body.parts
        for step in part.steps
        if isinstance(step.expr, Call)
    )
    return Part(segment, Call(Name("nn.ModuleList"), (Items(tuple(items)),)), steps)


def as_module(body: Body, constructor: Expr, aux: bool = False) -> Part:
    """A region as one submodule, called once."""
    segment = body.region.segment
    values = tuple(map(Value, body.inputs))
    names = {
        o: name for step in body.steps() for o, name in zip(step.outputs, step.names, strict=True)
    }
    shown = (segment,) if len(body.outputs) == 1 else tuple(names[o] for o in body.outputs)
    step = Step(Call(Submodule(segment), values), body.outputs, shown)
    return Part(segment, constructor, (step,), aux)

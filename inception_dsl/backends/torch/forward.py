"""The statements of a `forward`: which values get a variable, which stand where they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from inception_dsl.backends.torch.body import Step
from inception_dsl.backends.torch.expressions import (
    Binary,
    Call,
    Expr,
    Items,
    Name,
    Value,
    rebuild,
    walk,
)
from inception_dsl.backends.torch.names import Taken
from inception_dsl.backends.torch.printer import flat

__all__ = ["Forward", "Statement", "forward"]

_LONGEST_SUM = 72
_CURRENT = "x"


@dataclass(frozen=True)
class Statement:
    """`x = self.conv(x)`; an `aux` one is None in inference. `outputs` are the node paths."""

    targets: tuple[str, ...]
    expr: Expr
    outputs: tuple[str, ...]
    aux: bool = False


@dataclass(frozen=True)
class Forward:
    """The parameters, statements and result of a `forward`."""

    inputs: tuple[str, ...]
    statements: tuple[Statement, ...]
    results: tuple[str, ...]


def forward(
    inputs: Mapping[str, str],
    steps: Sequence[tuple[Step, bool]],
    outputs: Sequence[str],
    taken: Taken,
) -> Forward:
    """The statements for these steps (with whether each is auxiliary), in their order.

    `inputs` are node paths with the names wanted for them.
    """
    return _Forward(inputs, steps, outputs, taken).statements()


class _Forward:
    def __init__(
        self,
        inputs: Mapping[str, str],
        steps: Sequence[tuple[Step, bool]],
        outputs: Sequence[str],
        taken: Taken,
    ) -> None:
        self.outputs, self.taken = outputs, taken
        self.steps = _inlined(steps, inputs, outputs)
        self.last = {
            path: i for i, (step, _) in enumerate(self.steps) for path in _reads(step.expr)
        }
        self.last |= dict.fromkeys(outputs, len(self.steps))
        self.parameters = tuple(map(taken.claim, inputs.values()))
        self.variables = dict(zip(inputs, self.parameters, strict=True))
        self.current = next(iter(inputs)) if self.parameters == (_CURRENT,) else None

    def statements(self) -> Forward:
        made = []
        for i, (step, aux) in enumerate(self.steps):
            expr = _named(step.expr, self.variables)
            targets = tuple(
                self.target(i, path, name, aux)
                for path, name in zip(step.outputs, step.names, strict=True)
            )
            made.append(Statement(targets, expr, step.outputs, aux))
        results = tuple(self.variables[path] for path in self.outputs)
        return Forward(self.parameters, tuple(made), results)

    def target(self, i: int, path: str, name: str, aux: bool) -> str:
        """The variable for a value: `x` while nothing else needs it, else the value's own name."""
        last = self.last.get(path, i)
        between = (other for _, other in self.steps[i + 1 : last])
        free = self.current and self.last.get(self.current, -1) <= i and all(between)
        if free and not aux:
            self.current, self.variables[path] = path, _CURRENT
        else:
            self.variables[path] = self.taken.claim(name)
        return self.variables[path]


def _reads(expr: Expr) -> list[str]:
    return [part.path for part in walk(expr) if isinstance(part, Value)]


def _inlined(
    steps: Sequence[tuple[Step, bool]], inputs: Mapping[str, str], outputs: Sequence[str]
) -> list[tuple[Step, bool]]:
    """The steps, with the operands of sums and concatenations written where they are read."""
    uses = Counter(path for step, _ in steps for path in _reads(step.expr))
    uses.update(outputs)
    names = dict(inputs)
    for step, _ in steps:
        names |= zip(step.outputs, step.names, strict=True)
    kept: list[tuple[Step, bool]] = []
    for step, aux in steps:
        operands = dict.fromkeys(path for path in _reads(step.expr) if uses[path] == 1)
        room = _room(step.expr, names)
        found: dict[str, Expr] = {}
        passed: list[str] | None = None
        for i in range(len(kept) - 1, -1, -1) if room else ():
            inner, inner_aux = kept[i]
            reads, length = _reads(inner.expr), len(flat(_named(inner.expr, names)))
            single = len(inner.outputs) == 1 and not inner_aux
            movable = single and (passed is None or set(reads) <= set(passed))
            if movable and inner.outputs[0] in operands and length <= room:
                found[inner.outputs[0]] = inner.expr
                room -= length
                kept.pop(i)
            elif passed is None and not inner_aux:
                passed = reads
            else:
                break
        kept.append((replace(step, expr=_replaced(step.expr, found)), aux))
    return kept


def _room(expr: Expr, names: Mapping[str, str]) -> float:
    """How much longer an expression may become by its operands written out.

    They read well in a sum, where all stays on one line, and in the list of a concatenation.
    """
    if isinstance(expr, Binary):
        return max(0, _LONGEST_SUM - len(flat(_named(expr, names))))
    listed = isinstance(expr, Call) and any(isinstance(part, Items) for part in expr.arguments)
    return inf if listed else 0


def _named(expr: Expr, names: Mapping[str, str]) -> Expr:
    """The expression with names for values."""
    if isinstance(expr, Value):
        return Name(names[expr.path])
    return rebuild(expr, lambda part: _named(part, names))


def _replaced(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """The expression with some of its values written out."""
    if isinstance(expr, Value):
        return values.get(expr.path, expr)
    return rebuild(expr, lambda part: _replaced(part, values)) if values else expr

"""Chains and bodies, and the calls in them. Each can be written and run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tests.fuzz.generator.expressions import Expr
from tests.fuzz.generator.operations import OPERATIONS, REQUIRED
from tests.fuzz.generator.scopes import Scope
from tests.fuzz.generator.tensors import Tensor
from tests.fuzz.generator.values import Misfit, OpValue, fits

__all__ = [
    "Argument", "Block", "Call", "Chain", "Current", "Note", "Statement", "Step", "bind",
    "indented",
]  # fmt: skip

Current = Tensor | None


class Statement(Protocol):
    """What a body consists of."""

    def text(self) -> str:
        """As a spec writes it."""
        ...

    def run(self, scope: Scope, x: Current) -> Current:
        """The tensor behind it."""
        ...


class Step(Protocol):
    """What a chain consists of."""

    def text(self) -> str:
        """As a spec writes it."""
        ...

    def run(self, scope: Scope, operands: Sequence[Tensor]) -> Tensor:
        """The result on these operands."""
        ...


@dataclass(frozen=True)
class Argument:
    """`value`, or `keyword=value`."""

    keyword: str | None
    value: Expr

    def text(self) -> str:
        return f"{self.keyword}={self.value.text}" if self.keyword else self.value.text


def bind(op: OpValue, arguments: Sequence[Argument], scope: Scope) -> OpValue:
    """An operation with more of its arguments bound: positional ones fill those still free."""
    types = _types(op.target)
    free = [name for name in types if name not in op.bound]
    given: dict[str, Any] = {}
    for argument in arguments:
        keyword = argument.keyword or next((name for name in free if name not in given), "")
        value = argument.value.value(scope)
        if keyword not in types or keyword in given or not fits(value, types[keyword]):
            raise Misfit
        given[keyword] = value
    return OpValue(op.target, {**op.bound, **given})


def _types(target: Any) -> dict[str, str]:
    if isinstance(target, str):
        return {name: kind for name, (kind, _) in OPERATIONS[target].parameters.items()}
    return {param.name: param.kind for param in target.params}


@dataclass(frozen=True)
class Call:
    """`conv(64, 3x3)`: an operation, a definition, or an `op` value applied."""

    name: str
    arguments: tuple[Argument, ...] = ()
    comma: bool = False

    def text(self) -> str:
        inside = ", ".join(argument.text() for argument in self.arguments)
        return f"{self.name}({inside}{',' if self.comma and inside else ''})"

    def as_value(self) -> Expr:
        """The same as a value of type `op`: nothing is applied."""
        return Expr(self.text(), self.bound)

    def bound(self, scope: Scope) -> OpValue:
        """What is called, with its arguments."""
        op = scope.value(self.name)
        if not isinstance(op, OpValue):
            raise Misfit
        return bind(op, self.arguments, scope)

    def run(self, scope: Scope, operands: Sequence[Tensor]) -> Tensor:
        """The result on these operands."""
        op = self.bound(scope)
        if not isinstance(op.target, str):
            result: Tensor = op.target.call(op.bound, operands, scope)
            return result
        rule = OPERATIONS[op.target]
        given = {
            name: op.bound.get(name, default) for name, (_, default) in rule.parameters.items()
        }
        if len(operands) != 1 or REQUIRED in given.values():
            raise Misfit
        effect = rule.effect(operands[0].shape, **given)
        return scope.record.add(op.target, rule.kind, effect, operands)


@dataclass(frozen=True)
class Chain:
    """`start -> step -> step`; `start` is a tensor's name, several for `from`, or nothing."""

    start: tuple[str, ...]
    steps: tuple[Step, ...]
    gather: bool = False
    """Whether one name stands behind `from` too."""

    def text(self) -> str:
        links = [step.text() for step in self.steps]
        if len(self.start) > 1 or self.gather:
            links.insert(0, f"from ({', '.join(self.start)})")
        elif self.start:
            links.insert(0, self.start[0])
        return " -> ".join(links)

    def run(self, scope: Scope, x: Current) -> Tensor:
        operands = [scope.tensor(name) for name in self.start] or ([x] if x else [])
        for step in self.steps:
            operands = [step.run(scope, operands)]
        if len(operands) != 1:
            raise Misfit
        return operands[0]


@dataclass(frozen=True)
class Note:
    """`: 64x56x56`; None stands for `_`."""

    extents: tuple[Expr | None, ...]
    brackets: bool

    def text(self) -> str:
        shown = [extent.text if extent else "_" for extent in self.extents]
        return f": [{', '.join(shown)}]" if self.brackets else f": {'x'.join(shown)}"

    def check(self, scope: Scope, x: Current) -> None:
        """Refuse what the note does not fit.

        Raises: Misfit.
        """
        if x is None:
            return
        if len(self.extents) != len(x.shape):
            raise Misfit
        for extent, size in zip(self.extents, x.shape, strict=True):
            if extent and extent.value(scope) != size:
                raise Misfit


@dataclass(frozen=True)
class Block:
    """Statements in braces."""

    statements: tuple[Statement, ...]
    tight: bool = False

    def text(self) -> str:
        shown = [statement.text() for statement in self.statements]
        if not shown:
            return "{}"
        if self.tight and "\n" not in "".join(shown):
            return f"{{ {'  '.join(shown)} }}"
        return f"{{\n{indented(shown)}\n}}"

    def run(self, scope: Scope, x: Current) -> Current:
        for statement in self.statements:
            x = statement.run(scope, x)
        return x


def indented(parts: Sequence[str]) -> str:
    """The parts below each other, one level deeper."""
    return "\n".join("    " + line for part in parts for line in part.split("\n"))

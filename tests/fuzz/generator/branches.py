"""Combinations, residuals, and the rounds of `repeat`. Each can be written and run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Protocol

from tests.fuzz.generator.expressions import Expr
from tests.fuzz.generator.operations import Effect
from tests.fuzz.generator.scopes import Scope
from tests.fuzz.generator.steps import Argument, Block, Chain, Current, Note, indented
from tests.fuzz.generator.tensors import Tensor
from tests.fuzz.generator.values import Misfit, fits

__all__ = ["Branch", "BranchIf", "BranchItem", "BranchRepeat", "Combine", "Residual", "Rounds"]


class BranchItem(Protocol):
    """What stands between the braces of a combination."""

    def text(self) -> str:
        """As a spec writes it."""
        ...

    def ends(self, scope: Scope, x: Current) -> Iterator[Tensor]:
        """The results of its branches."""
        ...


@dataclass(frozen=True)
class Branch:
    """`branch chain`, `branch name = chain`, or `branch name { ... }`."""

    name: str | None
    body: Block | Chain
    note: Note | None = None

    def text(self) -> str:
        named = f" {self.name}" if self.name else ""
        equals = " =" if self.name and isinstance(self.body, Chain) else ""
        note = f" {self.note.text()}" if self.note else ""
        return f"branch{named}{equals} {self.body.text()}{note}"

    def ends(self, scope: Scope, x: Current) -> Iterator[Tensor]:
        inner = scope.inner()
        result = self.body.run(inner, x)
        if result is None:
            raise Misfit
        if self.note:
            self.note.check(inner, result)
        yield result


@dataclass(frozen=True)
class BranchIf:
    """`if` around branches; `chained` writes its `else` as `else if`."""

    condition: Expr
    then: tuple[BranchItem, ...]
    otherwise: tuple[BranchItem, ...]
    chained: bool = False

    def text(self) -> str:
        shown = f"if {self.condition.text} {_braced(self.then)}"
        if self.chained:
            return f"{shown} else {self.otherwise[0].text()}"
        return f"{shown} else {_braced(self.otherwise)}" if self.otherwise else shown

    def ends(self, scope: Scope, x: Current) -> Iterator[Tensor]:
        taken = self.condition.value(scope)
        if not isinstance(taken, bool):
            raise Misfit
        for item in self.then if taken else self.otherwise:
            yield from item.ends(scope, x)


@dataclass(frozen=True)
class Rounds:
    """`repeat count`, or `repeat variable in low..high`."""

    count: Expr
    variable: str | None = None
    low: Expr | None = None

    def text(self) -> str:
        in_ = f"{self.variable} in " if self.variable else ""
        if self.low:
            return f"repeat {in_}{self.low.at(5)}..{self.count.at(5)}"
        return f"repeat {self.count.text}"

    def scopes(self, scope: Scope) -> Iterator[Scope]:
        """The scope of each round."""
        low, high = self.low.value(scope) if self.low else 0, self.count.value(scope)
        if type(low) is not int or type(high) is not int or (not self.low and high < 0):
            raise Misfit
        for number in range(low, min(high, low + 50)):
            inner = scope.inner(round=True)
            if self.variable:
                inner.values[self.variable] = number
            yield inner


@dataclass(frozen=True)
class BranchRepeat:
    """`repeat` around branches."""

    rounds: Rounds
    items: tuple[BranchItem, ...]

    def text(self) -> str:
        return f"{self.rounds.text()} {_braced(self.items)}"

    def ends(self, scope: Scope, x: Current) -> Iterator[Tensor]:
        for inner in self.rounds.scopes(scope):
            for item in self.items:
                yield from item.ends(inner, x)


def _braced(items: Sequence[BranchItem]) -> str:
    return f"{{\n{indented([item.text() for item in items])}\n}}"


@dataclass(frozen=True)
class Combine:
    """`concat`, `add` or `mul` of branches."""

    keyword: str
    items: tuple[BranchItem, ...]

    def text(self) -> str:
        return f"{self.keyword} {_braced(self.items)}"

    def run(self, scope: Scope, operands: Sequence[Tensor]) -> Tensor:
        x = operands[0] if operands else None
        ends = [end for item in self.items for end in item.ends(scope, x)]
        if not ends:
            raise Misfit
        shape = _joined(self.keyword, [end.shape for end in ends])
        return scope.record.add(self.keyword, "", Effect(shape), ends)


def _joined(keyword: str, shapes: list[tuple[int, ...]]) -> tuple[int, ...]:
    largest = max(shapes, key=prod)
    one_cell = (largest[0], *(1,) * (len(largest) - 1))
    fitting = {
        "concat": all(shape[1:] == largest[1:] for shape in shapes),
        "add": all(shape == largest for shape in shapes),
        "mul": all(shape in (largest, one_cell) for shape in shapes),
    }
    if not fitting[keyword]:
        raise Misfit
    if keyword == "concat":
        return (sum(shape[0] for shape in shapes), *largest[1:])
    return largest


@dataclass(frozen=True)
class Residual:
    """`residual(scale) { ... } shortcut { ... }`."""

    body: Block
    shortcut: Block | None = None
    scale: Argument | None = None
    empty: bool = False

    def text(self) -> str:
        scale = f"({self.scale.text()})" if self.scale else "()" if self.empty else ""
        shortcut = f" shortcut {self.shortcut.text()}" if self.shortcut else ""
        return f"residual{scale} {self.body.text()}{shortcut}"

    def run(self, scope: Scope, operands: Sequence[Tensor]) -> Tensor:
        if not operands:
            raise Misfit
        x = operands[0]
        factor = self.scale.value.value(scope) if self.scale else 1
        if not fits(factor, "float"):
            raise Misfit
        result, side = self.body.run(scope.inner(), x), x
        if self.shortcut:
            side = self.shortcut.run(scope.inner(), x) or x
        if result is None or result.shape != side.shape:
            raise Misfit
        record, effect = scope.record, Effect(side.shape)
        if factor != 1:
            result = record.add("scale", "", effect, [result])
        return record.add("add", "", effect, [side, result])

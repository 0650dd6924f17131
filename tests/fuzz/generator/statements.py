"""The statements of bodies. Each can be written and run."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fuzz.generator.branches import Rounds
from tests.fuzz.generator.expressions import Expr
from tests.fuzz.generator.operations import Effect
from tests.fuzz.generator.scopes import Scope
from tests.fuzz.generator.steps import Argument, Block, Chain, Current, Note
from tests.fuzz.generator.values import Misfit, fits

__all__ = ["Apply", "Aux", "Bind", "If", "Let", "Repeat", "Section", "Verbatim"]


def _noted(text: str, note: Note | None) -> str:
    return f"{text}   {note.text()}" if note else text


@dataclass(frozen=True)
class Apply:
    """A chain on the current tensor."""

    chain: Chain
    note: Note | None = None

    def text(self) -> str:
        return _noted(self.chain.text(), self.note)

    def run(self, scope: Scope, x: Current) -> Current:
        x = self.chain.run(scope, x)
        if self.note:
            self.note.check(scope, x)
        return x


@dataclass(frozen=True)
class Bind:
    """`name = chain`."""

    name: str
    chain: Chain
    note: Note | None = None

    def text(self) -> str:
        return _noted(f"{self.name} = {self.chain.text()}", self.note)

    def run(self, scope: Scope, x: Current) -> Current:
        x = self.chain.run(scope, x)
        scope.bind(self.name, x)
        if self.note:
            self.note.check(scope, x)
        return x


@dataclass(frozen=True)
class Let:
    """`let name = value`."""

    name: str
    value: Expr

    def text(self) -> str:
        return f"let {self.name} = {self.value.text}"

    def run(self, scope: Scope, x: Current) -> Current:
        scope.values[self.name] = self.value.value(scope)
        return x


@dataclass(frozen=True)
class If:
    """`if condition { ... } else { ... }`; `chained` writes its `else` as `else if`."""

    condition: Expr
    then: Block
    otherwise: Block | None
    chained: bool = False
    note: Note | None = None

    def text(self) -> str:
        shown = f"if {self.condition.text} {self.then.text()}"
        if self.otherwise and self.chained:
            shown += f" else {self.otherwise.statements[0].text()}"
        elif self.otherwise:
            shown += f" else {self.otherwise.text()}"
        return _noted(shown, self.note)

    def run(self, scope: Scope, x: Current) -> Current:
        taken = self.condition.value(scope)
        if not isinstance(taken, bool):
            raise Misfit
        if taken:
            x = self.then.run(scope, x)
        elif self.otherwise:
            x = self.otherwise.run(scope, x)
        if self.note:
            self.note.check(scope, x)
        return x


@dataclass(frozen=True)
class Repeat:
    """`repeat n { ... }`."""

    rounds: Rounds
    body: Block
    note: Note | None = None

    def text(self) -> str:
        return _noted(f"{self.rounds.text()} {self.body.text()}", self.note)

    def run(self, scope: Scope, x: Current) -> Current:
        for inner in self.rounds.scopes(scope):
            x = self.body.run(inner, x)
        if self.note:
            self.note.check(scope, x)
        return x


@dataclass(frozen=True)
class Section:
    """`stem { ... }`, `head { ... }`, `stage name { ... }`."""

    kind: str
    name: str
    body: Block
    note: Note | None = None

    def text(self) -> str:
        heading = f"stage {self.name}" if self.kind == "stage" else self.kind
        return _noted(f"{heading} {self.body.text()}", self.note)

    def run(self, scope: Scope, x: Current) -> Current:
        record = scope.record
        if self.kind == "stem" and (x is None or x.number):
            raise Misfit
        start = len(record.entries)
        x = self.body.run(scope, x)
        if self.kind == "head" and x:
            record.finals.append((x, range(start, len(record.entries))))
        if self.kind == "stage" and x:
            scope.bind(self.name, x)
        if self.note:
            self.note.check(scope, x)
        return x


@dataclass(frozen=True)
class Aux:
    """`aux name(weight=0.4) = chain`."""

    name: str
    weight: Argument | None
    chain: Chain
    note: Note | None = None

    def text(self) -> str:
        weight = f"({self.weight.text()})" if self.weight else ""
        return _noted(f"aux {self.name}{weight} = {self.chain.text()}", self.note)

    def run(self, scope: Scope, x: Current) -> Current:
        if self.weight and not fits(self.weight.value.value(scope), "float"):
            raise Misfit
        start = len(scope.record.entries)
        result = self.chain.run(scope, x)
        if result.number < start:  # a head has a result of its own, also where it does nothing
            result = scope.record.add("identity", "", Effect(result.shape), [result])
        scope.record.heads[self.name] = result
        if self.note:
            self.note.check(scope, result)
        return x


@dataclass(frozen=True)
class Verbatim:
    """What says something about a network and does nothing: its input, figures, settings."""

    words: str

    def text(self) -> str:
        return self.words

    def run(self, scope: Scope, x: Current) -> Current:
        return x

"""Definitions, files and networks. Each can be written, called and run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz.generator.expressions import Expr
from tests.fuzz.generator.scopes import Library, Scope
from tests.fuzz.generator.steps import Block, Note, indented
from tests.fuzz.generator.tensors import Record, Tensor
from tests.fuzz.generator.values import Misfit, fits

__all__ = ["Definition", "Knob", "Network", "Param", "signature"]


@dataclass(frozen=True)
class Param:
    """`name: type = default`; an untyped one has the type `any`."""

    name: str
    kind: str
    default: Expr | None = None
    doc: str = ""

    def text(self) -> str:
        """As a spec writes it."""
        typed = self.name if self.kind == "any" else f"{self.name}: {self.kind}"
        return f"{typed} = {self.default.text}" if self.default else typed

    def default_in(self, scope: Scope) -> Any:
        """Its default, which may read earlier parameters.

        Raises: Misfit where there is none.
        """
        value = self.default.value(scope) if self.default else None
        if self.default is None or (value is not None and not fits(value, self.kind)):
            raise Misfit
        return value


def signature(params: Sequence[Param], always: bool = True) -> str:
    """`(a: int, b: size = 1)`; on a line each where one of them has a doc."""
    if any(param.doc for param in params):
        lines = [
            f"## {param.doc}\n{param.text()}," if param.doc else f"{param.text()},"
            for param in params
        ]
        return f"(\n{indented(lines)}\n)"
    inside = ", ".join(param.text() for param in params)
    return f"({inside})" if inside or always else ""


@dataclass(eq=False)
class Definition:
    """`module name(params) on (operands) { ... } : note`, and the file that it sees."""

    role: str
    name: str
    params: tuple[Param, ...]
    operands: tuple[str, ...]
    body: Block
    library: Library
    note: Note | None = None
    doc: tuple[str, ...] = ()
    first: dict[str, Any] = field(default_factory=dict)
    """The values of its parameters at its first use."""

    def text(self) -> str:
        """As a spec writes it."""
        on = f" on ({', '.join(self.operands)})" if self.operands else ""
        note = f" {self.note.text()}" if self.note else ""
        heading = f"{self.role} {self.name}{signature(self.params)}{on}"
        return "\n".join([*self.doc, f"{heading} {self.body.text()}{note}"])

    def call(self, bound: Mapping[str, Any], operands: Sequence[Tensor], caller: Scope) -> Tensor:
        """The result of one use.

        Raises: Misfit where the use does not fit, or the role does not hold.
        """
        if len(operands) != (len(self.operands) or 1):
            raise Misfit
        if caller.layer and self.role != "layer":
            raise Misfit
        record = caller.record
        scope = Scope(self.library, record, None if self.operands else operands[0])
        scope.layer = self.role == "layer"
        scope.tensors.update(zip(self.operands, operands, strict=False))
        for param in self.params:
            if param.name in bound:
                scope.values[param.name] = bound[param.name]
            else:
                scope.values[param.name] = param.default_in(scope)
        if self.role == "stem" and operands[0].number:
            raise Misfit
        start = len(record.entries)
        result = self.body.run(scope, scope.input)
        if result is None:
            raise Misfit
        if self.role == "head":
            record.finals.append((result, range(start, len(record.entries))))
        if self.note:
            self.note.check(scope, result)
        if not _keeps(self.role, operands[-1].shape[1:], result.shape[1:]):
            raise Misfit
        return result


def _keeps(role: str, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    if role == "module":
        return before == after
    if role == "reduction":
        shrinks = len(before) == len(after) and all(map(int.__ge__, before, after))
        return shrinks and before != after
    return True


@dataclass(frozen=True)
class Knob:
    """A file's `param name: type = default`, or `let name = default`."""

    param: Param
    constant: bool
    doc: tuple[str, ...] = ()

    def text(self) -> str:
        """As a spec writes it."""
        if self.constant:
            assert self.param.default
            return f"let {self.param.name} = {self.param.default.text}"
        return "\n".join([*self.doc, f"param {self.param.text()}"])


@dataclass(eq=False)
class Network:
    """`network name(params) { ... }`; what it says of itself stands in its body."""

    name: str
    params: tuple[Param, ...]
    input: Note
    input_name: str
    body: Block
    library: Library
    note: Note | None = None
    doc: tuple[str, ...] = ()
    extra: list[str] = field(default_factory=list)
    """Figures and settings, behind the body."""

    def text(self) -> str:
        """As a spec writes it."""
        note = f" {self.note.text()}" if self.note else ""
        declared = f"input {self.input_name}{self.input.text()}"
        body = [declared, *(each.text() for each in self.body.statements), *self.extra]
        heading = f"network {self.name}{signature(self.params, always=False)}"
        return "\n".join([*self.doc, f"{heading} {{\n{indented(body)}\n}}{note}"])

    def scope(self, record: Record, settings: Mapping[str, Any]) -> Scope:
        """The scope of its body, under these settings."""
        scope = Scope(self.library, record, None)
        for param in self.params:
            given = param.name in settings
            scope.values[param.name] = settings[param.name] if given else param.default_in(scope)
        x = record.input(self.shape(scope))
        scope.input = scope.tensors[self.input_name] = x
        return scope

    def shape(self, scope: Scope) -> tuple[int, ...]:
        """The shape of its input.

        Raises: Misfit where that is none.
        """
        extents = tuple(each.value(scope) for each in self.input.extents if each)
        if not all(type(n) is int and n > 0 for n in extents):
            raise Misfit
        return extents

    def run(self, record: Record, settings: Mapping[str, Any]) -> Tensor:
        """The network's output under these settings.

        Raises: Misfit where it has none.
        """
        scope = self.scope(record, settings)
        result = self.body.run(scope, scope.input)
        if result is None or result.number == 0:
            raise Misfit
        if self.note:
            self.note.check(scope, result)
        record.check_heads(result)
        return result

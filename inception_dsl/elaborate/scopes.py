"""Scopes while a network is built: values and tensors live apart, inner scopes read outer names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from inception_dsl.elaborate.units import Unit
from inception_dsl.elaborate.values import Tensor
from inception_dsl.ir.formula import Bound

__all__ = ["Scope"]


@dataclass
class Scope:
    """One scope of a definition's body; `parent` is None for the outermost.

    `input` is the input of the enclosing definition, the same in all its inner scopes, or None
    where the definition takes several tensors.
    """

    unit: Unit
    kind: Literal["definition", "network", "branch", "repeat"]
    input: Tensor | None = None
    parent: Scope | None = None
    values: dict[str, Bound] = field(default_factory=dict)
    tensors: dict[str, Tensor] = field(default_factory=dict)

    def inner(self, kind: Literal["branch", "repeat"]) -> Scope:
        """A scope inside this one."""
        return Scope(self.unit, kind, self.input, self)

    def value(self, name: str) -> Bound | None:
        """The parameter, `let` or loop variable of that name, the file's last."""
        scope: Scope | None = self
        while scope:
            if name in scope.values:
                return scope.values[name]
            scope = scope.parent
        return self.unit.values.get(name)

    def tensor(self, name: str) -> Tensor | None:
        """The tensor of that name."""
        scope: Scope | None = self
        while scope:
            if name in scope.tensors:
                return scope.tensors[name]
            scope = scope.parent
        return None

    def bind(self, name: str, tensor: Tensor) -> None:
        """Bind a tensor; the body of a repeat rebinds one that its enclosing scopes hold."""
        scope = self
        while scope.kind == "repeat" and scope.parent and name not in scope.tensors:
            scope = scope.parent
            if name in scope.tensors:
                scope.tensors[name] = tensor
                return
        self.tensors[name] = tensor

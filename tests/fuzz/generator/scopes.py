"""Names while the generator's interpreter runs a spec: values and tensors live apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fuzz.generator.operations import OPERATIONS
from tests.fuzz.generator.tensors import Record, Tensor
from tests.fuzz.generator.values import Misfit, OpValue

__all__ = ["Library", "Scope"]


@dataclass
class Library:
    """What a file's bodies see: its constants and knobs, and its definitions."""

    values: dict[str, Any] = field(default_factory=dict)
    definitions: dict[str, Any] = field(default_factory=dict)


@dataclass
class Scope:
    """One scope of a body. `round` marks those of `repeat`, which may rebind outer tensors, `layer`
    those of layers, which call nothing but operations and layers.

    `claimed` holds every name bound in the text of the scope, also in arms that are not taken.
    """

    library: Library
    record: Record
    input: Tensor | None
    parent: Scope | None = None
    round: bool = False
    layer: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)

    def inner(self, *, round: bool = False) -> Scope:
        """A scope inside this one."""
        return Scope(self.library, self.record, self.input, self, round, self.layer)

    def copy(self) -> Scope:
        """The same names, to try something with."""
        parent = self.parent.copy() if self.parent else None
        return replace(
            self,
            parent=parent,
            values=dict(self.values),
            tensors=dict(self.tensors),
            claimed=set(self.claimed),
        )

    def chain(self) -> Iterator[Scope]:
        """This scope and those around it."""
        scope: Scope | None = self
        while scope:
            yield scope
            scope = scope.parent

    def value(self, name: str) -> Any:
        """What a name means as a value.

        Raises: Misfit where it means none.
        """
        for scope in self.chain():
            if name in scope.values:
                return scope.values[name]
        library = self.library
        if name in library.values:
            return library.values[name]
        if name in library.definitions:
            return OpValue(library.definitions[name])
        if name in OPERATIONS:
            return OpValue(name)
        raise Misfit

    def tensor(self, name: str) -> Tensor:
        """The tensor of a name.

        Raises: Misfit where there is none.
        """
        if name == "input":
            if self.input is None:
                raise Misfit
            return self.input
        for scope in self.chain():
            if name in scope.tensors:
                return scope.tensors[name]
        raise Misfit

    def bind(self, name: str, tensor: Tensor) -> None:
        """Bind a tensor; a round of a repeat rebinds one from outside of it."""
        for scope, around in zip(self.chain(), list(self.chain())[1:], strict=False):
            if not scope.round or name in scope.tensors:
                break
            if name in around.tensors:
                around.tensors[name] = tensor
                return
        self.tensors[name] = tensor

    def known_values(self) -> dict[str, Any]:
        """Every value that can be read here by its name."""
        found = dict(self.library.values)
        for scope in reversed(list(self.chain())):
            found.update(scope.values)
        return found

    def known_tensors(self) -> dict[str, Tensor]:
        """Every tensor that can be read here by its name."""
        found = {"input": self.input} if self.input else {}
        for scope in reversed(list(self.chain())):
            found.update(scope.tensors)
        return found

    def is_claimed(self, name: str) -> bool:
        """Whether the text around this place binds the name."""
        return any(name in scope.claimed for scope in self.chain())

    def open_tensors(self) -> list[str]:
        """The tensors that a round of a repeat may rebind here."""
        around = list(self.chain())
        inside = next((i for i, scope in enumerate(around) if not scope.round), len(around))
        return [name for scope in around[1 : inside + 1] for name in scope.tensors]

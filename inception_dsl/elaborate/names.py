"""The names that a unit's text binds, before anything is built, and every use of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from inception_dsl.diagnostics import Diagnostic, Diagnostics, Note
from inception_dsl.elaborate.arithmetic import FUNCTIONS
from inception_dsl.elaborate.units import DefinitionRef, Unit
from inception_dsl.elaborate.unknown import (
    ATTRIBUTES,
    tensor_as_value,
    unknown_attribute,
    unknown_operation,
    unknown_tensor,
    unknown_value,
)
from inception_dsl.elaborate.values import WORDS
from inception_dsl.ops import operation
from inception_dsl.source import Span
from inception_dsl.syntax import tree
from inception_dsl.syntax.walk import behind_keyword, subexpressions

__all__ = ["Calls", "Names", "Uses"]

RESERVED = frozenset(("then", "as", "true", "false", "none", "input", *WORDS))
Space = Literal["values", "tensors"]
Calls = dict[DefinitionRef | tree.Network, list[tuple[DefinitionRef, Span]]]


@dataclass
class Names:
    """The names a scope binds, with the places where it does; values and tensors live apart."""

    kind: Literal["definition", "branch", "repeat"]
    parent: Names | None = None
    values: dict[str, tree.Ident] = field(default_factory=dict)
    tensors: dict[str, tree.Ident] = field(default_factory=dict)
    rebound: set[str] = field(default_factory=set)

    def find(self, name: str, space: Space) -> tree.Ident | None:
        """Where this scope or one outside it binds the name."""
        scope: Names | None = self
        while scope:
            names: dict[str, tree.Ident] = getattr(scope, space)
            if name in names:
                return names[name]
            scope = scope.parent
        return None

    def known(self, space: Space) -> list[str]:
        """Every name that can be used here."""
        inherited = self.parent.known(space) if self.parent else []
        return [*getattr(self, space), *inherited]

    def may_rebind(self, name: str) -> bool:
        """Whether this is a round of a repeat, and `name` a tensor from outside not yet rebound."""
        if name in self.tensors or name in self.rebound:
            return False
        outer: Names | None = self
        while outer and outer.kind == "repeat" and outer.parent:
            outer = outer.parent
            if name in outer.tensors:
                return True
        return False


@dataclass
class Uses:
    """Checks the uses of names in one unit; `calls` collects which definition mentions which."""

    unit: Unit
    diagnostics: Diagnostics
    calls: Calls
    owner: DefinitionRef | tree.Network | None = None
    unknown: dict[str, Diagnostic] = field(default_factory=dict)
    """The first use of each operation that is not known."""
    repeated: dict[str, int] = field(default_factory=dict)
    """How often each of them is used."""
    unread: dict[str, tree.Ident] = field(default_factory=dict)
    """The parameters of the definition at hand that nothing has read so far."""

    def report(
        self,
        code: str,
        span: Span,
        message: str,
        label: str = "",
        help: str | None = None,
        notes: tuple[Note, ...] = (),
    ) -> None:
        """Record a mistake."""
        self.diagnostics.add(Diagnostic(code, message, span, label, notes=notes, help=help))

    def bindable(self, ident: tree.Ident) -> None:
        """Report a name that may not be bound."""
        if ident.text in RESERVED:
            message = f"`{ident.text}` is a word of the language"
            self.report("E0205", ident.span, message, "choose another name")

    def bind(self, ident: tree.Ident, scope: Names, space: Space) -> None:
        """Bind a name, once; only the body of a repeat may rebind a tensor, once a round."""
        self.bindable(ident)
        first = scope.find(ident.text, space)
        if first and not (space == "tensors" and scope.may_rebind(ident.text)):
            note = Note("it is bound here first", first.span)
            help = "choose another name"
            if space == "tensors":
                help += "; the body of a repeat may rebind a tensor, once a round"
            message = f"`{ident.text}` is bound twice"
            self.report("E0204", ident.span, message, "the second time", help, (note,))
            return
        if first:
            scope.rebound.add(ident.text)
        else:
            getattr(scope, space)[ident.text] = ident

    def tensor(self, ident: tree.Ident, scope: Names) -> None:
        """Check a tensor at the start of a chain, or before `.channels`."""
        name = ident.text
        if name == "input" or scope.find(name, "tensors") or self.diagnostics.full:
            return
        if isinstance(self.owner, tree.Network) and not _has_input(self.owner):
            return  # it may be the name of the input, which is missing
        callable = bool(operation(name) or self.unit.definition(name))
        known = scope.known("tensors")
        self.diagnostics.add(unknown_tensor(name, ident.span, known, callable))

    def callee(self, ident: tree.Ident, scope: Names) -> None:
        """Check the name of a call."""
        if not self._known(ident.text, ident.span, scope) and not self.diagnostics.full:
            known = [*scope.known("values"), *self.unit.values]
            names = self.unit.definition_names
            self._once(unknown_operation(ident.text, ident.span, known, names), ident.text)

    def _once(self, unknown: Diagnostic, name: str) -> None:
        """Report an operation that is not known, however often its name is used."""
        first = self.unknown.get(name)
        known = self.diagnostics.find(first.code, first.span) if first else None
        if known is None:
            self.unknown[name] = unknown
            self.diagnostics.add(unknown)
            return
        others = self.repeated[name] = self.repeated.get(name, 0) + 1
        message = f"`{name}` is used in {others} more place{'s' * (others > 1)}"
        fix = (*known.fix, *unknown.fix)
        self.diagnostics.replace(replace(known, notes=(Note(message),), fix=fix))

    def _known(self, name: str, span: Span, scope: Names) -> bool:
        """Whether a value, definition or operation has the name; its use is noted."""
        if scope.find(name, "values"):
            self.unread.pop(name, None)
            return True
        if name in self.unit.values:
            return True
        found = self.unit.definition(name)
        if found:
            self.unit.used.add(name)
            if self.owner:
                self.calls.setdefault(self.owner, []).append((found, span))
            return True
        primitive = operation(name)
        return self.unit.broken or bool(primitive and not primitive.combines)

    def arguments(self, arguments: tuple[tree.Argument, ...], scope: Names) -> None:
        """Check the values of arguments; positional ones stand before keyword ones."""
        misplaced = behind_keyword(arguments)
        if misplaced:
            message = "a positional argument stands behind a keyword one"
            help = "put it before the keyword arguments, or name it"
            self.report("E0303", misplaced.span, message, help=help)
        for argument in arguments:
            self.expr(argument.value, scope)

    def expr(self, expr: tree.Expr, scope: Names) -> None:
        """Check every name in an expression."""
        match expr:
            case tree.Name():
                self._name(expr, scope)
            case tree.Call():
                if expr.name.text not in FUNCTIONS or scope.find(expr.name.text, "values"):
                    self.callee(expr.name, scope)
                self.arguments(expr.arguments, scope)
            case tree.Attribute(value=tree.Name() as value, name=name):
                self.tensor(tree.Ident(value.text, span=value.span), scope)
                if name.text not in ATTRIBUTES and not self.diagnostics.full:
                    self.diagnostics.add(unknown_attribute(name.text, name.span))
            case _:
                for inner in subexpressions(expr):
                    self.expr(inner, scope)

    def _name(self, expr: tree.Name, scope: Names) -> None:
        name = expr.text
        if name in WORDS or self._known(name, expr.span, scope) or self.diagnostics.full:
            return
        if scope.find(name, "tensors") or name == "input":
            self.diagnostics.add(tensor_as_value(name, expr.span))
            return
        values = [*scope.known("values"), *self.unit.values]
        names = self.unit.definition_names
        self.diagnostics.add(unknown_value(name, expr.span, values, names))


def _has_input(network: tree.Network) -> bool:
    return any(isinstance(statement, tree.InputDecl) for statement in network.body.statements)

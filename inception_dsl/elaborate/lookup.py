"""What a name means where it stands: a value, an operation, a tensor.

Raises: Fault for a name that means nothing there, Unknown where an earlier mistake left it open.
"""

from __future__ import annotations

from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.elaborate.arithmetic import FUNCTIONS
from inception_dsl.elaborate.faults import Unknown, fail
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.values import WORDS, OpValue, Tensor, describe
from inception_dsl.ir.formula import Bound, Literal
from inception_dsl.ir.types import Word
from inception_dsl.ops import operation, operation_names
from inception_dsl.source import Span
from inception_dsl.syntax import tree

__all__ = ["named_operation", "named_tensor", "named_value"]


def named_value(name: str, span: Span, scope: Scope) -> Bound:
    """A parameter, `let` or loop variable, else a word, else an operation or definition."""
    found = scope.value(name)
    if found is not None:
        if found.value is Unknown:
            raise Unknown
        return found
    if name in WORDS:
        return Bound(Word(name), Literal(Word(name)))
    value = _defined(name, scope)
    if value:
        return Bound(value, Literal(value))
    if scope.tensor(name) or name == "input":
        help = f"its sizes are numbers, for example `{name}.channels`"
        fail("E0203", span, f"`{name}` is a tensor, not a value", help=help)
    if scope.unit.broken:
        raise Unknown
    near = suggestion(name, _known_values(scope))
    fail("E0203", span, f"no value is named `{name}`", "not known here", help=near)


def named_operation(ident: tree.Ident, scope: Scope) -> OpValue:
    """What a call of the name calls: an op value of the scope, else a definition or operation."""
    name, hidden = ident.text, scope.value(ident.text)
    if hidden is None:
        found = _defined(name, scope)
        if found is None:
            if scope.unit.broken:
                raise Unknown
            message = f"no operation or definition is named `{name}`"
            near = suggestion(name, [*FUNCTIONS, *_known_values(scope)])
            fail("E0201", ident.span, message, "not known here", help=near)
        return found
    if hidden.value is Unknown:
        raise Unknown
    if not isinstance(hidden.value, OpValue):
        hides = _defined(name, scope)
        help = f"it hides what `{name}` names outside; rename it" if hides else None
        message = f"`{name}` is {describe(hidden.value)}, not an operation"
        fail("E0208", ident.span, message, help=help)
    return hidden.value


def named_tensor(ident: tree.Ident, scope: Scope) -> Tensor:
    """A tensor of the scope, or the `input` of the enclosing definition."""
    if ident.text == "input":
        if scope.input is None:
            message = "there is no `input` in a definition `on` several tensors"
            fail("E0312", ident.span, message, help="use the names behind `on`")
        return scope.input
    tensor = scope.tensor(ident.text)
    if tensor is None:
        near = suggestion(ident.text, _known_tensors(scope))
        message = f"no tensor is named `{ident.text}`"
        fail("E0202", ident.span, message, "not bound on this path", help=near)
    return tensor


def _defined(name: str, scope: Scope) -> OpValue | None:
    """The definition or operation of that name."""
    found = scope.unit.definition(name)
    if found:
        return OpValue(found)
    primitive = operation(name)
    return OpValue(primitive) if primitive and not primitive.combines else None


def _known_values(scope: Scope) -> list[str]:
    names: list[str] = []
    inner: Scope | None = scope
    while inner:
        names += inner.values
        inner = inner.parent
    unit = scope.unit
    return [*names, *unit.values, *WORDS, *unit.definition_names, *operation_names()]


def _known_tensors(scope: Scope) -> list[str]:
    names = ["input"] if scope.input else []
    inner: Scope | None = scope
    while inner:
        names += inner.tensors
        inner = inner.parent
    return names

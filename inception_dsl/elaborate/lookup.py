"""What a name means where it stands: a value, an operation, a tensor.

Raises: Fault for a name that means nothing there, Unknown where an earlier mistake left it open.
"""

from __future__ import annotations

from functools import lru_cache

from inception_dsl.elaborate.faults import Fault, Unknown, fail
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.unknown import (
    tensor_as_value,
    unknown_operation,
    unknown_value,
)
from inception_dsl.elaborate.values import WORDS, OpValue, Tensor, describe
from inception_dsl.ir.formula import Bound, Literal
from inception_dsl.ir.types import Word
from inception_dsl.ops import operation
from inception_dsl.source import Span
from inception_dsl.syntax import tree

__all__ = ["named_operation", "named_tensor", "named_value"]

_WORDS = {name: Bound(Word(name), Literal(Word(name))) for name in WORDS}


def named_value(name: str, span: Span, scope: Scope) -> Bound:
    """A parameter, `let` or loop variable, else a word, else an operation or definition."""
    found = scope.value(name)
    if found is not None:
        if found.value is Unknown or name in _WORDS:  # no name for it: that is reported already
            raise Unknown
        return found
    if name in _WORDS:
        return _WORDS[name]
    value = _defined(name, scope)
    if value:
        return Bound(value, Literal(value))
    if scope.tensor(name) or name == "input":
        raise Fault(tensor_as_value(name, span))
    if scope.unit.broken:
        raise Unknown
    raise Fault(unknown_value(name, span, _known_values(scope), scope.unit.definition_names))


def named_operation(ident: tree.Ident, scope: Scope) -> OpValue:
    """What a call of the name calls: an op value of the scope, else a definition or operation."""
    name, hidden = ident.text, scope.value(ident.text)
    if hidden is None:
        found = _defined(name, scope)
        if found is None:
            if scope.unit.broken:
                raise Unknown
            known = _known_values(scope)
            names = scope.unit.definition_names
            raise Fault(unknown_operation(name, ident.span, known, names))
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
        message = f"`{ident.text}` is no tensor on this path"
        fail("E0202", ident.span, message, "only a condition that went the other way binds it")
    return tensor


def _defined(name: str, scope: Scope) -> OpValue | None:
    """The definition or operation of that name."""
    found = scope.unit.definition(name)
    if found:
        return OpValue(found)
    return _primitive(name)


@lru_cache(256)
def _primitive(name: str) -> OpValue | None:
    found = operation(name)
    return OpValue(found) if found and not found.combines else None


def _known_values(scope: Scope) -> list[str]:
    names: list[str] = []
    inner: Scope | None = scope
    while inner:
        names += inner.values
        inner = inner.parent
    return [*names, *scope.unit.values]

"""Expressions to values, and beside each value the formula that generated source prints for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.elaborate import arithmetic
from inception_dsl.elaborate.faults import Unknown, fail
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.values import WORDS, OpValue, Tensor, describe
from inception_dsl.ir.formula import Apply, Bound, Formula, InputChannels, Literal
from inception_dsl.ir.types import Dims, Word
from inception_dsl.ops import operation, operation_names
from inception_dsl.syntax import tree

__all__ = ["Evaluator"]

_AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
_ATTRIBUTES = ("channels", "height", "width", "depth", "length")

BindCall = Callable[[OpValue, tree.Call, Scope], OpValue]


@dataclass
class Evaluator:
    """Evaluates expressions; `bind` binds the arguments of an op value such as `avg_pool(3x3)`.

    Raises: Fault at a mistake, Unknown where an earlier mistake left a value open.
    """

    limits: Limits
    bind: BindCall

    def value(self, expr: tree.Expr, scope: Scope) -> object:
        """The value alone."""
        return self.bound(expr, scope).value

    def condition(self, expr: tree.Expr, scope: Scope) -> bool:
        """The value of a condition, which is a bool and nothing else."""
        value = self.value(expr, scope)
        if not isinstance(value, bool):
            help = "compare it, for example `x != 0`"
            fail("E0310", expr.span, f"a condition is a bool, found {describe(value)}", help=help)
        return value

    def bound(self, expr: tree.Expr, scope: Scope) -> Bound:
        """The value with its formula, which is None where it holds in this place only."""
        match expr:
            case tree.Literal():
                return self._literal(expr)
            case tree.SizeLiteral():
                return self._size(expr)
            case tree.Name():
                return self._name(expr, scope)
            case tree.Attribute():
                return self._attribute(expr, scope)
            case tree.Call():
                return self._call(expr, scope)
            case tree.Conditional():
                taken = expr.then if self.condition(expr.condition, scope) else expr.otherwise
                bound = self.bound(taken, scope)
                return bound if isinstance(bound.formula, Literal) else Bound(bound.value)
            case tree.ListExpr():
                items = [self.bound(item, scope) for item in expr.items]
                if len(items) > self.limits.list_items:
                    fail(
                        "E0708", expr.span, f"a list of more than {self.limits.list_items:,} items"
                    )
                return _apply("list", tuple(item.value for item in items), items)
            case tree.Index():
                return self._index(expr, scope)
            case tree.Unary():
                return self._unary(expr, scope)
            case tree.Binary():
                return self._binary(expr, scope)
            case tree.Range():
                help = "a range stands behind `repeat ... in` or `expect ... in`"
                fail("E0304", expr.span, "a range is no value", help=help)

    def _literal(self, expr: tree.Literal) -> Bound:
        value = expr.value
        if isinstance(value, int) and not isinstance(value, bool) and value > self.limits.integer:
            fail("E0706", expr.span, "the number does not fit in 64 bits")
        if isinstance(value, str) and len(value.encode()) > self.limits.string_bytes:
            fail("E0707", expr.span, f"a string of more than {self.limits.string_bytes:,} bytes")
        return Bound(value, Literal(value))

    def _size(self, expr: tree.SizeLiteral) -> Bound:
        if any(extent is None for extent in expr.extents):
            fail("E0304", expr.span, "`_` stands in shape notes only", "a size has numbers")
        extents = [extent for extent in expr.extents if extent is not None]
        if max(extents) > self.limits.integer:
            fail("E0706", expr.span, "the number does not fit in 64 bits")
        return Bound(Dims(extents), Literal(Dims(extents)))

    def _name(self, expr: tree.Name, scope: Scope) -> Bound:
        found = scope.value(expr.text)
        if found is not None:
            if found.value is Unknown:
                raise Unknown
            return found
        if expr.text in WORDS:
            return Bound(Word(expr.text), Literal(Word(expr.text)))
        value = self.callee(expr.text, scope)
        if value:
            return Bound(value, Literal(value))
        if scope.tensor(expr.text) or expr.text == "input":
            help = f"its sizes are numbers, for example `{expr.text}.channels`"
            fail("E0203", expr.span, f"`{expr.text}` is a tensor, not a value", help=help)
        if scope.unit.broken:
            raise Unknown
        fail(
            "E0203",
            expr.span,
            f"no value is named `{expr.text}`",
            "not known here",
            help=suggestion(expr.text, self.known_values(scope)),
        )

    def callee(self, name: str, scope: Scope) -> OpValue | None:
        """The definition or operation of that name, which no value of the scope hides."""
        found = scope.unit.definition(name)
        if found:
            return OpValue(found)
        primitive = operation(name)
        return OpValue(primitive) if primitive and not primitive.combines else None

    def known_values(self, scope: Scope) -> list[str]:
        """Every name that an expression could use here."""
        names: list[str] = []
        inner: Scope | None = scope
        while inner:
            names += inner.values
            inner = inner.parent
        return [
            *names,
            *scope.unit.values,
            *WORDS,
            *scope.unit.definition_names,
            *operation_names(),
        ]

    def _attribute(self, expr: tree.Attribute, scope: Scope) -> Bound:
        tensor = self._tensor(expr.value, scope)
        name = expr.name.text
        if name not in _ATTRIBUTES:
            expected = "expected one of " + ", ".join(_ATTRIBUTES)
            near = suggestion(name, _ATTRIBUTES)
            fail("E0309", expr.name.span, f"a tensor has no `{name}`", expected, help=near)
        if tensor.map is None:
            raise Unknown
        if name == "channels":
            own = isinstance(expr.value, tree.Name) and expr.value.text == "input"
            formula = InputChannels() if own and tensor is scope.input else None
            return Bound(tensor.map.channels, formula)
        axes = _AXES.get(tensor.map.rank, ())
        if name not in axes:
            has = ", ".join(("channels", *axes))
            fail(
                "E0309",
                expr.name.span,
                f"a tensor of {tensor.map} has no `{name}`",
                f"it has {has}",
            )
        return Bound(tensor.map.grid[axes.index(name)])

    def _tensor(self, expr: tree.Expr, scope: Scope) -> Tensor:
        if not isinstance(expr, tree.Name):
            fail("E0309", expr.span, "only tensors have attributes", "not the name of a tensor")
        if expr.text == "input":
            if scope.input is None:
                help = "use the names behind `on`"
                fail(
                    "E0312",
                    expr.span,
                    "there is no `input` in a definition `on` several tensors",
                    help=help,
                )
            return scope.input
        tensor = scope.tensor(expr.text)
        if tensor is None:
            fail(
                "E0202",
                expr.span,
                f"no tensor is named `{expr.text}`",
                "not known here",
                help=suggestion(expr.text, known_tensors(scope)),
            )
        return tensor

    def _call(self, expr: tree.Call, scope: Scope) -> Bound:
        name = expr.name.text
        hidden = scope.value(name)
        if hidden is None and name in arithmetic.FUNCTIONS:
            return self._function(expr, scope)
        value = hidden.value if hidden else self.callee(name, scope)
        if value is Unknown or (value is None and hidden is None and scope.unit.broken):
            raise Unknown
        if value is None and hidden is None:
            known = [*arithmetic.FUNCTIONS, *self.known_values(scope)]
            fail(
                "E0201",
                expr.name.span,
                f"no operation or definition is named `{name}`",
                "not known here",
                help=suggestion(name, known),
            )
        if not isinstance(value, OpValue):
            fail("E0208", expr.name.span, f"`{name}` is {describe(value)}, not an operation")
        return Bound(self.bind(value, expr, scope).detached())

    def _function(self, expr: tree.Call, scope: Scope) -> Bound:
        for argument in expr.arguments:
            if argument.keyword:
                fail(
                    "E0301", argument.keyword.span, f"`{expr.name.text}` takes no keyword arguments"
                )
        operands = [self.bound(argument.value, scope) for argument in expr.arguments]
        try:
            value = arithmetic.call(expr.name.text, [o.value for o in operands], self.limits)
        except arithmetic.Refused as refused:
            fail(refused.code, expr.span, refused.message, help=refused.help)
        return _apply(expr.name.text, value, operands)

    def _index(self, expr: tree.Index, scope: Scope) -> Bound:
        items, index = self.bound(expr.value, scope), self.bound(expr.index, scope)
        if not isinstance(items.value, tuple):
            fail(
                "E0306",
                expr.value.span,
                f"only lists and sizes have items, found {describe(items.value)}",
            )
        position = index.value
        if not isinstance(position, int) or isinstance(position, bool):
            fail("E0304", expr.index.span, f"an index is an int, found {describe(position)}")
        if not 0 <= position < len(items.value):
            last = f"expected 0 to {len(items.value) - 1}" if items.value else "the list is empty"
            fail("E0308", expr.index.span, f"index {position} is out of range", last)
        return _apply("index", items.value[position], [items, index])

    def _unary(self, expr: tree.Unary, scope: Scope) -> Bound:
        if expr.operator == "not":
            return Bound(not self.condition(expr.operand, scope))
        operand = self.bound(expr.operand, scope)
        try:
            value = arithmetic.negative(operand.value, self.limits)
        except arithmetic.Refused as refused:
            fail(refused.code, expr.span, refused.message, help=refused.help)
        return _apply("-", value, [operand])

    def _binary(self, expr: tree.Binary, scope: Scope) -> Bound:
        if expr.operator in ("and", "or"):
            left_true = self.condition(expr.left, scope)
            if left_true == (expr.operator == "or"):
                return Bound(left_true)
            return Bound(self.condition(expr.right, scope))
        left, right = self.bound(expr.left, scope), self.bound(expr.right, scope)
        try:
            value = arithmetic.binary(expr.operator, left.value, right.value, self.limits)
        except arithmetic.Refused as refused:
            fail(refused.code, expr.span, refused.message, help=refused.help)
        return _apply(expr.operator, value, [left, right])


def known_tensors(scope: Scope) -> list[str]:
    """Every tensor that a chain could start from here."""
    names = ["input"] if scope.input else []
    inner: Scope | None = scope
    while inner:
        names += inner.tensors
        inner = inner.parent
    return names


def _apply(operator: str, value: object, operands: list[Bound]) -> Bound:
    formulas: list[Formula] = []
    for operand in operands:
        if operand.formula is None:
            return Bound(value)
        formulas.append(operand.formula)
    if all(isinstance(formula, Literal) for formula in formulas):
        return Bound(value, Literal(value))
    return Bound(value, Apply(operator, tuple(formulas)))

"""Expressions to values, and beside each value the formula that generated source prints for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import NoneType

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.diagnostics.suggest import correction
from inception_dsl.elaborate import arithmetic
from inception_dsl.elaborate.bind import bind
from inception_dsl.elaborate.faults import Fault, OverBudget, Unknown, fail
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.lookup import named_operation, named_tensor, named_value
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.unknown import ATTRIBUTES, unknown_attribute
from inception_dsl.elaborate.values import OpValue, describe, weight
from inception_dsl.ir.formula import Apply, Bound, Formula, InputChannels, Literal
from inception_dsl.ir.types import Dims
from inception_dsl.source import Span
from inception_dsl.syntax import tree

__all__ = ["Evaluator"]

_AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
_SIMPLE = (int, float, str, NoneType)
_HOLDING = (tuple, OpValue)
_LONGEST = 200  # operators of a formula; source that prints a longer one helps no reader


@dataclass
class Evaluator:
    """Evaluates expressions; wrong arguments, of which there may be several, go to `report`.

    Raises: Fault at a mistake, Unknown where an earlier mistake left a value open, OverBudget once
            it has computed more values than a spec may ask for.
    """

    limits: Limits
    report: Callable[[Diagnostic], None]
    computed: int = 0

    def bind(
        self,
        value: OpValue,
        arguments: tuple[tree.Argument, ...],
        scope: Scope,
        report: Callable[[Diagnostic], None] | None = None,
    ) -> OpValue:
        """`value` with these arguments bound; mistakes are reported."""
        found = bind(value, arguments, scope, self.bound, report or self.report)
        if found.spans:
            for name, bound in found.bound.items():
                if isinstance(bound.value, _HOLDING) and name in found.spans:
                    self._hold(bound.value, found.spans[name])
        return found

    def _spend(self, values: int, span: Span) -> None:
        """Count values that are computed, compared or copied."""
        self.computed += values
        if self.computed > self.limits.values:
            message = f"the spec computes more than {self.limits.values:,} values"
            raise OverBudget(Diagnostic("E0710", message, span, "the limit is passed here"))

    def _hold(self, value: object, span: Span) -> None:
        """Refuse a list that is too long with the lists inside it; its items are counted."""
        items = weight(value, self.limits.list_items, self.limits.nesting)
        if items > self.limits.list_items:
            message = f"a list of more than {self.limits.list_items:,} items"
            fail("E0708", span, message, "those of the lists inside it counted")
        self._spend(items, span)

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
        self._spend(1, expr.span)
        match expr:
            case tree.Name():
                return named_value(expr.text, expr.span, scope)
            case tree.Literal():
                return self._literal(expr)
            case tree.SizeLiteral():
                return self._size(expr)
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
                listed = tuple([item.value for item in items])
                self._hold(listed, expr.span)
                return _apply("list", listed, items)
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
        if (
            isinstance(value, str)
            and len(value.encode(errors="surrogatepass")) > self.limits.string_bytes
        ):
            fail("E0707", expr.span, f"a string of more than {self.limits.string_bytes:,} bytes")
        return Bound(value, Literal(value))

    def _size(self, expr: tree.SizeLiteral) -> Bound:
        size = Dims([extent for extent in expr.extents if extent is not None])
        if len(size) < len(expr.extents):
            fail("E0304", expr.span, "`_` stands in shape notes only", "a size has numbers")
        self._hold(size, expr.span)
        if max(size) > self.limits.integer:
            fail("E0706", expr.span, "the number does not fit in 64 bits")
        return Bound(size, Literal(size))

    def _attribute(self, expr: tree.Attribute, scope: Scope) -> Bound:
        if not isinstance(expr.value, tree.Name):
            message = "only tensors have attributes"
            fail("E0309", expr.value.span, message, "not the name of a tensor")
        tensor = named_tensor(tree.Ident(expr.value.text, span=expr.value.span), scope)
        name = expr.name.text
        if name not in ATTRIBUTES:
            raise Fault(unknown_attribute(name, expr.name.span))
        if tensor.map is None or tensor.guessed:
            raise Unknown
        if name == "channels":
            own = expr.value.text == "input"
            return Bound(tensor.map.channels, InputChannels() if own else None)
        axes = _AXES.get(tensor.map.rank, ())
        if name not in axes:
            known = ("channels", *axes)
            near, fix = correction(name, expr.name.span, known)
            shape = f"{tensor.map}" if axes else f"a vector of {tensor.map}"
            message = f"`{expr.value.text}` is {shape} and has no `{name}`"
            label = "it has " + ", ".join(known)
            fail("E0309", expr.name.span, message, label, help=near, fix=fix)
        return Bound(tensor.map.grid[axes.index(name)])

    def _call(self, expr: tree.Call, scope: Scope) -> Bound:
        if expr.name.text in arithmetic.FUNCTIONS and scope.value(expr.name.text) is None:
            return self._function(expr, scope)
        value = named_operation(expr.name, scope)
        return Bound(self.bind(value, expr.arguments, scope).detached())

    def _function(self, expr: tree.Call, scope: Scope) -> Bound:
        for argument in expr.arguments:
            if argument.keyword:
                fail(
                    "E0301", argument.keyword.span, f"`{expr.name.text}` takes no keyword arguments"
                )
        operands = [self.bound(argument.value, scope) for argument in expr.arguments]
        self._read(operands, expr.span)
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
        self._read((left, right), expr.span)
        try:
            value = arithmetic.binary(expr.operator, left.value, right.value, self.limits)
        except arithmetic.Refused as refused:
            fail(refused.code, expr.span, refused.message, help=refused.help)
        if isinstance(value, tuple):
            self._hold(value, expr.span)
        return _apply(expr.operator, value, [left, right])

    def _read(self, operands: Iterable[Bound], span: Span) -> None:
        """Count what an operator reads of lists and strings."""
        for operand in operands:
            if not isinstance(operand.value, _SIMPLE):
                self._spend(weight(operand.value, self.limits.list_items), span)
            elif isinstance(operand.value, str):
                self._spend(len(operand.value) // 256, span)


def _apply(operator: str, value: object, operands: list[Bound]) -> Bound:
    formulas: list[Formula] = []
    for operand in operands:
        if operand.formula is None:
            return Bound(value)
        formulas.append(operand.formula)
    if all(isinstance(formula, Literal) for formula in formulas):
        return Bound(value, Literal(value))
    formula = Apply(operator, tuple(formulas))
    return Bound(value, formula if formula.size <= _LONGEST else None)

"""`expect`: the published figures that a spec says it reproduces, held against what it computes.

Figures speak of the spec's defaults, changed only by the settings in their own parentheses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from inception_dsl.analysis.cost import Cost, cost
from inception_dsl.diagnostics import Diagnostic, Diagnostics, Note
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.elaborate import arithmetic
from inception_dsl.elaborate.elaborate import Spec, elaborate
from inception_dsl.elaborate.evaluate import Evaluator
from inception_dsl.elaborate.faults import Fault, OverBudget, Unknown, fail
from inception_dsl.elaborate.limits import Limits
from inception_dsl.syntax import tree

__all__ = ["METRICS", "Expectation", "expectations"]

LETTERS_PER_STATEMENT = 10  # a statement takes about as long to execute as so many to check
COST_OF_A_FAULT = 10_000  # statements; how many there were is not known
METRICS = tuple(field.name for field in fields(Cost))


@dataclass(frozen=True)
class Expectation:
    """One figure: the metric as written, its bounds, what we compute, and who published it."""

    metric: str
    low: float
    high: float
    found: float
    source: str

    @property
    def met(self) -> bool:
        """Whether the figure is reproduced; both ends of a range count."""
        return self.low <= self.found <= self.high


def expectations(spec: Spec, diagnostics: Diagnostics, limits: Limits) -> tuple[Expectation, ...]:
    """Every figure of the network; those that are not reproduced are reported."""
    check = _Check(spec, diagnostics, limits)
    found = []
    for item in spec.network.body.statements:
        if isinstance(item, tree.Expect):
            try:
                found.append(check.expect(item))
            except Fault as fault:
                diagnostics.add(fault.diagnostic)
            except OverBudget as stopped:
                diagnostics.add(stopped.diagnostic)
                break
            except Unknown:
                pass
    return tuple(found)


class _Check:
    def __init__(self, spec: Spec, diagnostics: Diagnostics, limits: Limits) -> None:
        self.spec, self.diagnostics, self.limits = spec, diagnostics, limits
        self._costs: dict[str, Cost] = {}
        self._evaluator = Evaluator(limits, diagnostics.add)
        self._spent = 0

    def expect(self, item: tree.Expect) -> Expectation:
        """One `expect` evaluated, and reported if it is not met."""
        found = self.metric(item.metric)
        ends = (
            (item.value.low, item.value.high)
            if isinstance(item.value, tree.Range)
            else (item.value,) * 2
        )
        bounds = []
        for end in ends:
            value = self._evaluator.value(end, self.spec.scope)
            if not isinstance(value, int | float) or isinstance(value, bool):
                fail("E0514", end.span, "a figure is a number")
            bounds.append(value)
        expectation = Expectation(
            item.metric.span.text, bounds[0], bounds[1], found, item.source or ""
        )
        if not expectation.met:
            said = " to ".join(dict.fromkeys(map(_shown, bounds)))
            message = f"`{expectation.metric}` is {_shown(found)}, expected {said}"
            notes = (Note(f"published: {item.source}"),) if item.source else ()
            self.diagnostics.add(
                Diagnostic("E0801", message, item.span, f"found {_shown(found)}", notes=notes)
            )
        return expectation

    def metric(self, expr: tree.Expr) -> int | float:
        """A metric, or metrics with numbers between `+ - * / // %`."""
        match expr:
            case tree.Name():
                return self._named(expr.text, expr, ())
            case tree.Call():
                return self._named(expr.name.text, expr, expr.arguments)
            case tree.Literal(value=int() | float() as value) if not isinstance(value, bool):
                return value
            case tree.Binary(operator="+" | "-" | "*" | "/" | "//" | "%"):
                left, right = self.metric(expr.left), self.metric(expr.right)
                try:
                    result = arithmetic.binary(expr.operator, left, right, self.limits)
                except arithmetic.Refused as refused:
                    fail(refused.code, expr.span, refused.message, help=refused.help)
                assert isinstance(result, int | float), result
                return result
        fail(
            "E0514",
            expr.span,
            "a figure is a metric, or metrics with numbers",
            "expected one of " + ", ".join(METRICS),
        )

    def _named(self, name: str, expr: tree.Expr, arguments: tuple[tree.Argument, ...]) -> int:
        if name not in METRICS:
            expected = "expected one of " + ", ".join(METRICS)
            message = f"no metric is named `{name}`"
            fail("E0514", expr.span, message, expected, help=suggestion(name, METRICS))
        settings: dict[str, object] = {}
        for argument in arguments:
            if argument.keyword is None:
                fail("E0303", argument.span, "settings are written `name=value`")
            self._known(argument.keyword)
            settings[argument.keyword.text] = argument.value.span.text
        value: int = getattr(self._cost(settings, expr), name)
        return value

    def _known(self, setting: tree.Ident) -> None:
        network = self.spec.network
        known = [param.name.text for param in network.params]
        known += [param.name.text for param in self.spec.unit.params]
        if setting.text not in known:
            message = f"`{network.name.text}` has no setting `{setting.text}`"
            fail("E0212", setting.span, message, help=suggestion(setting.text, known, "setting"))

    def _cost(self, settings: Mapping[str, object], expr: tree.Expr) -> Cost:
        key = repr(sorted(settings.items()))
        if key not in self._costs:
            self._costs[key] = self._compute(settings, expr)
        return self._costs[key]

    def _compute(self, settings: Mapping[str, object], expr: tree.Expr) -> Cost:
        request = self.spec.request
        if not settings and not request.settings and request.input is None:
            return cost(self.spec.graph)
        inner = Diagnostics(self.limits.diagnostics)
        left = replace(self.limits, statements=self.limits.statements - self._spent)
        again = replace(request, settings=settings, input=None)
        spec = elaborate(again, inner, left, self.spec.units)
        self._spend(spec.statements if isinstance(spec, Spec) else COST_OF_A_FAULT, expr)
        if not isinstance(spec, Spec):
            errors = [d for d in inner if d.severity == "error"]
            said = errors[0].message if errors else "it does not check"
            fail("E0514", expr.span, f"under these settings the network does not check: {said}")
        return cost(spec.graph)

    def _spend(self, statements: int, expr: tree.Expr) -> None:
        """Count what a figure under other settings cost, the names of the whole text included."""
        text = sum(len(unit.source.text) for unit in self.spec.units)
        self._spent += statements + text // LETTERS_PER_STATEMENT
        if self._spent > self.limits.statements:
            limit = f"{self.limits.statements:,} statements"
            message = f"the figures under other settings execute more than {limit}"
            raise OverBudget(Diagnostic("E0705", message, expr.span, "the limit is passed here"))


def _shown(figure: float) -> str:
    """A figure with separators; a whole one has no fraction, however it was written."""
    return f"{int(figure):,}" if figure == int(figure) else f"{figure:,}"

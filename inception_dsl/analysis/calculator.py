"""Formulas over specs: `inception_v3.params(classes=1008) + inception_v3.buffers(classes=1008)`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Final

from inception_dsl.analysis.measures import MEASURES
from inception_dsl.analysis.verdict import Computed
from inception_dsl.diagnostics import Diagnostics
from inception_dsl.elaborate.elaborate import Request, Spec, elaborate
from inception_dsl.elaborate.files import read_source
from inception_dsl.elaborate.limits import Limits
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.shipped import shipped_folder
from inception_dsl.source import Source

__all__ = ["Calculator", "Unavailable"]

_ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Unavailable(LookupError):
    """A formula speaks of a spec that does not exist, or does not check."""


class Calculator:
    """Evaluates formulas: measures of specs, under settings, and arithmetic between them.

    A formula is `SPEC.MEASURE`, `SPEC.MEASURE("part", setting=value)`, a number, or these between
    `+ - * /`. `networks` are small ones, by name; any other name is that of a shipped spec. All
    arithmetic is exact.
    """

    def __init__(self, networks: Mapping[str, str]) -> None:
        self.networks = networks
        self._graphs: dict[str, CheckedGraph] = {}

    def value(self, formula: str) -> Computed:
        """The value of a formula.

        Raises: Unavailable. AssertionError for any other mistake in it: formulas are ours.
        """
        return self._value(ast.parse(formula, mode="eval").body, formula)

    def _value(self, node: ast.expr, formula: str) -> Computed:
        match node:
            case ast.Constant(value=int() | float() as number):
                return Fraction(str(number))
            case ast.BinOp(left=left, op=op, right=right):
                sides = [self._value(side, formula) for side in (left, right)]
                numbers = [side for side in sides if isinstance(side, Fraction)]
                assert len(numbers) == 2, f"{formula}: no arithmetic with words"
                return _ARITHMETIC[type(op)](*numbers)
            case ast.Attribute(value=ast.Name(id=spec), attr=measure):
                return self._measure(spec, measure, (), {})
            case ast.Call(func=ast.Attribute(value=ast.Name(id=spec), attr=measure)):
                places = tuple(str(ast.literal_eval(argument)) for argument in node.args)
                settings = {str(each.arg): ast.literal_eval(each.value) for each in node.keywords}
                return self._measure(spec, measure, places, settings)
        raise AssertionError(f"`{formula}` is no formula")

    def _measure(
        self, spec: str, measure: str, places: tuple[str, ...], settings: Mapping[str, object]
    ) -> Computed:
        assert measure in MEASURES, f"no measure is named `{measure}`"
        found = MEASURES[measure](self._graph(spec, settings), *places)
        return found if isinstance(found, str) else Fraction(str(found))

    def _graph(self, spec: str, settings: Mapping[str, object]) -> CheckedGraph:
        key = f"{spec} {sorted(settings.items())}"
        if key not in self._graphs:
            limits = Limits()
            diagnostics = Diagnostics(limits.diagnostics)
            found = elaborate(self._request(spec, settings, limits), diagnostics, limits)
            if not isinstance(found, Spec):
                said = next(record.message for record in diagnostics if record.severity == "error")
                raise Unavailable(f"`{spec}` does not check: {said}")
            self._graphs[key] = found.graph
        return self._graphs[key]

    def _request(self, spec: str, settings: Mapping[str, object], limits: Limits) -> Request:
        if spec in self.networks:
            return Request(Source(spec, self.networks[spec]), settings=settings)
        path: Path = shipped_folder() / f"{spec}.incept"
        if not path.is_file():
            raise Unavailable(f"no spec is named `{spec}`")
        return Request(read_source(path, str(path), limits), path.resolve(), settings=settings)

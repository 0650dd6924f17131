"""One class's expressions from those of all its instances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inception_dsl.backends.torch.arguments import Argument, Arguments
from inception_dsl.backends.torch.expressions import (
    Call,
    Expr,
    Leaf,
    Method,
    Name,
    New,
    children,
    rebuild,
)
from inception_dsl.backends.torch.formulas import same
from inception_dsl.backends.torch.names import Taken
from inception_dsl.backends.torch.signatures import default
from inception_dsl.ir.formula import Parameter

__all__ = ["Merger", "Signature"]


@dataclass(frozen=True)
class Signature:
    """How a class that is already written is constructed; `places` number its instances."""

    name: str
    parameters: Sequence[Argument]
    places: Mapping[str, int]
    aux: bool


class Merger:
    """Merges the same expression of every instance: numbers become what `Arguments` decides."""

    def __init__(
        self, arguments: Arguments, signatures: Mapping[str, Signature], attributes: Taken
    ) -> None:
        self.stored: dict[str, Expr] = {}
        self._arguments = arguments
        self._signatures = signatures
        self._attributes = attributes

    def merge(self, exprs: Sequence[Expr], stored: bool = False) -> Expr:
        """The expression that stands for all of `exprs`, which differ in numbers only.

        In `forward`, numbers that `__init__` gets are read from attributes: they are `stored`.
        """
        first = exprs[0]
        if isinstance(first, Leaf):
            expr = self._arguments.expr([expr for expr in exprs if isinstance(expr, Leaf)])
            return self._store(expr, first.label) if stored else expr
        if isinstance(first, New):
            return self._construction([expr for expr in exprs if isinstance(expr, New)])
        parts = zip(*map(children, exprs), strict=True)
        merged = rebuild(first, lambda _: self.merge(next(parts), stored))
        return self._without_defaults(merged) if isinstance(merged, Call) else merged

    def _store(self, expr: Expr, label: str) -> Expr:
        if isinstance(expr, Leaf):
            return expr
        for name, known in self.stored.items():
            if known == expr:
                return Name(f"self.{name}")
        name = self._attributes.claim(expr.text if isinstance(expr, Name) else label)
        self.stored[name] = expr
        return Name(f"self.{name}")

    def _construction(self, news: Sequence[New]) -> Expr:
        """`Conv(in_channels, 64, 3, padding=1)`."""
        made = self._signatures[news[0].region.path]
        positional: list[Expr] = []
        keywords: list[tuple[str, Expr]] = []
        for parameter in made.parameters:
            expr = self._arguments.expr([_leaf(parameter, made, new) for new in news])
            if parameter.default is ... and parameter.symbol is not None:
                positional.append(expr)
            elif not self._is_default(parameter.label, expr, parameter.default):
                keywords.append((parameter.name, expr))
        if made.aux:
            keywords.append(("aux", Name("aux")))
        return Call(Name(made.name), tuple(positional), tuple(keywords))

    def _without_defaults(self, call: Call) -> Call:
        function = _function(call)
        kept = tuple(
            (name, value)
            for name, value in call.keywords
            if not self._is_default(name, value, default(function, name))
            and not (name == "stride" and "Pool" in function and value == call.arguments[0])
        )
        return Call(call.function, call.arguments, kept)

    def _is_default(self, label: str, expr: Expr, assumed: object) -> bool:
        """Whether an argument may be left out; a parameter passed on then has the same default."""
        if assumed is ...:
            return False
        parameter = self._arguments.named(expr)
        if parameter and parameter.label == label and assumed in parameter.values:
            parameter.default = assumed
        return isinstance(expr, Leaf) and same(expr.value, assumed)


def _leaf(parameter: Argument, made: Signature, new: New) -> Leaf:
    """The value of a constructor parameter for one instance, as the body around computes it."""
    region = new.region
    match parameter.symbol:
        case Parameter(name) if region.kind == "instance":
            formula = region.arguments[name].formula
        case Parameter():
            formula = parameter.symbol
        case None:
            formula = parameter.formula if region.kind != "instance" else None
        case channels:
            formula = new.channels[channels.index]
    return Leaf(parameter.values[made.places[region.path]], formula, parameter.label)


def _function(call: Call) -> str:
    if isinstance(call.function, Name):
        return call.function.text
    return call.function.name if isinstance(call.function, Method) else ""

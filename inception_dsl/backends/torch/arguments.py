"""Constructor parameters of a class: found by comparing the numbers of all its instances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inception_dsl.backends.torch.body import Body, enclosing
from inception_dsl.backends.torch.expressions import Expr, Leaf, Name, walk
from inception_dsl.backends.torch.formulas import Scope, is_plain, same, write
from inception_dsl.backends.torch.names import Taken
from inception_dsl.backends.torch.signatures import CHANNELS, square
from inception_dsl.backends.torch.tracked import Channels
from inception_dsl.ir.formula import Formula, Literal, Parameter
from inception_dsl.ir.graph import Graph
from inception_dsl.ir.types import Dims

__all__ = ["Argument", "Arguments"]


@dataclass
class Argument:
    """One parameter of a constructor, with its value in each instance.

    `symbol` says what it is: an input's channels, a parameter of the definition, or None for a
    number that differs between instances, whose `formula` holds in the body around.
    """

    name: str
    label: str
    symbol: Channels | Parameter | None
    values: tuple[object, ...]
    formula: Formula | None = None
    default: object = ...
    used: bool = False


class Arguments:
    """Decides for each number in a class what the source prints for it, and gathers parameters."""

    def __init__(
        self, bodies: Sequence[Body], inputs: Sequence[str], graph: Graph, taken: Taken
    ) -> None:
        self._taken = taken
        self._scopes = [_scope(body, graph) for body in bodies]
        self._derived: list[Argument] = []
        self._channels = []
        for i, operand in enumerate(inputs):
            name = taken.claim("in_channels" if len(inputs) == 1 else f"{operand}_channels")
            channels = tuple(scope.channels[i] for scope in self._scopes)
            self._channels.append(Argument(name, "in_channels", Channels(i), channels))
        definition = enclosing(bodies[0].region).definition
        self._named = []
        for parameter in definition.parameters if definition else ():
            values = tuple(scope.parameters.get(parameter, ...) for scope in self._scopes)
            if all(map(is_plain, values)):
                name = taken.claim(parameter)
                self._named.append(Argument(name, parameter, Parameter(parameter), values))

    @property
    def used(self) -> list[Argument]:
        """The constructor's parameters: channels, the definition's in its order, then others.

        Defaults stay where all that follow have one.
        """
        found = [argument for argument in self._all() if argument.used]
        found.sort(key=lambda argument: argument.symbol is None and argument.default is not ...)
        required = [i for i, argument in enumerate(found) if argument.default is ...]
        for argument in found[: required[-1] if required else 0]:
            argument.default = ...
        return found

    def expr(self, leaves: Sequence[Leaf]) -> Expr:
        """What the source prints for one number, given in each instance.

        Its formula, where that gives the number everywhere; else the number, if it is the same
        everywhere; else channels or a parameter with these values; else a parameter of its own.
        """
        values = tuple(leaf.value for leaf in leaves)
        label, formula = leaves[0].label, leaves[0].formula
        if any(leaf.formula != formula for leaf in leaves):
            formula = None
        if formula is not None and not isinstance(formula, Literal):
            written = write(formula, self._scopes, self._name)
            if written and all(map(_agree, written.values, values)):
                return self._use(written.expr)
        if all(same(value, values[0]) for value in values):
            return Leaf(values[0])
        found = self._like(label, values) or self._own(label, values, formula)
        return self._use(Name(found.name))

    def named(self, expr: Expr) -> Argument | None:
        """The constructor parameter that an expression is, where it is just that."""
        return next((found for found in self._all() if expr == Name(found.name)), None)

    def _all(self) -> list[Argument]:
        return [*self._channels, *self._named, *self._derived]

    def _name(self, symbol: Formula) -> Name | None:
        return next((Name(found.name) for found in self._all() if found.symbol == symbol), None)

    def _use(self, expr: Expr) -> Expr:
        names = [part.text for part in walk(expr) if isinstance(part, Name)]
        for found in self._all():
            found.used |= found.name in names
        return expr

    def _like(self, label: str, values: tuple[object, ...]) -> Argument | None:
        """A known parameter with these values: for channels any, else the one of that name."""
        for found in self._all():
            named = label in CHANNELS or found.label == label
            if named and all(map(same, found.values, values)):
                return found
        return None

    def _own(self, label: str, values: tuple[object, ...], formula: Formula | None) -> Argument:
        found = Argument(self._taken.claim(label), label, None, values, formula)
        self._derived.append(found)
        return found


def _scope(body: Body, graph: Graph) -> Scope:
    owner = enclosing(body.region)
    arguments = owner.arguments if owner.kind == "instance" else {}
    parameters = {name: _plain(bound.value) for name, bound in arguments.items()}
    channels = tuple(graph[path].out.channels for path in body.inputs)
    input_channels = graph[owner.inputs[0]].out.channels if len(owner.inputs) == 1 else 0
    return Scope(parameters, channels, input_channels)


def _plain(value: object) -> object:
    return square(value) if isinstance(value, Dims) else value


def _agree(written: object, value: object) -> bool:
    """Whether a formula gives the number; 3x3 is 3 on every axis."""
    return same(written, value) or same(square(written), square(value))

"""What expressions of a spec evaluate to, and how values fit the language's types.

Numbers, bools and strings are Python's; sizes are `Dims`, lists plain tuples, words `Word`s, `none`
is None, and an operation or definition with some arguments bound is an `OpValue`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from inception_dsl.ir.formula import Bound
from inception_dsl.ir.op import Op, ParameterSpec, Signature, signature_of
from inception_dsl.ir.types import Dims, FeatureMap, Word, show_value
from inception_dsl.record import record
from inception_dsl.source import Span

if TYPE_CHECKING:
    from inception_dsl.elaborate.units import DefinitionRef

__all__ = [
    "TYPES", "WORDS", "OpValue", "Tensor", "coerce", "describe", "show", "type_name", "weight",
]  # fmt: skip

TYPES = ("int", "float", "bool", "size", "string", "op", "padding", "shape", "list")
PADDING_WORDS = ("valid", "same", "same_upper", "same_lower")
WORDS = (*PADDING_WORDS, "nearest", "bilinear", "bicubic")


@record
class Tensor:
    """A feature map in the network being built: its node, and the shape it has there.

    After an error the shape is unknown: `node` and `map` are None, and nothing that depends on it
    is reported again. A guessed one has the shape that it would have without the mistake: it
    tells which other uses of a definition fail alike, and nothing else is reported of it.
    """

    node: str | None = None
    map: FeatureMap | None = None
    guessed: bool = False

    @property
    def known(self) -> bool:
        """Whether it stands for a node of the graph."""
        return self.node is not None


@record
class OpValue:
    """An operation or definition with arguments bound; nothing is applied until it is called."""

    target: type[Op] | DefinitionRef
    bound: Mapping[str, Bound] = field(default_factory=dict)
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The name it has in a spec."""
        return self.target.name

    @property
    def signature(self) -> Signature:
        """What it takes, bound or not."""
        target = self.target
        return signature_of(target) if isinstance(target, type) else target.signature

    @property
    def parameters(self) -> tuple[ParameterSpec, ...]:
        """Its parameters, in order."""
        return self.signature.parameters

    def detached(self) -> OpValue:
        """The value for use elsewhere: its formulas spoke of the definition it was written in."""
        return OpValue(self.target, {k: Bound(b.value) for k, b in self.bound.items()}, self.spans)

    def __str__(self) -> str:
        inside = ", ".join(f"{key}={show(bound.value)}" for key, bound in self.bound.items())
        return f"{self.name}({inside})" if inside else self.name

    def __repr__(self) -> str:
        """As `str`, with its file's settings and the values in full: it tells values apart."""
        key = "" if isinstance(self.target, type) else self.target.unit.key
        inside = ", ".join(f"{name}={bound.value!r}" for name, bound in self.bound.items())
        return f"{key}{self.name}({inside})"

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.bound)))


def show(value: object) -> str:
    """A value as a spec writes it."""
    return str(value) if isinstance(value, OpValue) else show_value(value)


def weight(value: object, most: int, depth: int = 100) -> int:
    """How many items a list holds, those of lists and arguments inside it counted.

    Counting stops above `most`, where lists also are that nest more than `depth` deep.
    """
    if isinstance(value, OpValue):
        items: tuple[object, ...] = tuple(bound.value for bound in value.bound.values())
    elif isinstance(value, tuple):
        items = value
    else:
        return 0
    if depth == 0:
        return most + 1
    total = len(items)
    for item in items:
        if total > most:
            break
        if isinstance(item, (tuple, OpValue)):
            total += weight(item, most - total, depth - 1)
    return total


def type_name(value: object) -> str:
    """The type of a value, in the language's words."""
    if isinstance(value, bool):
        return "bool"
    kinds = ((int, "int"), (float, "float"), (Word, "word"), (str, "string"), (Dims, "size"))
    for kind, name in kinds:
        if isinstance(value, kind):
            return name
    if isinstance(value, tuple):
        return "list"
    return "op" if isinstance(value, OpValue) else "none"


def describe(value: object) -> str:
    """Type and value, for messages: ``size `3x3` ``."""
    name = type_name(value)
    text = show(value)
    text = text if len(text) <= 40 else text[:37] + "..."
    return "`none`" if value is None else f"{name} `{text}`"


def coerce(value: object, type: str, words: tuple[str, ...] = ()) -> object:
    """The value as a parameter of that type takes it.

    An int serves as float and, for every axis, as size or padding; a list of ints as each of them
    and as shape.

    Raises: TypeError if the value does not fit.
    """
    if _fits(value, type, words):
        return float(value) if type == "float" and isinstance(value, int) else value
    raise TypeError(type)


def _fits(value: object, type: str, words: tuple[str, ...]) -> bool:
    match type:
        case "int":
            return _is_int(value)
        case "size":
            return _is_int(value) or _has_ints(value)
        case "padding":
            word = isinstance(value, Word) and value in PADDING_WORDS
            return word or _is_int(value) or _has_ints(value)
        case "float":
            return isinstance(value, float) or _is_int(value)
        case "bool":
            return isinstance(value, bool)
        case "string":
            return isinstance(value, str) and not isinstance(value, Word)
        case "op":
            return isinstance(value, OpValue)
        case "word":
            return isinstance(value, Word) and value in words
        case "shape":
            return _has_ints(value)
        case "list":
            return isinstance(value, tuple) and not isinstance(value, Dims)
        case _:
            return True


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _has_ints(value: object) -> bool:
    return isinstance(value, tuple) and value != () and all(map(_is_int, value))

"""The base of every operation: one frozen dataclass whose fields are its signature in a spec."""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, fields
from functools import cached_property
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import FeatureMap, Parameter, show_value

if TYPE_CHECKING:
    from inception_dsl.ir.vocabulary import OnnxGraph, Operand, TorchSource

__all__ = [
    "Example", "Input", "Op", "OpFault", "ParameterSpec", "Signature", "signature", "signature_of",
]  # fmt: skip

V = TypeVar("V")
Kind = Literal["convolution", "linear", "pool", "norm", "activation", "combine", "shape", "input"]


class OpFault(Exception):
    """What an operation refuses, as data; the caller adds the place.

    `argument` names the field at fault, `operand` the input at fault.
    `message` says what was found, `expected` what would do, `help` the next step.
    """

    def __init__(
        self, code: str, message: str, *, expected: str = "", argument: str | None = None,
        operand: int | None = None, help: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.code, self.message, self.expected = code, message, expected
        self.argument, self.operand, self.help = argument, operand, help


@dataclass(frozen=True, slots=True)
class Example:
    """A use of the operation as a spec writes it, with the shapes before and after.

    `inputs` has one shape per operand, `64x56x56`; a vector is `64`.
    """

    text: str
    inputs: str | tuple[str, ...]
    output: str


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One parameter of a signature; `shown` is its default as a spec writes it."""

    name: str
    type: str
    required: bool
    default: object
    shown: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signature:
    """The parameters of an operation or definition, in order."""

    parameters: tuple[ParameterSpec, ...]

    @cached_property
    def by_name(self) -> dict[str, ParameterSpec]:
        """Each parameter; the last of those with one name, which is a mistake."""
        return {spec.name: spec for spec in self.parameters}

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names of those without a default."""
        return tuple(spec.name for spec in self.parameters if spec.required)


@dataclass(frozen=True)
class Op:
    """What every operation answers; the defaults are those of an activation.

    Shape:  unchanged
    Raises: OpFault from `__post_init__` for arguments no input could make right, from `infer`
            for an input that does not fit.
    """

    name: ClassVar[str] = ""
    kind: ClassVar[Kind] = "activation"
    combines: ClassVar[bool] = False
    """Whether it joins any number of operands: a spec reaches it by keyword, not by call."""
    view: ClassVar[bool] = False
    """Whether inference only looks at the operand in another way: the result takes no memory."""
    EXAMPLES: ClassVar[tuple[Example, ...]] = ()

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The output's feature map."""
        return inputs[0]

    def derivation(self, axis: int, *inputs: FeatureMap) -> str | None:
        """The sum behind `dims[axis]` of the output, `ceil(35 / 2)`, empty for an argument.

        None where that extent is passed on from the first input.
        """
        before, after = inputs[0], self.infer(*inputs)
        kept = before.rank == after.rank and before.dims[axis] == after.dims[axis]
        return None if kept else ""

    def parameters(self, x: FeatureMap) -> dict[str, Parameter]:
        """The arrays it owns, under torch's names: `weight`, `bias`, `running_mean`, ..."""
        return {}

    def macs(self, x: FeatureMap) -> int:
        """Multiply-adds for one image; only convolutions and linear layers count."""
        return 0

    def reads(self, x: FeatureMap) -> tuple[Reach, ...] | None:
        """Which cells each output cell reads, per axis; None where that is the whole grid."""
        return (Reach(),) * x.rank

    def to_torch(self, torch: TorchSource[V], *inputs: Operand[V]) -> V:
        """The PyTorch expression of the result."""
        raise NotImplementedError

    def to_onnx(self, onnx: OnnxGraph[V], *inputs: Operand[V]) -> V:
        """The ONNX value of the result."""
        raise NotImplementedError

    def label(self) -> str:
        """A few words for figures and tables: `conv 3x3 / 2, 64`."""
        return self.name.replace("_", " ")


@dataclass(frozen=True)
class Input(Op):
    """The network's input; the graph's only node without operands."""

    name: ClassVar[str] = "input"
    kind: ClassVar[Kind] = "input"
    map: FeatureMap

    def infer(self, *inputs: FeatureMap) -> FeatureMap:
        """The declared shape."""
        return self.map


_TYPE_NAMES = {int: "int", float: "float", bool: "bool", str: "string"}


def signature(operation: type[Op]) -> tuple[ParameterSpec, ...]:
    """The parameters of an operation."""
    return signature_of(operation).parameters


_signatures: dict[type[Op], Signature] = {}


def signature_of(operation: type[Op]) -> Signature:
    """The parameters of an operation, read off its dataclass fields once.

    A field's metadata may hold `shown`, the default as documentation writes it where that is not
    the value (`stride=kernel`), which the field holds as None.
    """
    if operation not in _signatures:
        hints = get_type_hints(operation, include_extras=True)
        specs = tuple(_spec(f, hints[f.name]) for f in fields(operation))
        _signatures[operation] = Signature(specs)
    return _signatures[operation]


def _spec(field: Field[Any], hint: Any) -> ParameterSpec:
    words: tuple[str, ...] = ()
    if get_origin(hint) in (Union, UnionType):
        hint = next(option for option in get_args(hint) if option is not type(None))
    if get_origin(hint) is Literal:
        type_name, words = "word", get_args(hint)
    elif get_origin(hint) is Annotated:
        type_name = get_args(hint)[1]
    else:
        type_name = _TYPE_NAMES[hint]
    if field.default is MISSING:
        return ParameterSpec(field.name, type_name, True, None, "", words)
    shown = field.metadata.get("shown", show_default(field.default))
    return ParameterSpec(field.name, type_name, False, field.default, shown, words)


def show_default(value: object) -> str:
    """A default as a spec writes it; words of an operation (`valid`) have no quotes."""
    return value if isinstance(value, str) else show_value(value)

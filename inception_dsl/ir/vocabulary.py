"""What operations may say to a back end: two small protocols, so that no operation imports one.

An operation gets its operands as `Operand`s (the back end's own value and the feature map it
carries) and returns the back end's value of its result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from inception_dsl.ir.types import FeatureMap

__all__ = ["Attribute", "OnnxGraph", "Operand", "TorchSource"]

V = TypeVar("V")

Attribute = int | float | str | bool | Sequence[int] | Sequence[float]


@dataclass(frozen=True, slots=True)
class Operand(Generic[V]):
    """One input of an operation: the back end's value, and the feature map it carries."""

    value: V
    map: FeatureMap


class TorchSource(Protocol[V]):
    """Builds expressions of PyTorch source. Names are as the generated file spells them.

    The generated file has `torch`, `torch.nn.functional as F` and `nn`.
    Arguments are expressions (V) or plain Python values; a tuple or list may hold either.
    """

    def module(self, name: str, *args: object, **kwargs: object) -> V:
        """The operation's own submodule, such as `module("nn.ReLU")`; at most one per operation.

        Its parameter and buffer names are those of `Op.parameters`.
        """
        ...

    def call(self, module: V, *operands: V) -> V:
        """`self.conv2d(x)`: a module applied."""
        ...

    def functional(self, name: str, *args: object, **kwargs: object) -> V:
        """A function call: `functional("F.pad", x, (1, 1))`, or `torch.cat` of a list."""
        ...

    def method(self, operand: V, name: str, *args: object, **kwargs: object) -> V:
        """`x.flatten(1)`."""
        ...

    def binary(self, operator: Literal["+", "-", "*", "/"], left: object, right: object) -> V:
        """`left + right`."""
        ...

    def subscript(self, operand: V, index: Sequence[slice | int]) -> V:
        """`x[:, 0:32]`."""
        ...


class OnnxGraph(Protocol[V]):
    """Adds nodes to an ONNX graph, named below the operation's path."""

    opset: int

    def node(self, op_type: str, *inputs: V, **attributes: Attribute) -> V:
        """A node with one output. Pass an empty optional input as `constant`-free `absent`."""
        ...

    @property
    def absent(self) -> V:
        """An optional input that is left out."""
        ...

    def parameter(self, name: str) -> V:
        """The operation's parameter of that name in `Op.parameters`: an initializer."""
        ...

    def constant(
        self, value: Sequence[float] | Sequence[int] | float | int, kind: Literal["float", "int64"]
    ) -> V:
        """A `Constant` node; `float` has the type of the feature maps, scalars have rank 0."""
        ...

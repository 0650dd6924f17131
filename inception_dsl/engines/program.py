"""A network as a straight line of PyTorch calls: no modules, no dispatch but PyTorch's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, Protocol

from inception_dsl.backends.torch.prelude import PRELUDE
from inception_dsl.ir.graph import CheckedGraph, Graph, Node
from inception_dsl.ir.op import Input
from inception_dsl.ir.vocabulary import Operand

if TYPE_CHECKING:
    import torch
    from torch import nn

    Tensors = Mapping[str, torch.Tensor]

__all__ = ["Around", "Kernels", "Program", "write_program"]


class Kernels(Protocol):
    """What an engine calls instead of an operation's plain form."""

    def lower(
        self, program: Program, graph: Graph, node: Node, operands: Sequence[str]
    ) -> str | None:
        """The expression of a node's result; None leaves the plain form."""
        ...


class Program:
    """Lines of Python and the objects they name; also the `TorchSource` of plain operations."""

    def __init__(self, tensors: Tensors, dtype: torch.dtype, device: str) -> None:
        self.tensors = tensors
        self.dtype = dtype
        self.device = device
        self.lines: list[str] = []
        self._objects: dict[str, object] = {}
        self._path = ""

    def hold(self, thing: object) -> str:
        """A name for an object that the lines use."""
        name = f"c{len(self._objects)}"
        self._objects[name] = thing
        return name

    def tensor(self, key: str) -> torch.Tensor:
        """A weight on the device, in the type of the program."""
        return self.tensors[key].to(self.device, self.dtype)

    def begin(self, path: str) -> None:
        """Go on to the operation at `path`, whose weights modules take."""
        self._path = path

    def module(self, name: str, *args: object, **kwargs: object) -> str:
        """A module with the operation's weights, in evaluation mode."""
        import torch

        with torch.device("meta"):
            made: nn.Module = _class(name)(*args, **kwargs)
        state = {
            key: self.tensor(f"{self._path}.{key}")
            for key in made.state_dict()
            if not key.endswith("num_batches_tracked")
        }
        made = made.to_empty(device=self.device)
        made.load_state_dict(state, strict=False)
        return self.hold(made.to(self.dtype).eval())

    def call(self, module: str, *operands: str) -> str:
        """`c1(v3)`."""
        return f"{module}({', '.join(operands)})"

    def functional(self, name: str, *args: object, **kwargs: object) -> str:
        """`F.pad(v1, (1, 1))`."""
        return f"{name}({_arguments(args, kwargs)})"

    def method(self, operand: str, name: str, *args: object, **kwargs: object) -> str:
        """`v1.flatten(1)`."""
        return f"{operand}.{name}({_arguments(args, kwargs)})"

    def binary(self, operator: Literal["+", "-", "*", "/"], left: object, right: object) -> str:
        """`(v1 + v2)`."""
        return f"({_shown(left)} {operator} {_shown(right)})"

    def subscript(self, operand: str, index: Sequence[slice | int]) -> str:
        """`v1[slice(None), slice(0, 32)]`."""
        return f"{operand}[{', '.join(map(repr, index))}]"

    def function(self, argument: str, result: str) -> Callable[[torch.Tensor], torch.Tensor]:
        """The lines as a function of the network's input."""
        import torch

        lines = [f"def forward({argument}):", *self.lines, f"return {result}"]
        scope: dict[str, Any] = {"torch": torch, "F": torch.nn.functional, **self._objects}
        exec("\n    ".join(lines), scope)  # noqa: S102 - our own numbers and names
        found: Callable[[torch.Tensor], torch.Tensor] = scope["forward"]
        return found


class Around(Protocol):
    """The lines that an engine puts before and after each operation, and at the end."""

    def before(self, path: str) -> list[str]:
        """What makes ready for the node at `path`, the input too."""
        ...

    def after(self, path: str) -> list[str]:
        """What follows it."""
        ...

    def end(self) -> list[str]:
        """What stands before the result is returned."""
        ...


class DropValues:
    """Each value is dropped behind its last reader, so that PyTorch can use its memory again."""

    def __init__(self, graph: Graph, names: Mapping[str, str]) -> None:
        last = {operand: path for path in names for operand in graph.operands(path)}
        self._dead: dict[str, list[str]] = {}
        for path, reader in last.items():
            if path != graph.input:
                self._dead.setdefault(reader, []).append(names[path])

    def before(self, path: str) -> list[str]:
        """Nothing."""
        return []

    def after(self, path: str) -> list[str]:
        """`del v3, v4`."""
        return [f"del {', '.join(self._dead[path])}"] if path in self._dead else []

    def end(self) -> list[str]:
        """Nothing."""
        return []


def write_program(
    checked: CheckedGraph, program: Program, kernels: Kernels, around: Around | None = None
) -> Callable[[torch.Tensor], torch.Tensor]:
    """The network's main path as a function; without `around` values are dropped once read."""
    graph = checked.graph
    main = graph.main()
    order = [path for path in graph.network if path in main]
    names = {path: f"v{place}" for place, path in enumerate(order)}
    around = around or DropValues(graph, names)
    for path in order:
        node = graph[path]
        program.lines += around.before(path)
        if not isinstance(node.op, Input):
            operands = [names[operand] for operand in graph.operands(path)]
            program.begin(path)
            expression = kernels.lower(program, graph, node, operands)
            if expression is None:
                expression = _plain(program, graph, node, operands)
            program.lines.append(f"{names[path]} = {expression}")
        program.lines += around.after(path)
    program.lines += around.end()
    return program.function(names[graph.input], names[graph.output])


def _plain(program: Program, graph: Graph, node: Node, operands: Sequence[str]) -> str:
    maps = graph.maps(node.path)
    # PyTorch has no half-precision average in 3-D, which is also how it computes LRN.
    widened = node.op.name == "lrn" or (node.op.name == "avg_pool" and maps[0].rank == 3)
    names = [f"{name}.float()" for name in operands] if widened else operands
    pairs = zip(names, maps, strict=True)
    expression = node.op.to_torch(program, *(Operand(*pair) for pair in pairs))
    return f"({expression}).to({program.hold(program.dtype)})" if widened else expression


def _class(name: str) -> Any:
    import torch
    from torch import nn

    if name.startswith("nn."):
        return getattr(nn, name.removeprefix("nn."))
    scope: dict[str, Any] = {"torch": torch, "nn": nn, "F": nn.functional, "Tensor": torch.Tensor}
    exec(PRELUDE[name], scope)  # noqa: S102 - our own source
    return scope[name]


def _arguments(args: Sequence[object], kwargs: Mapping[str, object]) -> str:
    return ", ".join([*map(_shown, args), *(f"{key}={_shown(v)}" for key, v in kwargs.items())])


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(_shown, value))},)"
    if isinstance(value, float) and not isfinite(value):
        return f"float('{value}')"
    return repr(value)

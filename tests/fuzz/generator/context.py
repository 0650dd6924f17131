"""What the makers of a spec share: chance, names, and how much is left to write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from tests.fuzz.generator.expressions import Expr
from tests.fuzz.generator.operations import OPERATIONS
from tests.fuzz.generator.scopes import Library, Scope
from tests.fuzz.generator.steps import Statement, Step
from tests.fuzz.generator.targets import expression, truth

__all__ = ["Context", "Makers", "Place"]

# Short words, and some that mean something to Python, to modules of PyTorch, or elsewhere in specs.
_TENSORS = [
    "a",
    "b",
    "x",
    "y",
    "skip",
    "left",
    "right",
    "wide",
    "tower",
    "gate",
    "relu",
    "conv",
    "pool",
    "lambda",
    "self",
    "forward",
    "train",
    "x2",
]
_VALUES = [
    "n",
    "m",
    "k",
    "width",
    "rate",
    "depth",
    "class",
    "None_",
    "training",
    "size",
    "mode",
    "size_2",
    "T",
    "scale",
    "x",
]
_PARTS = [
    "unit",
    "cell",
    "mixed",
    "tower",
    "reduce",
    "step",
    "class",
    "half_1",
    "Block",
    "forward",
    "pass_",
    "ten",
    "block_a",
]


@dataclass(frozen=True)
class Place:
    """Where a statement stands."""

    kind: str
    """`network`, `section` (of one), `layer`, `body` (of another definition), or `inner`."""
    depth: int = 3
    """How many more combinations, repeats and calls of new definitions may enclose each other."""
    repeated: bool = False
    behind_head: bool = False

    @property
    def in_network(self) -> bool:
        """Whether sections and auxiliary heads may stand here."""
        return self.kind in ("network", "section")


class Makers(NamedTuple):
    """The functions that makers of smaller pieces need of those of larger ones."""

    define: Callable[..., Any]
    body: Callable[..., tuple[Statement, ...]]
    steps: Callable[..., list[Step]]


@dataclass
class Context:
    """The state of one generation."""

    rng: Random
    budget: int
    makers: Makers
    main: Library
    imports: list[Library] = field(default_factory=list)
    used: set[str] = field(default_factory=lambda: set(OPERATIONS))
    number: int = 0

    def chance(self, probability: float) -> bool:
        """True as often as asked."""
        return self.rng.random() < probability

    def define(self, *args: Any) -> tuple[str, dict[str, Any]] | None:
        """A new definition: `definitions.define`."""
        made: tuple[str, dict[str, Any]] | None = self.makers.define(self, *args)
        return made

    def body(self, *args: Any) -> tuple[Statement, ...]:
        """Statements: `bodies.body`."""
        return self.makers.body(self, *args)

    def steps(self, *args: Any, **how: Any) -> list[Step]:
        """Steps of a chain: `bodies.some_steps`."""
        return self.makers.steps(self, *args, **how)

    def tensor_name(self, scope: Scope) -> str:
        """A free name for a tensor, from now on bound in the scope."""
        return self._free(scope, "tensor", _TENSORS)

    def value_name(self, scope: Scope) -> str:
        """A free name for a value, from now on bound in the scope."""
        return self._free(scope, "value", _VALUES)

    def _free(self, scope: Scope, space: str, words: list[str]) -> str:
        name = self.rng.choice(words)
        while scope.is_claimed(f"{space} {name}"):
            self.number += 1
            name = f"{self.rng.choice(words)}_{self.number}"
        scope.claimed.add(f"{space} {name}")
        return name

    def file_name(self, words: list[str] | None = None) -> str:
        """A name that nothing at the top of a file has yet."""
        name = self.rng.choice(words or _PARTS)
        while name in self.used:
            self.number += 1
            name = f"{self.rng.choice(words or _PARTS)}_{self.number}"
        self.used.add(name)
        return name

    def write(self, scope: Scope, value: Any, depth: int = 2) -> Expr:
        """An expression for the value."""
        return expression(self.rng, scope, value, depth)

    def condition(self, scope: Scope, value: bool) -> Expr:
        """A condition for the value."""
        return truth(self.rng, scope, value)

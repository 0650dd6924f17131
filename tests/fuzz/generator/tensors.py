"""The network as the generator's interpreter builds it: operations, and what reads what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import prod

from tests.fuzz.generator.operations import Effect
from tests.fuzz.generator.spec import Counts, Operation
from tests.fuzz.generator.values import Misfit

__all__ = ["Bounds", "Record", "Tensor"]

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Tensor:
    """The result of an operation, by its number."""

    number: int
    shape: Shape


@dataclass(frozen=True)
class Bounds:
    """How large a network may grow, so that running it stays quick."""

    operations: int = 120
    numbers: int = 20_000
    params: int = 60_000
    macs: int = 2_000_000


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: str
    effect: Effect
    operands: tuple[int, ...]


@dataclass
class Record:
    """Operations in the order in which the spec runs them."""

    bounds: Bounds = field(default_factory=Bounds)
    entries: list[_Entry] = field(default_factory=list)
    heads: dict[str, Tensor] = field(default_factory=dict)
    finals: list[tuple[Tensor, range]] = field(default_factory=list)
    """The result of each head, and the operations inside it: nothing else may read that."""

    def input(self, shape: Shape) -> Tensor:
        """The network's input, which is its first tensor."""
        self.entries.append(_Entry("input", "", Effect(shape), ()))
        return Tensor(0, shape)

    def add(self, name: str, kind: str, effect: Effect, operands: Iterable[Tensor]) -> Tensor:
        """One more operation.

        Raises: Misfit where the network would grow too large.
        """
        entries, bounds = self.entries, self.bounds
        if (
            len(entries) > bounds.operations
            or prod(effect.shape) > bounds.numbers
            or effect.params > bounds.params
            or effect.macs > bounds.macs
        ):
            raise Misfit
        entries.append(_Entry(name, kind, effect, tuple(each.number for each in operands)))
        return Tensor(len(entries) - 1, effect.shape)

    def needs(self, results: Iterable[Tensor]) -> set[int]:
        """The numbers of all operations that these results depend on."""
        found: set[int] = set()
        open_ = [each.number for each in results]
        while open_:
            number = open_.pop()
            if number not in found:
                found.add(number)
                open_ += self.entries[number].operands
        return found

    def operations(self, output: Tensor) -> tuple[Operation, ...]:
        """The operations that an output depends on."""
        main = self.needs([output])
        alive = self.needs([output, *self.heads.values()])
        return tuple(
            Operation(entry.name, entry.effect.shape, number in main)
            for number, entry in enumerate(self.entries)
            if number in alive and number
        )

    def counts(self, output: Tensor) -> Counts:
        """The metrics of the network that ends at `output`."""
        main = self.needs([output])
        alive = self.needs([output, *self.heads.values()])
        entries = [self.entries[number] for number in sorted(main)]
        longest: list[tuple[int, int]] = []
        for entry in self.entries:
            before = max((longest[number] for number in entry.operands), default=(0, 0))
            weighted, pooled = entry.kind in ("conv", "linear"), entry.kind == "pool"
            longest.append((before[0] + weighted, before[1] + pooled))
        return Counts(
            params=sum(entry.effect.params for entry in entries),
            buffers=sum(entry.effect.buffers for entry in entries),
            macs=sum(entry.effect.macs for entry in entries),
            convs=sum(entry.kind == "conv" for entry in entries),
            linears=sum(entry.kind == "linear" for entry in entries),
            depth=longest[output.number][0],
            layers=sum(longest[output.number]),
            aux_params=sum(self.entries[number].effect.params for number in alive - main),
        )

    def check_heads(self, output: Tensor) -> None:
        """Refuse a head whose result something outside of it reads.

        Raises: Misfit.
        """
        alive = self.needs([output, *self.heads.values()])
        for result, inside in self.finals:
            if result.number in inside and any(
                result.number in self.entries[reader].operands and reader not in inside
                for reader in alive
            ):
                raise Misfit

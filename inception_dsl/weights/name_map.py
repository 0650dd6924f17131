"""A name map: how one library names, and lays out, the arrays of one network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from inception_dsl.weights.layouts import from_layout, to_layout
from inception_dsl.weights.stores import WeightsError

__all__ = ["Arrays", "Fill", "NameMap", "Pair", "is_counter"]

Arrays = dict[str, npt.NDArray[np.generic]]


@dataclass(frozen=True)
class Pair:
    """An array under our key and under theirs; `layout` names the order of their axes."""

    ours: str
    theirs: str
    layout: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Fill:
    """An array that they leave out because it is `value` everywhere, of the shape of `like`."""

    ours: str
    value: float
    like: str
    optional: bool = False


@dataclass(frozen=True)
class NameMap:
    """The arrays of `spec` under `settings`, as the library of `name` (`timm.inception_v4`) has
    them. Optional arrays, those of auxiliary heads, may be left out of a file.
    """

    name: str
    spec: str
    settings: Mapping[str, str]
    pairs: tuple[Pair, ...]
    fills: tuple[Fill, ...] = ()
    ignored: frozenset[str] = frozenset()
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The spec and its settings, as one writes them on the command line."""
        return " ".join(
            [self.spec, *(f"--set {key}={value}" for key, value in self.settings.items())]
        )

    @cached_property
    def ours(self) -> frozenset[str]:
        """Our keys."""
        return frozenset(pair.ours for pair in self.pairs).union(fill.ours for fill in self.fills)

    @cached_property
    def required(self) -> frozenset[str]:
        """Their names that every file has."""
        return frozenset(pair.theirs for pair in self.pairs if not pair.optional)

    @cached_property
    def known(self) -> frozenset[str]:
        """Their names that a file may have."""
        return self.ignored.union(pair.theirs for pair in self.pairs)

    def recognises(self, arrays: Mapping[str, npt.NDArray[np.generic]]) -> bool:
        """Whether a file with these arrays is of this source: none missing, none unknown, and each
        of `shapes` as it is there.
        """
        found = {name for name in arrays if not is_counter(name)}
        return self.required <= found <= self.known and all(
            arrays[name].shape == shape for name, shape in self.shapes.items()
        )

    def to_ours(self, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Arrays:
        """Their arrays under our keys and in our layout.

        Raises: WeightsError if an array is missing, unknown, or not of its layout's rank.
        """
        _refuse_strangers(self.name, arrays, self.required, self.known)
        found = {
            pair.ours: from_layout(pair.theirs, arrays[pair.theirs], pair.layout)
            for pair in self.pairs
            if pair.theirs in arrays
        }
        for fill in self.fills:
            if fill.like in found:
                found[fill.ours] = np.full_like(found[fill.like], fill.value)
        return found

    def to_theirs(self, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Arrays:
        """Our arrays under their names and in their layout.

        Raises: WeightsError if an array is missing or unknown, or is not what they fill in.
        """
        entries: tuple[Pair | Fill, ...] = (*self.pairs, *self.fills)
        needed = {entry.ours for entry in entries if not entry.optional}
        _refuse_strangers(self.spec, arrays, needed, {entry.ours for entry in entries})
        for fill in self.fills:
            if fill.ours in arrays and np.any(arrays[fill.ours] != fill.value):
                what = f"{fill.ours} is not {fill.value:g} everywhere"
                raise WeightsError(f"{what}, and {self.name} has no such array")
        return {
            pair.theirs: to_layout(pair.ours, arrays[pair.ours], pair.layout)
            for pair in self.pairs
            if pair.ours in arrays
        }


def is_counter(name: str) -> bool:
    """Whether an array only counts the batches that a batch norm has seen."""
    return name.endswith("num_batches_tracked")


def _refuse_strangers(
    whose: str,
    arrays: Mapping[str, object],
    required: Iterable[str],
    known: frozenset[str] | set[str],
) -> None:
    missing = sorted(name for name in required if name not in arrays)
    strange = sorted(name for name in arrays if name not in known and not is_counter(name))
    faults = [
        f"{len(names)} {what}, the first is {names[0]}"
        for what, names in (("missing", missing), ("unexpected", strange))
        if names
    ]
    if faults:
        raise WeightsError(f"the weights are not those of {whose}: {'; '.join(faults)}")

"""Weights from a file or a state dict, matched strictly with a network; the names may be those of a
known library.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from warnings import warn

import numpy as np
import numpy.typing as npt

from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.weights.derived import derived_weights
from inception_dsl.weights.initial import FloatArray, initial_weights
from inception_dsl.weights.keys import classifier_keys, parameters_by_key
from inception_dsl.weights.name_map import Arrays, NameMap, is_counter
from inception_dsl.weights.sources import recognise
from inception_dsl.weights.stores import WeightsError, WeightsSource, as_array, read_weights

__all__ = ["Match", "load_weights", "match_network", "match_weights", "network_weights"]

_SHOWN = 5


@dataclass(frozen=True)
class Match:
    """What a source of weights has for a network, and what it has not.

    `sources` are the libraries whose names it uses, none for our own; `arrays` are those that the
    network needs, in its order and in float32; `fresh` those left at their initial values.
    """

    what: str
    arrays: dict[str, FloatArray]
    expected: int
    sources: tuple[NameMap, ...] = ()
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    misfits: Mapping[str, str] = field(default_factory=dict)
    fresh: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the network has all it needs, and nothing is left over."""
        return not (self.missing or self.unexpected or self.misfits)

    @property
    def source(self) -> str:
        """The libraries that may have written it, in words; empty if the names are ours."""
        return " or ".join(source.name for source in self.sources)

    @property
    def fresh_words(self) -> str:
        """Which arrays are left at their initial values, in words; empty if none is."""
        layers = dict.fromkeys(key.rpartition(".")[0] for key in self.fresh)
        return f"left at their initial values: {', '.join(layers)}" if layers else ""

    def require(self) -> dict[str, FloatArray]:
        """The arrays.

        Raises: WeightsError listing all names that are missing, unexpected or of another shape.
        """
        if self.fits:
            return self.arrays
        whose = f"those of {self.source}, for {self.sources[0].place}" if self.sources else ""
        if whose and len(self.missing) > self.expected / 2:
            raise WeightsError(f"{self.what} are {whose}")
        nearest = [_with_nearest(key, self.missing) for key in self.unexpected[:_SHOWN]]
        misfits = [f"{key} {fault}" for key, fault in self.misfits.items()]
        lists = (
            (f"{len(self.missing)} of {self.expected} missing", self.missing),
            (f"{len(self.unexpected)} unexpected", (*nearest, *self.unexpected[_SHOWN:])),
            (f"{len(misfits)} of another shape or type", misfits),
        )
        faults = [f"  {title}: {_first(names)}" for title, names in lists if names]
        if whose:
            faults.append(f"  they are {whose}")
        raise WeightsError("\n".join([f"{self.what} do not fit the network", *faults]))


def network_weights(
    checked: CheckedGraph, source: WeightsSource | None = None, *, aux: bool = True
) -> dict[str, FloatArray]:
    """Every array that the network needs by its state-dict key; freshly made without a `source`.

    The source may have our names or those of a known library. Without `aux` it may hold the
    auxiliary heads' arrays or leave them out; warns of heads that are left at their initial values.
    A rewritten network takes the weights of the network as written.

    Raises: WeightsError if the source cannot be read or does not fit.
    """
    if checked.written is not None:
        written = network_weights(checked.written, source, aux=aux)
        return derived_weights(checked, written, aux=aux)
    if source is None:
        return initial_weights(checked, aux=aux)
    match = match_network(checked, source, aux=aux)
    arrays = match.require()
    if match.fresh:
        warn(f"{match.what}: {match.fresh_words}", stacklevel=3)
    return arrays


def match_network(
    checked: CheckedGraph, source: WeightsSource, *, aux: bool = True, new_classifier: bool = False
) -> Match:
    """How a file or a `state_dict()` fits the network.

    Left at their initial values are the auxiliary heads, where a library saves a network without
    its heads, and with `new_classifier` the classifiers of another size.

    Raises: WeightsError if the source cannot be read.
    """
    needed = {key: value.shape for key, value in parameters_by_key(checked, aux=aux).items()}
    main = parameters_by_key(checked, aux=False).keys()
    classifiers = classifier_keys(checked) if new_classifier else ()
    optional = parameters_by_key(checked).keys() - needed.keys()
    match = match_weights(source, needed, optional, classifiers)
    headless = match.sources and not any(key in match.arrays for key in needed.keys() - main)
    heads = {key for key in match.missing if key not in main} if headless else set()
    fresh = tuple(key for key in needed if key in heads or key in match.fresh)
    if not fresh:
        return match
    arrays = match.arrays | {
        key: array for key, array in initial_weights(checked, aux=aux).items() if key in fresh
    }
    return replace(
        match,
        arrays={key: arrays[key] for key in needed if key in arrays},
        missing=tuple(key for key in match.missing if key not in heads),
        fresh=fresh,
    )


def load_weights(
    source: WeightsSource,
    expected: Mapping[str, tuple[int, ...]],
    optional: Collection[str] = (),
) -> dict[str, FloatArray]:
    """The `expected` arrays, in that order and in float32, of a file or a `state_dict()`.

    The counters of batch norms are ignored; `optional` names may be there or not.

    Raises: WeightsError listing all names that are missing, unexpected or of another shape.
    """
    return match_weights(source, expected, optional).require()


def match_weights(
    source: WeightsSource,
    expected: Mapping[str, tuple[int, ...]],
    optional: Collection[str] = (),
    resizable: Collection[str] = (),
) -> Match:
    """How a file or a `state_dict()` fits the `expected` shapes.

    Of `resizable` arrays the first extent may be another: those go into `fresh`, without values.

    Raises: WeightsError if the source cannot be read.
    """
    if isinstance(source, Mapping):
        given, what = {key: as_array(key, value) for key, value in source.items()}, "the weights"
    else:
        given, what = read_weights(source), f"the weights in {source}"
    given = {key: array for key, array in given.items() if not is_counter(str(key))}
    sources: tuple[NameMap, ...] = ()
    if not expected.keys() - given.keys() <= set(optional):
        given, sources = _under_our_names(given, expected)
    misfits = {
        key: fault
        for key, shape in expected.items()
        if key in given and (fault := _misfit(given[key], shape))
    }
    fresh = tuple(
        key for key in misfits if key in resizable and _resized(given[key].shape, expected[key])
    )
    return Match(
        what=what,
        arrays={
            key: np.asarray(given[key], np.float32)
            for key in expected
            if key in given and key not in misfits
        },
        expected=len(expected),
        sources=sources,
        missing=tuple(key for key in expected if key not in given and key not in optional),
        unexpected=tuple(str(key) for key in given if key not in expected and key not in optional),
        misfits={key: fault for key, fault in misfits.items() if key not in fresh},
        fresh=fresh,
    )


def _under_our_names(
    given: Arrays, expected: Collection[str]
) -> tuple[Arrays, tuple[NameMap, ...]]:
    """The arrays of a known library under our names, those of the spec that fits best; and all
    libraries that have this spec under these names. Unknown names are left as they are.

    Of the arrays that a file may leave out, only those are kept that are expected.
    """
    candidates = recognise(given)
    if not candidates:
        return given, ()
    best = max(candidates, key=lambda source: len(source.ours & set(expected)))
    spare = {pair.ours for pair in best.pairs if pair.optional}.difference(expected)
    arrays = {key: array for key, array in best.to_ours(given).items() if key not in spare}
    return arrays, tuple(source for source in candidates if source.place == best.place)


def _misfit(array: npt.NDArray[np.generic], shape: tuple[int, ...]) -> str:
    if array.shape != tuple(shape):
        return f"is {_show(array.shape)}, expected {_show(shape)}"
    # bfloat16 of the ml_dtypes package is no subtype of numpy's floating.
    if not np.issubdtype(array.dtype, np.floating) and array.dtype.name != "bfloat16":
        return f"holds {array.dtype.name}, expected floats"
    return ""


def _resized(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return len(shape) == len(wanted) and shape[0] != wanted[0] and shape[1:] == wanted[1:]


def _show(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "a scalar"


def _with_nearest(key: str, missing: Collection[str]) -> str:
    nearest = get_close_matches(key, missing, n=1)
    return f"{key} (nearest missing: {nearest[0]})" if nearest else key


def _first(names: Collection[str]) -> str:
    more = f", and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(list(names)[:_SHOWN]) + more

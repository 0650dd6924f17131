"""The sources whose weights are known: a map for each, found by name or by the names in a file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from inception_dsl.weights.map_file import parse_map
from inception_dsl.weights.name_map import NameMap, is_counter

__all__ = ["nearest", "read_map", "recognise", "source_names"]

_FOLDER = files("inception_dsl.weights") / "maps"


@cache
def source_names() -> tuple[str, ...]:
    """Every known source, `LIBRARY.NETWORK`, in alphabetical order."""
    found = (file.name.removesuffix(".map") for file in _FOLDER.iterdir())
    return tuple(sorted(name for name in found if "." in name))


@cache
def read_map(name: str) -> NameMap:
    """The map of a source.

    Raises: KeyError if there is none of this name.
    """
    if name not in source_names():
        raise KeyError(name)
    return parse_map(name, _text(name), _text)


def recognise(arrays: Mapping[str, npt.NDArray[np.generic]]) -> tuple[NameMap, ...]:
    """The sources whose files have exactly these names; libraries may share theirs.

    A map that demands a shape knows better than one that does not.
    """
    found = [known for known in map(read_map, source_names()) if known.recognises(arrays)]
    return tuple(known for known in found if known.shapes) or tuple(found)


def nearest(arrays: Mapping[str, npt.NDArray[np.generic]]) -> NameMap | None:
    """The source that shares the most names with these arrays, if it shares most of them."""
    found = frozenset(name for name in arrays if not is_counter(name))

    def shared(known: NameMap) -> float:
        return len(found & known.known) / len(found | known.known)

    best = max(map(read_map, source_names()), key=shared)
    return best if shared(best) > 0.5 else None


def _text(name: str) -> str:
    return (_FOLDER / f"{name}.map").read_text(encoding="utf-8")

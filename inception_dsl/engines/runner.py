"""What an engine makes of a network: a function of a batch, and how its numbers may differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import torch

    from inception_dsl.ir.graph import CheckedGraph

__all__ = ["DTYPES", "TOLERANCE", "Dtype", "EngineError", "Job", "Runner"]

Dtype = Literal["float32", "bfloat16", "float16"]
DTYPES: Final[tuple[Dtype, ...]] = ("float32", "bfloat16", "float16")

TOLERANCE: Final[Mapping[str, float]] = {"float32": 1e-4, "bfloat16": 5e-2, "float16": 1e-2}
"""Relative L2 of the output beyond which an engine counts as wrong. float32 engines come to 1e-6,
bfloat16 ones, with 8 bits of mantissa through a hundred layers, to 5e-3."""

Runner = Callable[["torch.Tensor"], "torch.Tensor"]
"""A batch of images, float32 and contiguous, on the engine's device; its result likewise."""


class EngineError(RuntimeError):
    """An engine that is not here, cannot run this network, or runs it wrong."""


@dataclass(frozen=True)
class Job:
    """What an engine is asked for; `arrays` has the weights of the network as written."""

    checked: CheckedGraph
    arrays: Mapping[str, object]
    dtype: Dtype
    batch: int
    threads: int

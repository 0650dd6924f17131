"""Average over the whole grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from inception_dsl.ir.op import Example
from inception_dsl.ops._global_pool import GlobalPool

__all__ = ["GlobalAvgPool"]


@dataclass(frozen=True)
class GlobalAvgPool(GlobalPool):
    """Average over the whole grid.

    Shape:  C x grid -> C, or with `keep` C x 1x1
    Raises: OpFault if the input is a vector.
    Source: Lin et al., 2013, "Network in network", section 3.2; ONNX `GlobalAveragePool`.
    """

    name: ClassVar[str] = "global_avg_pool"
    torch_method: ClassVar[str] = "mean"
    onnx_type: ClassVar[str] = "GlobalAveragePool"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("global_avg_pool()", "5x7x6", "5"),
        Example("global_avg_pool(keep=true)", "5x7x6", "5x1x1"),
        Example("global_avg_pool()", "4x9", "4"),
        Example("global_avg_pool(keep=true)", "4x9", "4x1"),
        Example("global_avg_pool()", "2x3x4x5", "2"),
        Example("global_avg_pool(keep=true)", "2x3x4x5", "2x1x1x1"),
    )

"""Maximum over the whole grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from inception_dsl.ir.op import Example
from inception_dsl.ops._global_pool import GlobalPool

__all__ = ["GlobalMaxPool"]


@dataclass(frozen=True)
class GlobalMaxPool(GlobalPool):
    """Maximum over the whole grid.

    Shape:  C x grid -> C, or with `keep` C x 1x1
    Raises: OpFault if the input is a vector.
    Source: PyTorch `amax`; ONNX `GlobalMaxPool`.
    """

    name: ClassVar[str] = "global_max_pool"
    torch_method: ClassVar[str] = "amax"
    onnx_type: ClassVar[str] = "GlobalMaxPool"
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example("global_max_pool()", "5x7x6", "5"),
        Example("global_max_pool(keep=true)", "5x7x6", "5x1x1"),
        Example("global_max_pool()", "4x9", "4"),
        Example("global_max_pool(keep=true)", "4x9", "4x1"),
        Example("global_max_pool()", "2x3x4x5", "2"),
        Example("global_max_pool(keep=true)", "2x3x4x5", "2x1x1x1"),
    )

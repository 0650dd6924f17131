"""What kind of ONNX model is asked for: operator set, element type and batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import onnx

from inception_dsl.ir.types import FeatureMap

__all__ = ["DOMAIN", "NEWEST_OPSET", "OLDEST_OPSET", "OnnxError", "Target"]

DOMAIN = "inception_dsl"
"""Where our functions live."""

OLDEST_OPSET, NEWEST_OPSET = 18, min(24, onnx.defs.onnx_opset_version())
"""The operator sets in which every operation is tested; `l2_normalize` needs 18."""


class OnnxError(ValueError):
    """A model that ONNX, or this back end, cannot express as asked."""


@dataclass(frozen=True)
class Target:
    """The model's operator set, type of numbers, and batch: a number, or a symbol where None.

    Raises: OnnxError for anything not supported.
    """

    ELEMENTS: ClassVar[dict[str, int]] = {
        "float32": onnx.TensorProto.FLOAT,
        "float16": onnx.TensorProto.FLOAT16,
    }

    opset: int
    dtype: str
    batch: int | None

    def __post_init__(self) -> None:
        if not OLDEST_OPSET <= self.opset <= NEWEST_OPSET:
            raise OnnxError(f"opset {self.opset} is not one of {OLDEST_OPSET} to {NEWEST_OPSET}")
        if self.dtype not in self.ELEMENTS:
            raise OnnxError(f"dtype {self.dtype!r} is not one of {', '.join(self.ELEMENTS)}")
        if self.batch is not None and self.batch < 1:
            raise OnnxError(f"a batch of {self.batch} holds no image")

    @property
    def element(self) -> int:
        """The feature maps' element type, as ONNX numbers it."""
        return self.ELEMENTS[self.dtype]

    def opset_import(self) -> onnx.OperatorSetIdProto:
        """The import of ONNX's own operators."""
        return onnx.OperatorSetIdProto(domain="", version=self.opset)

    @property
    def ir_version(self) -> int:
        """The oldest format of the file that has this operator set."""
        return onnx.helper.find_min_ir_version_for([self.opset_import()])

    def array(self, value: npt.ArrayLike) -> npt.NDArray[np.generic]:
        """Numbers in the type of the feature maps, in the byte order of the file."""
        return np.asarray(value).astype(np.dtype(self.dtype).newbyteorder("<"), copy=False)

    def value_info(self, name: str, feature_map: FeatureMap) -> onnx.ValueInfoProto:
        """The declaration of a batch of feature maps."""
        return self.declare(name, (self.images, *feature_map.dims))

    @property
    def images(self) -> int | str:
        """The extent of the first axis."""
        return "batch" if self.batch is None else self.batch

    def declare(
        self, name: str, shape: tuple[int | str, ...], element: int | None = None
    ) -> onnx.ValueInfoProto:
        """The declaration of a value; axes with a name are symbolic."""
        info = onnx.ValueInfoProto(name=name)
        info.type.tensor_type.elem_type = element or self.element
        axes = info.type.tensor_type.shape.dim  # stays empty, yet must exist, for a scalar
        for axis in shape:
            if isinstance(axis, str):
                axes.add(dim_param=axis)
            else:
                axes.add(dim_value=axis)
        return info

"""ONNX models, written straight from the graph."""

from __future__ import annotations

from inception_dsl.backends.onnx.model import to_onnx, write_onnx
from inception_dsl.backends.onnx.save import save_onnx
from inception_dsl.backends.onnx.target import NEWEST_OPSET, OLDEST_OPSET, OnnxError

__all__ = ["NEWEST_OPSET", "OLDEST_OPSET", "OnnxError", "save_onnx", "to_onnx", "write_onnx"]

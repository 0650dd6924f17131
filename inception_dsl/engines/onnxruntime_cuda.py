"""ONNX Runtime on an NVIDIA GPU: its CUDA kernels, or TensorRT's engines, where it has them."""

from __future__ import annotations

from importlib.util import find_spec

from inception_dsl.engines.onnxruntime_session import NOT_INSTALLED, open_session
from inception_dsl.engines.runner import EngineError, Job, Runner

__all__ = ["build", "build_tensorrt", "unavailable", "unavailable_tensorrt"]

_CUDA, _TENSORRT = "CUDAExecutionProvider", "TensorrtExecutionProvider"


def unavailable(job: Job) -> str:
    """Why this machine cannot run the job on CUDA; empty if it can."""
    return _missing(job, _CUDA)


def unavailable_tensorrt(job: Job) -> str:
    """Why this machine cannot run the job on TensorRT; empty if it can."""
    return _missing(job, _TENSORRT)


def build(job: Job) -> Runner:
    """A session of CUDA kernels.

    Raises: EngineError if ONNX Runtime has no such provider, or refuses the model.
    """
    if reason := unavailable(job):
        raise EngineError(f"ONNX Runtime cannot run this: {reason}")
    return open_session(job, [_CUDA])


def build_tensorrt(job: Job) -> Runner:
    """A session of TensorRT engines, with CUDA kernels for what it has none for.

    Raises: EngineError if ONNX Runtime has no such provider, or refuses the model.
    """
    if reason := unavailable_tensorrt(job):
        raise EngineError(f"ONNX Runtime cannot run this: {reason}")
    return open_session(job, [_TENSORRT, _CUDA])


def _missing(job: Job, provider: str) -> str:
    if find_spec("onnxruntime") is None:
        return NOT_INSTALLED
    import onnxruntime

    if provider not in onnxruntime.get_available_providers():
        return f"this build of ONNX Runtime has no {provider}: pip install onnxruntime-gpu"
    return "our ONNX is float32 or float16" if job.dtype == "bfloat16" else ""

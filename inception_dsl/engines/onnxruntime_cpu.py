"""ONNX Runtime on a CPU: our optimised ONNX, threads set."""

from __future__ import annotations

from importlib.util import find_spec

from inception_dsl.engines.onnxruntime_session import NOT_INSTALLED, open_session
from inception_dsl.engines.runner import EngineError, Job, Runner

__all__ = ["build", "unavailable"]


def unavailable(job: Job) -> str:
    """Why this machine cannot run the job this way; empty if it can."""
    if find_spec("onnxruntime") is None:
        return NOT_INSTALLED
    if job.dtype != "float32":
        return f"its kernels for CPUs have no {job.dtype}"
    return ""


def build(job: Job) -> Runner:
    """A session on the optimised model.

    Raises: EngineError if ONNX Runtime is not installed, has not the type, or refuses the model.
    """
    if reason := unavailable(job):
        raise EngineError(f"ONNX Runtime cannot run this: {reason}")
    return open_session(job, ["CPUExecutionProvider"])

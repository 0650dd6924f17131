"""ONNX Runtime on a CPU: our optimised ONNX, threads set."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from inception_dsl.engines.runner import EngineError, Job, Runner
from inception_dsl.passes import optimize

if TYPE_CHECKING:
    import torch

__all__ = ["build", "unavailable"]


def unavailable(job: Job) -> str:
    """Why this machine cannot run the job this way; empty if it can."""
    if find_spec("onnxruntime") is None:
        return 'it is not installed: pip install "inception-dsl[runtime]"'
    if job.dtype != "float32":
        return f"its kernels for CPUs have no {job.dtype}"
    return ""


def build(job: Job) -> Runner:
    """A session on the optimised model.

    Raises: EngineError if ONNX Runtime is not installed, has not the type, or refuses the model.
    """
    if reason := unavailable(job):
        raise EngineError(f"ONNX Runtime cannot run this: {reason}")
    import onnxruntime
    import torch

    from inception_dsl.backends.onnx import write_onnx

    checked = optimize(job.checked, "onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = job.threads
    options.log_severity_level = 3
    with TemporaryDirectory() as folder:
        path = Path(folder, "model.onnx")
        write_onnx(path, checked, weights=dict(job.arrays), batch=job.batch)
        try:
            session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
        except Exception as error:  # its exceptions share no other base
            raise EngineError(f"ONNX Runtime refuses the model: {error}") from error
    (feed,) = (each.name for each in session.get_inputs())

    def run(images: torch.Tensor) -> torch.Tensor:
        (found,) = session.run(None, {feed: images.numpy()})
        return torch.from_numpy(found)

    return run

"""OpenVINO on a CPU: our optimised ONNX, threads set, bfloat16 where the processor has it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from inception_dsl.engines.runner import EngineError, Job, Runner
from inception_dsl.passes import optimize

if TYPE_CHECKING:
    import torch

__all__ = ["build", "unavailable"]

_TYPES = {"float32": "f32", "bfloat16": "bf16", "float16": "f16"}
_CAPABILITIES = {"bfloat16": "BF16", "float16": "FP16"}


def unavailable(job: Job) -> str:
    """Why this machine cannot run the job this way; empty if it can."""
    if find_spec("openvino") is None:
        return 'it is not installed: pip install "inception-dsl[openvino]"'
    if job.dtype == "float32":
        return ""
    import openvino

    known = openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "" if _CAPABILITIES[job.dtype] in known else f"this processor has no {job.dtype}"


def build(job: Job) -> Runner:
    """A compiled model with one inference request.

    Raises: EngineError if OpenVINO is not installed, lacks the type, or refuses the model.
    """
    if reason := unavailable(job):
        raise EngineError(f"OpenVINO cannot run this: {reason}")
    import openvino
    import torch

    from inception_dsl.backends.onnx import write_onnx

    checked = optimize(job.checked, "onnx")
    settings: dict[str, Any] = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": _TYPES[job.dtype],
        "INFERENCE_NUM_THREADS": job.threads,
        "NUM_STREAMS": 1,
    }
    with TemporaryDirectory() as folder:
        path = Path(folder, "model.onnx")
        write_onnx(path, checked, weights=dict(job.arrays), batch=job.batch)
        try:
            compiled = openvino.Core().compile_model(path, "CPU", settings)
        except RuntimeError as error:
            raise EngineError(f"OpenVINO refuses the model: {error}") from error
    request = compiled.create_infer_request()

    def run(images: torch.Tensor) -> torch.Tensor:
        found = request.infer({0: images.numpy()}, share_inputs=True, share_outputs=False)
        return torch.from_numpy(found[0])

    return run

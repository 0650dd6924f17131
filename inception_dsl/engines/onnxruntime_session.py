"""ONNX Runtime on our optimised ONNX, whatever the provider."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from inception_dsl.engines.runner import EngineError, Job, Runner
from inception_dsl.passes import optimize

if TYPE_CHECKING:
    import torch

__all__ = ["NOT_INSTALLED", "open_session"]

NOT_INSTALLED = 'it is not installed: pip install "inception-dsl[runtime]"'


def open_session(job: Job, providers: Sequence[str]) -> Runner:
    """A session on the optimised model; images come from their device, results go back to it.

    Raises: EngineError if ONNX Runtime refuses the model.
    """
    import onnxruntime
    import torch

    from inception_dsl.backends.onnx import write_onnx

    checked = optimize(job.checked, "onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = job.threads
    options.log_severity_level = 3
    with TemporaryDirectory() as folder:
        path = Path(folder, "model.onnx")
        arrays = dict(job.arrays)
        write_onnx(path, checked, weights=arrays, batch=job.batch, dtype=job.dtype)
        try:
            session = onnxruntime.InferenceSession(path, options, list(providers))
        except Exception as error:  # its exceptions share no other base
            raise EngineError(f"ONNX Runtime refuses the model: {error}") from error
    (feed,) = (each.name for each in session.get_inputs())
    kind: torch.dtype = getattr(torch, job.dtype)

    def run(images: torch.Tensor) -> torch.Tensor:
        (found,) = session.run(None, {feed: images.cpu().to(kind).numpy()})
        return torch.from_numpy(found).float().to(images.device)

    return run

"""Wrong is worse than slow: an engine's result beside that of the plain module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inception_dsl.engines.runner import TOLERANCE, EngineError, Job, Runner

if TYPE_CHECKING:
    import torch

__all__ = ["Agreement", "random_images", "require_agreement"]


@dataclass(frozen=True)
class Agreement:
    """How far an engine's output is from the plain module's: relative L2, and what is allowed."""

    relative_error: float
    tolerance: float

    def __str__(self) -> str:
        return f"relative L2 {self.relative_error:.1e}, at most {self.tolerance:.0e}"


def random_images(job: Job) -> torch.Tensor:
    """A batch of normal numbers, the same each time."""
    import torch

    generator = torch.Generator().manual_seed(0)
    return torch.randn(job.batch, *job.checked.input_map.dims, generator=generator)


def require_agreement(job: Job, run: Runner, engine: str, device: str) -> Agreement:
    """Compare an engine with the plain module in float32, as `to_torch` gives it, on the CPU.

    Raises: EngineError with the figures if the relative L2 of the output is beyond the tolerance
            of the type, or if the network's own result is not finite.
    """
    import torch

    from inception_dsl.backends.torch import build_module

    images = random_images(job)
    module = build_module(job.checked, weights=job.arrays, aux=False).eval()
    with torch.inference_mode():
        expected = module(images).double()
        found = run(images.to(device)).cpu().double()
    name = job.checked.graph.name
    if not expected.isfinite().all():
        raise EngineError(
            f"`{name}` itself gives numbers that are not finite on a random batch, so that "
            f"{engine} cannot be held against it; look for such numbers in the weights"
        )
    size = expected.norm().clamp_min(torch.finfo(torch.float32).tiny)
    agreement = Agreement(float((found - expected).norm() / size), TOLERANCE[job.dtype])
    if not agreement.relative_error <= agreement.tolerance:
        raise EngineError(
            f"{engine} computes `{name}` wrong in {job.dtype}: {agreement}; "
            "choose another engine or dtype"
        )
    return agreement

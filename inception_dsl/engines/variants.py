"""The ways to run a network that a benchmark compares: PyTorch as it is, and our engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from inception_dsl.engines.compile import ENGINES
from inception_dsl.engines.runner import Dtype, Job, Runner

if TYPE_CHECKING:
    import torch

__all__ = ["BASE", "Variant", "variants"]

BASE = "PyTorch channels-last"


@dataclass(frozen=True)
class Variant:
    """One way to run a network: `prepare` gives the function to time, from float32 images."""

    name: str
    prepare: Callable[[], Runner]
    ours: bool = False
    dtype: Dtype = "float32"
    unavailable: str = ""


def variants(job: Job, device: str = "cpu", *, inductor: bool = False) -> Iterator[Variant]:
    """PyTorch eager in both memory formats, with `inductor` also compiled, and each engine.

    The eager ones run float32 whatever the job's type: they are what a type is compared with.
    """
    yield Variant("PyTorch", lambda: eager(job, device, last=False))
    yield Variant(BASE, lambda: eager(job, device, last=True))
    if inductor:
        yield Variant("torch.compile", lambda: compiled(job, device))
    for (where, name), engine in ENGINES.items():
        if where == device:
            why = engine.unavailable(job)
            yield Variant(f"{name} engine", partial(engine.build, job), True, job.dtype, why)


def module(job: Job, device: str, *, last: bool) -> torch.nn.Module:
    """The plain module in evaluation mode, in either memory format."""
    import torch

    from inception_dsl.backends.torch import build_module

    made = build_module(job.checked, weights=job.arrays, aux=False).eval().to(device)
    if last and job.checked.input_map.rank == 2:
        for parameter in made.parameters():
            if parameter.dim() == 4:
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return made


def eager(job: Job, device: str, *, last: bool) -> Runner:
    """The plain module, called as it is."""
    made = module(job, device, last=last)
    return _runner(made, last=last and job.checked.input_map.rank == 2)


def compiled(job: Job, device: str, **options: object) -> Runner:
    """The plain module through `torch.compile`, channels last, compiled at its first call."""
    import torch

    made = torch.compile(module(job, device, last=True), dynamic=False, **options)  # type: ignore[call-overload]
    return _runner(made, last=job.checked.input_map.rank == 2)


def _runner(call: Callable[[torch.Tensor], torch.Tensor], *, last: bool) -> Runner:
    import torch

    def run(images: torch.Tensor) -> torch.Tensor:
        with torch.inference_mode():
            if last:
                images = images.contiguous(memory_format=torch.channels_last)
            return call(images)

    return run

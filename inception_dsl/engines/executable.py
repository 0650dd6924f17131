"""A network ready to run on a device: called with a batch of images, checked before it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any

from inception_dsl.analysis.memory_plan import memory_plan
from inception_dsl.engines.check import Agreement, random_images, require_agreement
from inception_dsl.engines.runner import EngineError, Job, Runner
from inception_dsl.engines.timing import Timing, interleaved
from inception_dsl.passes import optimize

if TYPE_CHECKING:
    import torch

__all__ = ["Choice", "Executable", "ExecutableMemory"]

_OTHER_BATCHES = 4
"""So many batches of other sizes stay prepared; each has its own copy of the weights."""


@dataclass(frozen=True)
class Choice:
    """An engine and why it was taken; what was built and compared on the way is not done again."""

    engine: str
    reason: str
    runner: Runner | None = None
    agreement: Agreement | None = None


@dataclass(frozen=True)
class ExecutableMemory:
    """What an inference needs: its weights, and the arena that holds all its feature maps.

    `activation_bytes` is by the memory plan of the rewritten network.
    """

    weights_bytes: int
    activation_bytes: int


class Executable:
    """A network on one engine: `executable(images)`, N x C x H x W, a tensor or an array.

    The result is float32 and of the same kind. A batch of another size than it was made for is
    prepared when it first comes. The first call compares a random batch with the plain module.
    """

    def __init__(
        self,
        job: Job,
        build: Callable[[Job], Runner],
        device: str,
        choice: Choice,
    ) -> None:
        self.engine = choice.engine
        self.device = device
        self.dtype = job.dtype
        self.batch = job.batch
        self.reason = choice.reason
        self.agreement = choice.agreement
        self._checked = job.checked
        self._job: Job | None = job
        self._build = build
        self._runners: dict[int, Runner] = {job.batch: choice.runner or build(job)}

    @cached_property
    def memory(self) -> ExecutableMemory:
        """What an inference of this batch needs, in the type it computes in."""
        bytes_each = 4 if self.dtype == "float32" else 2
        rewritten = optimize(self._checked, "torch-cpu")
        plan = memory_plan(rewritten, batch=self.batch, value_bytes=bytes_each)
        graph = rewritten.graph
        sizes = [each.size for path in graph.network for each in graph.parameters(path).values()]
        return ExecutableMemory(sum(sizes) * bytes_each, plan.arena_bytes)

    def __call__(self, images: Any) -> Any:
        """The network's result for a batch of images.

        Raises: EngineError on the first call if the engine's numbers are not the network's;
                ValueError for images of another shape.
        """
        import torch

        given = images if isinstance(images, torch.Tensor) else _tensor(images)
        found = self._run(self._fitting(given))
        if images is given:
            return found.to(images.device)
        return found.cpu().numpy()

    def verify(self) -> Agreement:
        """Compare with the plain module on a random batch; done once, before the first answer.

        Raises: EngineError with the figures if they differ by more than the type explains.
        """
        if self.agreement is None:
            self.agreement = require_agreement(
                self._open, self._runners[self.batch], self.engine, self.device
            )
        return self.agreement

    def benchmark(self, rounds: int = 20) -> Timing:
        """The time of a call with the batch it was made for, `rounds` times, each behind one that
        is not timed.
        """
        images = random_images(self._open).to(self.device)
        self.verify()
        run = self._runners[self.batch]
        return interleaved({self.engine: lambda: _finish(run(images))}, rounds)[self.engine]

    def close(self) -> None:
        """Let go of weights and buffers; the executable cannot be called any more."""
        self._runners.clear()
        self._job = None

    def __enter__(self) -> Executable:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        name = self._job.checked.graph.name if self._job else "closed"
        where = f"{self.engine} on {self.device}"
        return f"<Executable {name}: {where}, {self.dtype}, batch {self.batch}>"

    @property
    def _open(self) -> Job:
        if self._job is None:
            raise EngineError("the executable was closed")
        return self._job

    def _fitting(self, images: torch.Tensor) -> torch.Tensor:
        import torch

        wanted = self._open.checked.input_map.dims
        if images.shape[1:] != wanted or not len(images):
            shape = " x ".join(map(str, wanted))
            raise ValueError(f"images of shape {tuple(images.shape)}; expected N x {shape}")
        return images.detach().to(self.device, torch.float32).contiguous()

    def _run(self, images: torch.Tensor) -> torch.Tensor:
        self.verify()
        batch = len(images)
        if batch not in self._runners:
            others = [each for each in self._runners if each != self.batch]
            if len(others) == _OTHER_BATCHES:
                del self._runners[others[0]]
            self._runners[batch] = self._build(replace(self._open, batch=batch))
        return self._runners[batch](images)


def _tensor(images: Any) -> torch.Tensor:
    """An array as a tensor: of the same memory where it can be written to and has no strides."""
    import numpy as np
    import torch

    return torch.from_numpy(np.require(images, np.float32, requirements=("C", "W")))


def _finish(result: torch.Tensor) -> None:
    """Wait until a device has done what it was told."""
    if result.is_cuda:
        import torch

        torch.cuda.synchronize(result.device)

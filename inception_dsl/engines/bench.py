"""A network in every way there is to run it here, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from inception_dsl.analysis.cost import cost
from inception_dsl.engines.check import random_images
from inception_dsl.engines.machine import machine, versions
from inception_dsl.engines.runner import TOLERANCE, Dtype, Job, Runner
from inception_dsl.engines.timing import Timing, interleaved
from inception_dsl.engines.variants import BASE, Variant

if TYPE_CHECKING:
    import torch

__all__ = ["Bench", "Measured", "measure"]

_PACKAGES = ("torch", "onnxruntime", "openvino")


@dataclass(frozen=True)
class Measured:
    """One way to run a network, as measured: `fault` says why it was not.

    `prepare_s` is the time until the first result, in seconds; `relative_error` the L2 of its
    output against the first variant's; `share_of_roof` what it reaches of the machine's best.
    """

    name: str
    ours: bool
    dtype: Dtype
    prepare_s: float = 0.0
    timing: Timing | None = None
    speedup: float = 0.0
    relative_error: float = 0.0
    share_of_roof: float = 0.0
    fault: str = ""

    @property
    def wrong(self) -> bool:
        """Whether it computes something else than the network."""
        return not self.relative_error <= TOLERANCE[self.dtype]


@dataclass(frozen=True)
class Bench:
    """All ways of one network, and where, in which versions and with how much they were measured.

    `roofs` are the machine's best multiply-adds a second by type.
    """

    network: str
    batch: int
    dtype: Dtype
    rounds: int
    threads: int
    machine: str
    versions: Mapping[str, str]
    roofs: Mapping[Dtype, float]
    rows: tuple[Measured, ...]

    @property
    def title(self) -> str:
        """What is measured."""
        return f"{self.network}, batch {self.batch}, {self.dtype}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What the figures are, and where they hold; then what could not be run, and why."""
        packages = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        roofs = ", ".join(f"{roof / 1e9:.0f} G ({kind})" for kind, roof in self.roofs.items())
        faults = [f"not run: {row.name}: {row.fault}" for row in self.rows if row.fault]
        return (
            f"medians of {self.rounds} rounds in turn; speed-up over {BASE}",
            f"{self.machine}, {self.threads} threads; {packages}",
            f"roof: multiply-adds a second of the fastest convolution: {roofs}",
            *faults,
        )

    def to_json(self) -> dict[str, object]:
        """The same as plain data, with every round's time."""
        return asdict(self)


def measure(
    job: Job,
    variants: Iterable[Variant],
    *,
    rounds: int,
    roofs: Mapping[Dtype, float],
    device: str = "cpu",
    progress: Callable[[str], None] = lambda told: None,
) -> Bench:
    """Prepare all variants, then time them interleaved in one process, on the same images.

    Speed-ups are the medians of the rounds' quotients over the variant called `BASE`.
    """
    images = random_images(job).to(device)
    ready: dict[str, Runner] = {}
    found: list[Measured] = []
    first: torch.Tensor | None = None
    for variant in variants:
        row = Measured(variant.name, variant.ours, variant.dtype, fault=variant.unavailable)
        if not row.fault:
            progress(f"preparing {variant.name}")
            try:
                start = perf_counter()
                runner = variant.prepare()
                result = runner(images).double().cpu()
            except Exception as error:  # noqa: BLE001  one library's trouble is no reason to lose the others
                row = replace(row, fault=str(error).strip().partition("\n")[0])
            else:
                first = result if first is None else first
                size = max(float(first.norm()), 1e-30)
                off = float((result - first).norm()) / size
                row = replace(row, prepare_s=perf_counter() - start, relative_error=off)
                ready[variant.name] = runner
        found.append(row)
    progress("measuring")
    times = interleaved({name: _call(run, images) for name, run in ready.items()}, rounds)
    macs = cost(job.checked).macs * job.batch
    return Bench(
        job.checked.graph.name,
        job.batch,
        job.dtype,
        rounds,
        job.threads,
        str(machine()),
        versions(_PACKAGES),
        roofs,
        tuple(_timed(row, times, macs, roofs) for row in found),
    )


def _timed(
    row: Measured, times: Mapping[str, Timing], macs: int, roofs: Mapping[Dtype, float]
) -> Measured:
    if row.fault:
        return row
    timing = times[row.name]
    share = macs / (timing.median_ms / 1e3) / roofs[row.dtype]
    return replace(row, timing=timing, speedup=timing.ratio(times[BASE]), share_of_roof=share)


def _call(run: Runner, images: torch.Tensor) -> Callable[[], object]:
    return lambda: run(images).cpu()

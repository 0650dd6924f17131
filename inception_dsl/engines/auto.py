"""Which engine is fastest: timed on this machine at this batch, and remembered."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from inception_dsl.engines.check import Agreement, random_images, require_agreement
from inception_dsl.engines.executable import Choice
from inception_dsl.engines.machine import machine, versions
from inception_dsl.engines.runner import EngineError, Job, Runner
from inception_dsl.engines.timing import Timing, interleaved
from inception_dsl.version import __version__
from inception_dsl.whole_file import whole_file

if TYPE_CHECKING:
    from inception_dsl.engines.compile import Engine

__all__ = ["choose"]

_ROUNDS = range(2, 8)
_SECONDS = 5.0
"""As many rounds as fit about this time, since a large batch can take a second a call."""
_PACKAGES = ("torch", "onnxruntime", "openvino")


def choose(job: Job, device: str, engines: Mapping[str, Engine]) -> Choice:
    """The fastest engine that computes the network right, and how that was found.

    A choice is remembered for this network, batch, type, machine and these versions.

    Raises: EngineError if none can run it, with the reason of each.
    """
    memory = _memory_file()
    key = _key(job, device)
    remembered = _read(memory).get(key)
    if remembered and remembered["engine"] in engines:
        name = remembered["engine"]
        if not engines[name].unavailable(job):
            return Choice(name, f"{remembered['reason']}, remembered in {memory}")
    ready, faults = _prepare(job, device, engines)
    if not ready:
        raise EngineError(f"no engine can run this on {device}: {_listed(faults)}")
    times = _times(job, device, ready)
    best = min(times, key=lambda name: times[name].median_ms)
    told = ", ".join(f"{name} {time.median_ms:.1f} ms" for name, time in times.items())
    reason = f"fastest here at batch {job.batch}: {told}"
    if faults:
        reason += f"; without {_listed(faults)}"
    _remember(memory, key, {"engine": best, "reason": reason})
    return Choice(best, reason, *ready[best])


def _prepare(
    job: Job, device: str, engines: Mapping[str, Engine]
) -> tuple[dict[str, tuple[Runner, Agreement]], dict[str, str]]:
    """The engines that compute the network right, and why the others do not."""
    ready: dict[str, tuple[Runner, Agreement]] = {}
    faults: dict[str, str] = {}
    for name, engine in engines.items():
        if why := engine.unavailable(job):
            faults[name] = why
            continue
        try:
            runner = engine.build(job)
            ready[name] = runner, require_agreement(job, runner, name, device)
        except EngineError as error:
            faults[name] = str(error)
    return ready, faults


def _times(
    job: Job, device: str, ready: Mapping[str, tuple[Runner, Agreement]]
) -> dict[str, Timing]:
    images = random_images(job).to(device)
    variants = {name: lambda run=run: run(images).cpu() for name, (run, _) in ready.items()}
    start = perf_counter()
    times = interleaved(variants, _ROUNDS[0])
    rounds = int(_SECONDS / (perf_counter() - start) * _ROUNDS[0])
    if rounds > _ROUNDS[0]:
        times = interleaved(variants, min(rounds, _ROUNDS[-1]))
    return times


def _listed(faults: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {why}" for name, why in faults.items())


def _key(job: Job, device: str) -> str:
    graph = job.checked.graph
    parts = [f"{node.path} {node.op} {graph.operands(node.path)}" for node in graph]
    shape = f"{job.batch}x{job.checked.input_map}"
    told = [__version__, device, job.dtype, shape, str(job.threads), str(machine())]
    told += [f"{name} {number}" for name, number in versions(_PACKAGES).items()]
    return sha256("\n".join([*told, *parts]).encode("utf-8", "surrogatepass")).hexdigest()


def _memory_file() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home, "inception-dsl", "engines.json")


def _read(path: Path) -> dict[str, dict[str, str]]:
    """What is remembered; nothing if the file is not there, or is not ours."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    well_formed = isinstance(found, dict) and all(
        isinstance(entry, dict) and {"engine", "reason"} <= entry.keys() for entry in found.values()
    )
    return found if well_formed else {}


def _remember(path: Path, key: str, entry: dict[str, str]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as partial:
            partial.write_text(json.dumps(_read(path) | {key: entry}, indent=1), encoding="utf-8")
    except OSError:
        return  # a cache that cannot be written costs time, nothing else

"""One network at one batch, in one way alone or in many side by side. Prints JSON."""

from __future__ import annotations

import argparse
import json
import resource
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import torch

from benchmarks.plan import BASE, LIBRARIES, MAXRSS_BYTES, dtype_of
from benchmarks.ways import Subject, Unavailable, compile_into
from inception_dsl.engines.roof import measure_roof
from inception_dsl.engines.runner import Runner
from inception_dsl.engines.timing import interleaved

T = TypeVar("T")


def alone(subject: Subject, way: str) -> dict[str, object]:
    """Seconds until the first result, and the most memory this process ever had."""
    start = perf_counter()
    runner = subject.prepare(way)
    runner(subject.images)
    seconds = perf_counter() - start
    runner(subject.images)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_BYTES
    return {"prepare_s": seconds, "peak_bytes": peak}


def together(
    subject: Subject, ways: list[str], rounds: int, caches: Path
) -> dict[str, dict[str, object]]:
    """Times and agreement of every way."""
    rows: dict[str, dict[str, object]] = {}
    calls: dict[str, Callable[[], object]] = {}
    expected = subject.prepare(BASE)(subject.images).double()
    for way in ways:
        compile_into(caches, way)
        found = attempt(partial(_first, subject, way))
        if isinstance(found, dict):
            rows[way] = found
            continue
        runner, result = found
        error = float((result.double() - expected).norm() / expected.norm())
        rows[way] = {"relative_error": error}
        calls[way] = partial(runner, subject.images)
    for way, timing in interleaved(calls, rounds).items():
        rows[way]["rounds_ms"] = list(timing.rounds_ms)
    return rows


def _first(subject: Subject, way: str) -> tuple[Runner, torch.Tensor]:
    runner = subject.prepare(way)
    # A batch goes once before what counts: some libraries only then have their last form.
    runner(subject.images)
    return runner, runner(subject.images).clone()


def attempt(make: Callable[[], T]) -> T | dict[str, object]:
    """What is made, or why not: a way that fails is a finding, not the end."""
    try:
        return make()
    except Unavailable as reason:
        return {"unavailable": str(reason)}
    except Exception as error:
        first = (str(error).strip() or "no message").splitlines()[0]
        return {"fault": f"{type(error).__name__}: {first[:100]}"}


def main() -> None:
    """Print the measurement that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=LIBRARIES)
    parser.add_argument("ways", nargs="+")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=0, help="0: the one way given, alone")
    parser.add_argument("--caches", type=Path, required=True)
    given = parser.parse_args()
    warnings.filterwarnings("ignore")
    subject = Subject(given.name, given.batch, keeps=given.rounds > 0)
    if not given.rounds:
        (way,) = given.ways
        compile_into(given.caches, way)
        print(json.dumps(attempt(lambda: alone(subject, way))))
        return
    roofs = {dtype: measure_roof(dtype) for dtype in sorted(set(map(dtype_of, given.ways)))}
    rows = together(subject, given.ways, given.rounds, given.caches)
    told = {"name": given.name, "batch": given.batch, "rounds": given.rounds}
    print(json.dumps(told | {"macs": subject.network.macs, "roof": roofs, "rows": rows}))


if __name__ == "__main__":
    main()

"""Campaigns in turn, a few seconds each, on several processes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import count
from multiprocessing import get_context
from typing import Final, NamedTuple

from tests.fuzz.campaign import attempt, campaigns
from tests.fuzz.shrink import shrunk
from tests.fuzz.specs import Files

__all__ = ["Found", "Slice", "slices"]

SECONDS: Final = 2.0
"""How long one campaign runs before the next has its turn."""
SEEDS: Final = 10_000
"""From the first seed of one turn to that of the next."""


class Found(NamedTuple):
    """A failure, shrunk."""

    seed: int
    message: str
    files: Files


class Slice(NamedTuple):
    """What one turn of a campaign came to."""

    campaign: str
    cases: int
    seconds: float
    found: Found | None


def slices(names: Sequence[str], seed: int, seconds: float, jobs: int) -> Iterator[Slice]:
    """The campaigns round and round until time is up, as many at once as there are jobs."""
    until = time.monotonic() + seconds
    turns = ((name, seed + turn * SEEDS) for turn in count() for name in names)
    pool, running = _pool(jobs), dict[Future[Slice], tuple[str, int]]()
    try:
        while running or time.monotonic() < until:
            while len(running) < jobs and time.monotonic() < until:
                name, first = next(turns)
                left = min(SECONDS, until - time.monotonic())
                running[pool.submit(_slice, name, first, left)] = name, first
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                name, first = running.pop(done)
                try:
                    yield done.result()
                except BrokenProcessPool:
                    message = "a process died while this ran, from this seed on"
                    yield Slice(name, 1, 0.0, Found(first, message, {}))
                    if not running:
                        pool = _pool(jobs)
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _slice(name: str, first: int, seconds: float) -> Slice:
    """Cases of a campaign from a first seed on, until time is up or one fails."""
    ((_, run),) = campaigns((name,))
    start = time.monotonic()
    for seed in range(first, first + SEEDS):
        failure = attempt(run, seed)
        spent = time.monotonic() - start
        if failure:
            files = failure.files
            if failure.still_fails:
                files = shrunk(files, failure.still_fails)
            found = Found(seed, failure.message, files)
            return Slice(name, seed - first + 1, spent, found)
        if spent > seconds:
            break
    return Slice(name, seed - first + 1, spent, None)

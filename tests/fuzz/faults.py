"""Specs with one known fault, checked: rejected, at its line, with a fitting code, no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from inception_dsl.diagnostics import Diagnostic, SpecError
from inception_dsl.shipped import shipped_file, shipped_specs
from tests.fuzz.campaign import Failure
from tests.fuzz.generator import random_spec
from tests.fuzz.planting import PLANTERS, Fault, Host, host_of, plant
from tests.fuzz.specs import examine_files

__all__ = ["BATCH", "PROMISES", "Verdict", "fault", "judge", "run"]

_SHIPPED = 0.4  # the share of faults that are planted in a shipped spec


@dataclass(frozen=True)
class Verdict:
    """What the checker made of a fault."""

    rejected: bool
    line: bool
    code: bool
    beside: int


PROMISES: Final[tuple[tuple[str, float, Callable[[Verdict], bool]], ...]] = (
    ("is rejected", 1.0, lambda verdict: verdict.rejected),
    ("is found at its line", 0.98, lambda verdict: verdict.line),
    ("has a fitting code", 0.95, lambda verdict: verdict.code),
    ("has at most one error beside it", 0.95, lambda verdict: verdict.beside <= 1),
)
"""What holds of a fault, of how many of them at least, and how to tell."""

BATCH: Final = 50
"""Faults over which the promises are held."""


def fault(seed: int) -> Fault:
    """The fault of a seed, in a shipped spec or a generated one; every kind comes round in turn."""
    random = Random(seed)
    kinds = list(PLANTERS)
    planter = PLANTERS[kinds[seed % len(kinds)]]
    while True:
        found = plant(planter, random, _host(random))
        if found is not None:
            return found


def _host(random: Random) -> Host:
    if random.random() < _SHIPPED:
        return _shipped_host(random.choice(shipped_specs()))
    while True:
        try:
            return host_of(random_spec(random.randrange(10**6), size=8).files)
        except SpecError:
            continue  # which is for the campaign of valid specs to find


@cache
def _shipped_host(name: str) -> Host:
    path = shipped_file(name)
    assert path is not None, name
    return host_of({path.name: path.read_text("utf-8")})


def judge(found: Fault) -> tuple[Verdict, Sequence[Diagnostic]]:
    """What the checker says of a fault, and how good that is."""
    _, records = examine_files(found.files)
    errors = [record for record in records if record.severity == "error"]
    placed = [e for e in errors if e.span.first.line in found.lines]
    verdict = Verdict(
        rejected=bool(errors),
        line=bool(placed),
        code=any(error.code in found.codes for error in placed or errors),
        beside=max(0, len(errors) - 1),
    )
    return verdict, errors


def run(seed: int) -> Failure | None:
    """Whether the checker keeps its promises of the faults of a batch of seeds."""
    seeds = range(seed * BATCH, (seed + 1) * BATCH)
    verdicts = {each: judge(fault(each))[0] for each in seeds}
    for promise, share, kept in PROMISES:
        missed = [each for each, verdict in verdicts.items() if not kept(verdict)]
        if len(missed) > BATCH * (1 - share):
            return _failure(promise, missed)
    return None


def _failure(promise: str, seeds: Sequence[int]) -> Failure:
    """What is said of the first of these faults, of which too many break a promise."""
    found = fault(seeds[0])
    errors = judge(found)[1]
    said = "; ".join(f"{e.code} at line {e.span.first.line}" for e in errors) or "nothing"
    wanted = f"{' or '.join(found.codes)} at line {' or '.join(map(str, sorted(found.lines)))}"
    message = f"not one of the faults {seeds} {promise}; the first, {found.kind}, expects {wanted}"
    return Failure(f"{message}, found {said}", found.files)

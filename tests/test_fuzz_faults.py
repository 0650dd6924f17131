"""Planted faults: each is found at its line, under a fitting code, with hardly a word beside it."""

from __future__ import annotations

import pytest

from inception_dsl.diagnostics.codes import CODES
from tests.fuzz.faults import BATCH, Fault, Verdict, judge, run
from tests.fuzz.planting import PLANTERS

FAULTS = 1_000  # of the seeds 0 to 999; every kind comes round in turn


@pytest.mark.parametrize("batch", range(FAULTS // BATCH))
def test_every_fault_is_found_where_it_is_for_what_it_is(batch: int) -> None:
    failure = run(batch)
    assert failure is None, failure.message


@pytest.mark.text
def test_the_faults_are_of_most_kinds_that_a_spec_can_have() -> None:
    planted = {code for planter in PLANTERS.values() for code in planter.codes}
    errors = {code for code in CODES if code.startswith("E")}
    files_and_limits = {"E0109", "E0701", "E0702", "E0707", "E0708", "E0710", "E0711"}
    assert planted <= errors
    assert errors - planted - files_and_limits <= {"E0503", "E0515"}
    assert len(PLANTERS) >= 35


@pytest.mark.text
def test_a_fault_that_is_not_there_is_seen() -> None:
    valid = "network small {\n    input image: 3x8x8\n    relu()\n}\n"
    verdict, _ = judge(Fault("none", {"main.incept": valid}, frozenset({3}), ("E0201",)))
    assert not verdict.rejected
    elsewhere = valid.replace("relu", "rely")
    verdict, _ = judge(Fault("elsewhere", {"main.incept": elsewhere}, frozenset({2}), ("E0304",)))
    assert verdict == Verdict(rejected=True, line=False, code=False, beside=0)

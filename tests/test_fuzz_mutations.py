"""The check of random specs sees the mistakes that are made in emitted graphs on purpose."""

from __future__ import annotations

import pytest

from tests.fuzz.generator import random_spec
from tests.fuzz.mutations import MUTANTS_PER_SPEC, judged
from tests.fuzz.specs import load_files
from tests.fuzz.subject import subject_of

MUTANTS, PER_TEST = 520, 104  # a few networks have no four places to be wrong in


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("first", range(0, MUTANTS, PER_TEST))
def test_the_check_sees_mistakes_in_emitted_graphs(first: int) -> None:
    told = []
    for seed in range(first // MUTANTS_PER_SPEC, (first + PER_TEST) // MUTANTS_PER_SPEC):
        spec = random_spec(seed)
        told += judged(subject_of(load_files(spec.files, spec.settings)), seed)
    assert len(told) > 0.96 * PER_TEST
    missed = [str(mutant) for mutant, said in told if not said]
    assert len(missed) <= len(told) / 100, missed

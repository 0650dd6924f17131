"""Random valid specs: none rejected, and everybody computes what the spec says, at every node."""

from __future__ import annotations

import pytest

from tests.fuzz.campaign import failures
from tests.fuzz.valid import run

SPECS, PER_TEST = 1000, 50


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("first", range(0, SPECS, PER_TEST))
def test_all_who_run_a_random_spec_agree(first: int) -> None:
    assert failures(run, first, PER_TEST) == {}

"""Random networks through every pass, every pipeline and the CPU engine: the same numbers."""

from __future__ import annotations

import pytest

from tests.fuzz.campaign import failures
from tests.fuzz.rewrites import run

SPECS, PER_TEST = 300, 25


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("first", range(0, SPECS, PER_TEST))
def test_a_rewritten_random_network_computes_the_same(first: int) -> None:
    assert failures(run, first, PER_TEST) == {}

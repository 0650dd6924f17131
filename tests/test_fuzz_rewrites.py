"""Random networks through every pass, every pipeline and the CPU engine: the same numbers."""

from __future__ import annotations

import pytest
import torch

from tests.fuzz.campaign import attempt
from tests.fuzz.rewrites import run

SPECS, PER_TEST = 300, 25


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)  # more cost time on small networks


@pytest.mark.parametrize("first", range(0, SPECS, PER_TEST))
def test_a_rewritten_random_network_computes_the_same(first: int) -> None:
    found = {seed: attempt(run, seed) for seed in range(first, first + PER_TEST)}
    assert {seed: failure.message for seed, failure in found.items() if failure} == {}

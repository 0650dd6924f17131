"""Random valid specs: none rejected, and everybody computes what the spec says, at every node."""

from __future__ import annotations

import pytest
import torch

from tests.fuzz.campaign import attempt
from tests.fuzz.valid import run

SPECS, PER_TEST = 2000, 50


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)  # more cost time on small networks


@pytest.mark.parametrize("first", range(0, SPECS, PER_TEST))
def test_all_who_run_a_random_spec_agree(first: int) -> None:
    found = {seed: attempt(run, seed) for seed in range(first, first + PER_TEST)}
    assert {seed: failure.message for seed, failure in found.items() if failure} == {}

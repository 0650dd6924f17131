"""Every pass on its fixtures, and every pipeline on every shipped network: the same numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

import inception_dsl as idsl
from inception_dsl.ir.dump import dump
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.passes import PASSES, PIPELINES, run_passes
from inception_dsl.passes.pipelines import Pass
from inception_dsl.weights import calibrated_weights
from tests.fuzz.rewrites import in_float64, noise, relative, rewritten
from tests.small_networks import NETWORKS, small

FIXTURES = sorted(Path(__file__).with_name("passes").glob("*/*.incept"))


def passes_of(fixture: Path) -> list[str]:
    """The folder's pass, or those that the first line names."""
    first = fixture.read_text("utf-8").splitlines()[0]
    prefix = "# passes: "
    return first.removeprefix(prefix).split() if first.startswith(prefix) else [fixture.parent.name]


def differences(checked: CheckedGraph, ways: Iterable[Sequence[Pass]]) -> list[float]:
    """How far the rewritten networks' results are from the network's, in float64, relative L2."""
    given = {k: v.astype(np.float64) for k, v in calibrated_weights(checked, aux=False).items()}
    images = noise(checked)
    expected = in_float64(checked, given, images)
    return [relative(rewritten(checked, passes, given, images), expected) for passes in ways]


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_pass_makes_of_its_fixture_what_its_page_says(
    fixture: Path, request: pytest.FixtureRequest
) -> None:
    checked = idsl.load(fixture).graph
    passes = [PASSES[name] for name in passes_of(fixture)]
    found = dump(run_passes(checked, passes).graph)
    golden = fixture.with_suffix(".expect")
    if request.config.getoption("update_golden"):
        golden.write_text(found, "utf-8")
    assert found == golden.read_text("utf-8")
    assert max(differences(checked, [passes])) < 1e-12


def test_every_pass_has_a_fixture_and_a_page() -> None:
    assert {path.parent.name for path in FIXTURES} == PASSES.keys()
    for each in PASSES.values():
        page = each.__doc__ or ""
        assert all(part in page for part in ("Before:", "After:", "Because:")), each.__name__


@pytest.mark.parametrize("name", NETWORKS)
def test_a_rewritten_network_computes_the_same(name: str) -> None:
    ways = dict.fromkeys(PIPELINES.values())
    assert max(differences(small(name), ways)) < 1e-12

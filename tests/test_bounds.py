"""Bounds: a spec is data, and each excess is an error of its own."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from bombs import BOMBS, network

import inception_dsl as idsl

pytestmark = pytest.mark.text


SECONDS = 10
"""Of processor time for one bomb: five times what the slowest takes."""
BYTES = 300 * 1024 * 1024

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["inception_dsl", "bombs"])


def codes_and_cost(name: str) -> tuple[list[str], float, int]:
    """The errors of a bomb, and the seconds and bytes they took in a process of their own."""
    start = time.process_time()
    found, diagnostics = idsl.examine(BOMBS[name][0])
    assert found is None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    errors = [record.code for record in diagnostics if record.severity == "error"]
    return errors, time.process_time() - start, peak


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[ProcessPoolExecutor]:
    """Processes that run one bomb each."""
    with ProcessPoolExecutor(1, PROCESSES, max_tasks_per_child=1) as pool:
        yield pool


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_has_its_own_error_at_once(name: str, elsewhere: ProcessPoolExecutor) -> None:
    errors, seconds, peak = elsewhere.submit(codes_and_cost, name).result(timeout=120)
    assert set(errors) == {BOMBS[name][1]}
    assert seconds < SECONDS
    assert peak < BYTES


def test_imports_are_counted(tmp_path: Path) -> None:
    for i in range(100):
        (tmp_path / f"f{i}.incept").write_text(f'from "f{i + 1}" import b\nblock c() {{ b() }}')
    _, diagnostics = idsl.examine(tmp_path / "f0.incept")
    assert "E0702" in [d.code for d in diagnostics]


def test_mistakes_are_counted() -> None:
    _, diagnostics = idsl.examine(network("\n".join(f"unknown{i}()" for i in range(500))))
    assert len(diagnostics) == idsl.Limits().diagnostics


def test_limits_can_be_set() -> None:
    text = network("repeat 10 { relu() }")
    assert idsl.load(text, limits=idsl.Limits(operations=11)).name == "n"
    with pytest.raises(idsl.SpecError, match="E0704"):
        idsl.load(text, limits=idsl.Limits(operations=9))


SLIPS = ("/* */ ", "\u00a0", ";", ";\n", "é ", "“a” ", "99999999999999999999 ")


@pytest.mark.parametrize("slip", SLIPS)
def test_a_file_of_nothing_but_slips_is_told_so_at_once(slip: str) -> None:
    text = network(slip * (255 * 1024 // len(slip.encode())))
    start = time.process_time()
    found, diagnostics = idsl.examine(text)
    assert time.process_time() - start < SECONDS
    assert found is None
    assert 1 <= len(diagnostics) <= idsl.Limits().diagnostics
    assert diagnostics[0].span.first.line == text.partition(slip)[0].count("\n") + 1


LARGE = {
    "one loop": "repeat 49_000 { relu() }",
    "loops in loops": "repeat 245 { repeat 200 { relu() } }",
    "layers": "repeat 16_000 { conv2d(8, 3x3, padding=same) batch_norm() relu() }",
    "branches": "repeat 8_000 { concat { branch relu() branch conv2d(3, 1x1) } -> conv2d(3, 1x1) }",
}
WRITERS: dict[str, Callable[[idsl.Network], object]] = {
    "DOT": lambda network: network.to_graphviz().source,
    "table": lambda network: network.summary(),
}


@pytest.mark.parametrize("body", LARGE.values(), ids=LARGE)
@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_a_network_just_under_the_limit_is_written_at_once(
    body: str, writer: Callable[[idsl.Network], object]
) -> None:
    large = idsl.load(network(body))
    start = time.process_time()
    writer(large)
    assert time.process_time() - start < SECONDS


def test_just_under_the_limit_compiles() -> None:
    assert len(idsl.load(network("repeat 200 { repeat 200 { relu() } }")).graph.graph) == 40_001

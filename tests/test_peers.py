"""Ours and other libraries' networks, with the same weights, are the same functions."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

torch = pytest.importorskip("torch")

from agreement import agreement, loaded, network_of  # noqa: E402
from peers import PEERS, Absent, build  # noqa: E402
from torch import nn  # noqa: E402

from inception_dsl.weights import read_map, source_names  # noqa: E402

TOLERANCE = 1e-4


@pytest.fixture(autouse=True)
def a_core_for_each_worker() -> Iterator[None]:
    """Several workers with a thread for every core each would wait for one another."""
    threads = torch.get_num_threads()
    if "PYTEST_XDIST_WORKER" in os.environ:
        torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_every_torch_source_has_a_peer() -> None:
    files = ("keras.", "slim.")
    assert {name for name in source_names() if not name.startswith(files)} == set(PEERS)


@pytest.mark.parametrize("source", PEERS)
def test_modules_and_logits_agree_on_photographs(source: str) -> None:
    try:
        found = agreement(source)
    except Absent as reason:
        pytest.skip(str(reason))
    assert found.worst < TOLERANCE, found.where
    assert found.onnx < TOLERANCE
    assert found.compared > len(found.alone)


@pytest.mark.parametrize("source", ["torchvision.googlenet", "torchvision.inception_v3"])
def test_training_agrees_to_the_gradient_of_every_parameter(source: str) -> None:
    try:
        theirs = build(source)
    except Absent as reason:
        pytest.skip(str(reason))
    network = network_of(source)
    ours = network.to_torch(weights=loaded(source, network, theirs))
    random = torch.Generator().manual_seed(0)
    image = torch.randn(4, *network.input, generator=random, dtype=torch.float64)
    pull = torch.randn(4, *network.output, generator=random, dtype=torch.float64)
    logits = []
    for module in (ours, theirs):
        for inner in module.double().train().modules():
            if isinstance(inner, nn.Dropout):
                inner.p = 0.0
        outputs = module(image)
        logits.append(
            {name.replace("aux_logits", "aux"): x for name, x in outputs._asdict().items()}
        )
        sum((output * pull).sum() for output in outputs).backward()
    assert logits[0].keys() == logits[1].keys()
    for name, output in logits[0].items():
        assert distance(output, logits[1][name]) < 1e-8, name
    pairs = {pair.ours: pair.theirs for pair in read_map(source).pairs}
    trained = dict(theirs.named_parameters())
    found = dict(ours.named_parameters())
    assert {pairs[name] for name in found} == trained.keys()
    for name, parameter in found.items():
        assert distance(parameter.grad, trained[pairs[name]].grad) < 1e-8, name


def distance(found: torch.Tensor, expected: torch.Tensor) -> float:
    return (torch.linalg.norm(found - expected) / torch.linalg.norm(expected)).item()

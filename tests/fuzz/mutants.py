"""Networks with one mistake in what a back end made of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, pairwise

import numpy as np
import torch
from torch import nn

from inception_dsl.backends.torch import emit_source
from tests.fuzz.agreement import disagreements
from tests.fuzz.disagreement import excess
from tests.fuzz.onnx_mutations import onnx_mutations
from tests.fuzz.onnx_values import infer_strictly, run_onnx, shapes_of
from tests.fuzz.subject import Floats, Subject, subject_of
from tests.fuzz.torch_mutations import torch_mutations
from tests.fuzz.torch_values import run_torch

__all__ = ["Mutant", "onnx_mutants", "torch_mutants"]

FRESH_SEEDS = (1, 2, 3)
"""Of the weights and images on which a mistake that nobody sees must change something, to count."""


ROUNDING = 0.1
"""In tolerances: what a mistake has to change is a tenth of what has to be seen."""


@dataclass(frozen=True)
class Mutant:
    """One mistake: in which back end, of which kind, where; `make` makes it."""

    back_end: str
    kind: str
    place: str
    make: Callable[[Subject], Subject]

    def __str__(self) -> str:
        return f"{self.kind} in {self.back_end}, at {self.place}"

    def seen(self, subject: Subject) -> str:
        """What the check says of the mistake; empty if it sees nothing."""
        try:
            return str(next(disagreements(self.make(subject)), ""))
        except Exception as refusal:  # noqa: BLE001  a mutant that nobody runs is seen as well
            return f"{type(refusal).__name__}: {refusal}"

    def changes(self, subject: Subject) -> bool:
        """Whether the mistake changes any number by more than another order of sums would."""
        fresh = (subject_of(subject.network, seed) for seed in FRESH_SEEDS)
        return any(not _same(_numbers(each), _numbers(self.make(each))) for each in fresh)


def onnx_mutants(subject: Subject) -> Iterator[Mutant]:
    """All mistakes that can be made in the ONNX model."""
    graph = infer_strictly(subject.model).graph
    shapes = shapes_of(chain(graph.input, graph.value_info, graph.output))
    for mutation in onnx_mutations(subject.model, shapes):

        def make(subject: Subject, apply: Callable = mutation.apply) -> Subject:
            return replace(subject, model=apply(subject.model))

        yield Mutant("ONNX", mutation.kind, mutation.place, make)


def torch_mutants(subject: Subject) -> Iterator[Mutant]:
    """All mistakes that can be made in the PyTorch source, and in its weights."""
    tree = ast.parse(emit_source(subject.graph))
    for mutation in torch_mutations(tree):

        def make(subject: Subject, apply: Callable = mutation.apply) -> Subject:
            return replace(subject, module=_module(apply(tree), subject.weights))

        yield Mutant("PyTorch", mutation.kind, mutation.place, make)
    yield from _swapped_weights(subject)


def _swapped_weights(subject: Subject) -> Iterator[Mutant]:
    by_shape: dict[tuple[int, ...], list[str]] = {}
    for key, array in subject.weights.items():
        by_shape.setdefault(array.shape, []).append(key)
    tree = ast.parse(emit_source(subject.graph))
    for one, other in chain.from_iterable(map(pairwise, by_shape.values())):

        def make(subject: Subject, one: str = one, other: str = other) -> Subject:
            weights = subject.weights
            swapped = {**weights, one: weights[other], other: weights[one]}
            return replace(subject, module=_module(tree, swapped))

        yield Mutant("PyTorch", "swapped weights", f"{one}, {other}", make)


def _module(tree: ast.Module, weights: Mapping[str, Floats]) -> nn.Module:
    """The last class of the source, with these weights."""
    names = {"__name__": "mutant"}
    exec(compile(tree, "<mutant>", "exec"), names)  # noqa: S102  our own source but for a mistake
    network = [value for value in names.values() if isinstance(value, type)][-1]
    with torch.device("meta"):
        module = network()
    module.to_empty(device="cpu")
    found = module.load_state_dict(
        {k: torch.from_numpy(v) for k, v in weights.items()}, strict=False
    )
    assert not found.unexpected_keys, found.unexpected_keys
    assert all(key.endswith("num_batches_tracked") for key in found.missing_keys), found
    return module


def _numbers(subject: Subject) -> dict[str, np.ndarray]:
    """All that both back ends compute, by node and by module."""
    graph = infer_strictly(subject.model).graph
    infos = {info.name: info for info in graph.value_info if info.name in subject.graph.graph}
    ran = run_torch(subject.module, subject.images, subject.graph.graph.main())
    made = ((path, call.result) for path, calls in ran.calls.items() for call in calls[:1])
    calls = {f"{path} in PyTorch": result.numpy() for path, result in made}
    output = {"output in PyTorch": ran.result.numpy()}
    return run_onnx(subject.model, subject.images, infos, optimise=False) | calls | output


def _same(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> bool:
    """Whether they agree but for rounding; what is called no more may have done nothing."""
    shared = (name for name in one if name in other)
    return all(excess(other[name], one[name]) <= ROUNDING for name in shared)

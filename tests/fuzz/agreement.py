"""The promise of a network that checks: all who run it compute what the spec says.

At every node our shape is PyTorch's, that of strict ONNX inference and ONNX Runtime's, and the
values of PyTorch are those of ONNX Runtime; the counts are those that others make.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

import networkx as nx

from inception_dsl.backends.torch import build_module
from tests.fuzz.counts import count
from tests.fuzz.disagreement import Disagreement
from tests.fuzz.onnx_values import infer_strictly, shapes_of
from tests.fuzz.subject import Subject
from tests.fuzz.torch_places import tensors_of_nodes
from tests.fuzz.torch_values import multiply_adds, sizes, training_shapes
from tests.fuzz.value_agreement import differing_values

__all__ = ["disagreements"]


def disagreements(subject: Subject) -> Iterator[Disagreement]:
    """Wherever two do not agree about a network, the first place of the graph first."""
    graph = infer_strictly(subject.model).graph
    infos = {info.name: info for info in chain(graph.value_info, graph.output)}
    declared = shapes_of(chain(graph.input, infos.values()))
    yield from differing_values(subject, infos)
    yield from _differing_counts(subject, {name: shape[1:] for name, shape in declared.items()})
    yield from _differing_heads(subject)


def _differing_counts(
    subject: Subject, shapes: Mapping[str, tuple[int, ...]]
) -> Iterator[Disagreement]:
    cost = subject.network.cost
    found, module = count(subject.model, shapes), subject.module
    trained, kept = sizes(module)
    if subject.graph.graph.aux:
        module = build_module(subject.graph, weights=False, aux=False)
        of_main, kept = sizes(module)
        yield from _differ("aux_params in PyTorch", cost.aux_params, trained - of_main)
        trained = of_main
    yield from _differ("params in PyTorch", cost.params, trained)
    yield from _differ("buffers in PyTorch", cost.buffers, kept)
    yield from _differ("macs in PyTorch", cost.macs, multiply_adds(module, subject.images))
    yield from _differ("params and buffers in ONNX", cost.params + cost.buffers, found.arrays)
    for name in ("macs", "convs", "linears", "depth", "layers"):
        yield from _differ(f"{name} in ONNX", getattr(cost, name), getattr(found, name))


def _differ(count: str, ours: int, theirs: int) -> Iterator[Disagreement]:
    if ours != theirs:
        yield Disagreement(count, "counted", ours, theirs)


def _differing_heads(subject: Subject) -> Iterator[Disagreement]:
    """Whether the auxiliary heads have our shapes, where alone they exist: in training."""
    graph = subject.graph.graph
    if not graph.aux:
        return
    live = graph.main()
    for head in graph.aux:
        live |= {head.output} | nx.ancestors(graph.network, head.output)
    ran = training_shapes(subject.module, subject.images, live)
    places = tensors_of_nodes(graph, ran)
    anywhere = {tuple(each.shape[1:]) for each in ran.values}
    for node in graph:
        dims = node.out.dims
        seen = {tuple(each.shape[1:]) for each in places.get(node.path, ())}
        if node.path in live and (seen != {dims} if seen else dims not in anywhere):
            yield Disagreement(node.path, "shape in training", dims, sorted(seen or anywhere))
    if len(ran.result) != 1 + len(graph.aux):
        yield Disagreement("", "outputs in training", 1 + len(graph.aux), len(ran.result))

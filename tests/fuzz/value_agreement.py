"""Shapes and values at every node: ours, PyTorch's, ONNX's and ONNX Runtime's."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping

import numpy as np
import onnx
from torch import Tensor

from inception_dsl.ir.graph import Node
from tests.fuzz.disagreement import Array, Disagreement, excess, largest, nearest
from tests.fuzz.onnx_values import Values, run_onnx, run_reference, shapes_of
from tests.fuzz.subject import Subject
from tests.fuzz.torch_places import tensors_of_nodes
from tests.fuzz.torch_values import run_torch

__all__ = ["differing_values"]

Infos = Mapping[str, onnx.ValueInfoProto]

ROUNDING = 100_000
"""Up to so many tolerances two may be apart because of rounding, if that alone explains it."""

HUGE = 1e18
"""Products of numbers beyond this leave float32: there only float64 can tell."""


def differing_values(subject: Subject, infos: Infos) -> Iterator[Disagreement]:
    """The nodes of the main path of which PyTorch, ONNX and ONNX Runtime say different things.

    `infos` is what ONNX inferred. Where float32 blows rounding up (a norm of nearly equal numbers
    does), the judge is whether both graphs give the same in float64.
    """
    graph, main = subject.graph.graph, _main(subject)
    declared = shapes_of(infos.values())
    values = run_onnx(subject.model, subject.images, infos, optimise=False)
    values[graph.input] = subject.images
    ran = run_torch(subject.module, subject.images, [node.path for node in main])
    if not isinstance(ran.result, Tensor):
        yield Disagreement("", "what a module gives for use", "a tensor", type(ran.result).__name__)
    places = tensors_of_nodes(graph, ran)
    doubtful = []
    lost: set[str] = set()
    for node in main:
        path, dims = node.path, node.out.dims
        if path != graph.input and not _is_batch_of(declared[path], dims):
            yield Disagreement(path, "shape in ONNX", ("batch", *dims), declared[path])
        if values[path].shape[1:] != dims:
            yield Disagreement(path, "shape in ONNX Runtime", dims, values[path].shape[1:])
        shapes = {tuple(each.shape[1:]) for each in places.get(path, ran.values)}
        if dims not in shapes or (path in places and len(shapes) > 1):
            yield Disagreement(path, "shape in PyTorch", dims, sorted(shapes))
        if not _in_range(values[path]) or lost.intersection(graph.operands(path)):
            lost.add(path)
        far = nearest(values[path], places.get(path, ()), ran.values)
        if far > 1:
            off = Disagreement(path, "PyTorch and ONNX Runtime apart, in tolerances", 1, far)
            if far > ROUNDING and path not in lost:
                yield off
            doubtful.append(off)
    if doubtful and not _same_in_double(subject):
        yield from doubtful
    if not lost:
        yield from _optimised(subject, infos, values, ROUNDING if doubtful else 1)


def _in_range(values: Array) -> bool:
    return bool((np.abs(values) < HUGE).all())


def _main(subject: Subject) -> list[Node]:
    main = subject.graph.graph.main()
    return [node for node in subject.graph.graph if node.path in main]


def _is_batch_of(declared: tuple[int | str, ...], dims: tuple[int, ...]) -> bool:
    return declared[1:] == dims and isinstance(declared[0], str)


def _same_in_double(subject: Subject) -> bool:
    """Whether the module and the model are one function: in float64, by ONNX's own reference."""
    graph, images = subject.graph.graph, subject.images.astype("float64")
    values = run_reference(subject.model, images)
    main = [node.path for node in _main(subject)]
    ran = run_torch(copy.deepcopy(subject.module).double(), images, main)
    places = tensors_of_nodes(graph, ran)
    sources: dict[str, Array] = {}
    for path in main:
        if not np.isfinite(values[path]).all():
            return True  # beyond float64 too: the shapes and what stood before are all there is
        made_of = [sources[operand] for operand in graph.operands(path)]
        sources[path] = np.maximum.reduce([largest(values[path]).ravel(), *made_of])
        if nearest(values[path], places.get(path, ()), ran.values, sources[path]) > 1:
            return False
    return True


def _optimised(
    subject: Subject, infos: Infos, values: Values, allowed: float
) -> Iterator[Disagreement]:
    """Whether ONNX Runtime's optimisations keep the output, and the end of every region.

    What lies between is left to them, to be merged as in use.
    """
    graph = subject.graph.graph
    ends = dict.fromkeys(path for region in graph.root.walk() for path in region.outputs)
    kept = {path: infos[path] for path in ends if path in infos}
    found = run_onnx(subject.model, subject.images, kept, optimise=True)
    for path, value in found.items():
        if (far := excess(value, values[path])) > allowed:
            yield Disagreement(path, "optimised ONNX Runtime apart, in tolerances", 1, far)

"""The arena: networks run inside it, every feature map read from where the plan puts it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import inception_dsl as idsl
from inception_dsl.analysis.memory_plan import MemoryPlan, memory_plan
from inception_dsl.backends.torch import build_module
from inception_dsl.engines.program import Program
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.op import Input
from inception_dsl.ir.vocabulary import Operand
from inception_dsl.passes import optimize
from inception_dsl.weights import calibrated_weights, network_weights
from tests.fuzz.rewrites import relative
from tests.small_networks import NETWORKS, small


def run_in_arena(
    checked: CheckedGraph, plan: MemoryPlan, tensors: dict[str, torch.Tensor], images: torch.Tensor
) -> torch.Tensor:
    """The network's result, where nothing is kept but what lies in the arena."""
    graph, batch = checked.graph, len(images)
    arena = torch.full((plan.arena_bytes // 4,), torch.nan)

    def view(path: str) -> torch.Tensor:
        place, map = plan.places[path], graph[path].out
        images = arena[place.offset_bytes // 4 :].as_strided(
            (batch, map.size), (place.image_bytes // 4, 1)
        )
        return images.unflatten(1, map.dims)

    for path in plan.places:
        node = graph[path]
        if isinstance(node.op, Input):
            view(path).copy_(images)
            continue
        program = Program(tensors, torch.float32, "cpu")
        program.begin(path)
        operands = list(graph.operands(path))
        pairs = zip((f"x[{i}]" for i in range(len(operands))), graph.maps(path), strict=True)
        result = node.op.to_torch(program, *(Operand(*pair) for pair in pairs))
        with torch.no_grad():
            found = program.function("x", result)([view(each) for each in operands])
            view(path).copy_(found.clone())
    return view(graph.output).clone()


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_runs_in_its_arena(name: str) -> None:
    written = small(name)
    weights = calibrated_weights(written, aux=False)
    images = torch.randn(2, *written.input_map.dims, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected = build_module(written, weights=weights, aux=False).eval()(images)
    for batch, checked in enumerate((written, optimize(written, "torch-cuda")), 1):
        arrays = network_weights(checked, weights, aux=False)
        tensors = {k: torch.from_numpy(np.require(v, requirements="W")) for k, v in arrays.items()}
        plan = memory_plan(checked, batch=batch)
        found = run_in_arena(checked, plan, tensors, images[:batch])
        assert relative(found, expected[:batch].double()) < 1e-5


def test_inception_v3_needs_a_third_of_its_feature_maps_at_most() -> None:
    plan = memory_plan(optimize(idsl.load("inception_v3").graph, "torch-cpu"))
    assert plan.total_bytes >= 3 * plan.arena_bytes


def test_what_goes_into_a_concat_is_written_there() -> None:
    checked = idsl.load("inception_reduced").graph
    concat = next(node.path for node in checked.graph if node.op.name == "concat")
    plan = memory_plan(checked)
    offset = plan.places[concat].offset_bytes
    for operand in checked.graph.operands(concat):
        assert plan.places[operand].offset_bytes == offset, operand
        offset += plan.places[operand].bytes


def test_no_two_buffers_share_bytes_at_one_time() -> None:
    plan = memory_plan(idsl.load("inception_v4").graph)
    for one in plan.buffers:
        for other in plan.buffers:
            if one is not other and one.meets(other):
                apart = one.offset_bytes + one.bytes <= other.offset_bytes
                assert apart or other.offset_bytes + other.bytes <= one.offset_bytes

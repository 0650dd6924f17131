"""Rewritten networks in their targets: a step of training in torch, inference in ONNX Runtime."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

import inception_dsl as idsl
from inception_dsl.backends.torch import build_module
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.ir.weight import Given, Joined
from inception_dsl.passes import PASSES, run_passes
from inception_dsl.weights import calibrated_weights, network_weights

TWO_MODULES = """
network two_modules(classes: int = 3) {
    input image: 3x12x12
    fan(8)
    aux side(weight=0.3) = top(classes)
    fan(6)
    top(classes)
}
module fan(width: int) {
    concat {
        branch unit(width)
        branch unit(width) -> conv2d(width, 3x3, padding=same)
        branch unit(2 * width)
        branch max_pool(3x3, stride=1, padding=same) -> unit(width)
    }
}
block unit(width: int) {
    conv2d(width, 1x1, bias=false)
    batch_norm()
    relu()
}
head top(classes: int) {
    conv2d(4, 1x1)
    global_avg_pool()
    linear(classes)
}
"""


def trained(checked: CheckedGraph, weights: dict[str, np.ndarray]) -> tuple[float, nn.Module]:
    """The loss of one step, auxiliary heads included, and the module with its gradients."""
    module = build_module(checked, weights=weights).double().train()
    generator = torch.Generator().manual_seed(3)
    images = torch.randn(4, *checked.input_map.dims, generator=generator, dtype=torch.float64)
    labels = torch.arange(4) % checked.output_map.channels
    results = module(images)
    weighing = [1.0, *(head.weight for head in checked.graph.aux)]
    results = results if isinstance(results, tuple) else (results,)
    pairs = zip(weighing, results, strict=True)
    loss = sum(weight * cross_entropy(logits, labels) for weight, logits in pairs)
    loss.backward()
    return float(loss.detach()), module


@pytest.mark.parametrize("name", ["two_modules", "bn_inception"])
def test_a_step_has_the_loss_and_the_gradients_of_the_network_as_written(name: str) -> None:
    shape = (3, 97, 97) if name == "bn_inception" else None
    net = idsl.load(TWO_MODULES if name == "two_modules" else name, input=shape)
    weights = calibrated_weights(net.graph)
    joined = net.optimized("training")
    loss, plain = trained(net.graph, weights)
    loss_joined, fused = trained(joined, weights)
    assert loss_joined == pytest.approx(loss, rel=1e-12)
    expected = dict(plain.named_parameters())
    running = dict(plain.named_buffers())
    told = {}
    for key, parameter in [*fused.named_parameters(), *fused.named_buffers()]:
        path, _, array = key.rpartition(".")
        weight = joined.graph[path].weights.get(array)
        parts = weight.parts if isinstance(weight, Joined) else (Given(key),)
        assert all(isinstance(part, Given) for part in parts), key
        names = [part.key for part in parts if isinstance(part, Given)]
        if key.endswith("num_batches_tracked"):
            continue
        if isinstance(parameter, nn.Parameter):
            whole = torch.cat([expected[each].grad for each in names])
            found = parameter.grad
        else:
            whole, found = torch.cat([running[each] for each in names]), parameter
        size = max(float(whole.norm()), 1e-4)  # a bias before batch norm has none
        told[key] = float((found - whole).norm()) / size
        assert told[key] < 1e-9, key
    assert sum(map(torch.numel, fused.parameters())) == sum(map(torch.numel, plain.parameters()))
    assert len(told) < len(expected) + len(running), "nothing was joined"


def test_the_heads_of_training_can_be_left_out_of_joined_siblings() -> None:
    net = idsl.load(TWO_MODULES)
    weights = calibrated_weights(net.graph, aux=False)
    joined = build_module(net.optimized("training"), weights=weights, aux=False).eval()
    plain = net.to_torch(weights, aux=False).eval()
    images = torch.randn(2, 3, 12, 12)
    with torch.no_grad():
        assert torch.allclose(joined(images), plain(images), atol=1e-5)


def in_onnx_runtime(checked: CheckedGraph, weights: dict[str, np.ndarray]) -> np.ndarray:
    from inception_dsl.backends.onnx import to_onnx

    arrays = network_weights(checked, weights, aux=False) if not checked.written else weights
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    model = to_onnx(checked, weights=arrays).SerializeToString()
    session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
    images = np.random.default_rng(5).standard_normal((2, *checked.input_map.dims))
    (found,) = session.run(None, {session.get_inputs()[0].name: images.astype(np.float32)})
    return np.asarray(found)


RESIDUAL = """
network residues {
    input image: 3x10x10
    conv2d(8, 3x3, bias=false)
    batch_norm()
    relu()
    residual {
        concat {
            branch avg_pool(3x3, stride=1, padding=same) -> conv2d(4, 1x1)
            branch conv2d(4, 1x1) -> relu()
            branch conv2d(4, 1x1) -> relu() -> conv2d(4, 3x3, padding=same)
        }
        conv2d(8, 1x1)
        scale(0.3)
    }
    relu()
    identity()
    dropout(0.2)
    global_avg_pool()
    linear(3)
}
"""


@pytest.mark.parametrize("name", PASSES)
def test_a_pass_keeps_the_numbers_through_onnx(name: str) -> None:
    checked = idsl.load(RESIDUAL).graph
    weights = calibrated_weights(checked, aux=False)
    alone = run_passes(checked, [PASSES[name]])
    behind = run_passes(checked, [*PASSES.values(), PASSES[name]])
    expected = in_onnx_runtime(checked, weights)
    for found in (in_onnx_runtime(alone, weights), in_onnx_runtime(behind, weights)):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_an_optimised_onnx_model_computes_the_same_with_fewer_nodes() -> None:
    net = idsl.load("inception_v3", classes=10)
    weights = calibrated_weights(net.graph, aux=False)
    plain, optimized = (net.to_onnx(weights, optimize=each) for each in (False, True))
    assert len(optimized.graph.node) < len(plain.graph.node)
    assert not any(node.op_type == "BatchNormalization" for node in optimized.graph.node)
    images = np.random.default_rng(5).standard_normal((1, *net.input), dtype=np.float32)
    results = []
    for model in (plain, optimized):
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), providers=["CPUExecutionProvider"]
        )
        (found,) = session.run(None, {session.get_inputs()[0].name: images})
        results.append(found)
    error = np.linalg.norm(results[1] - results[0]) / np.linalg.norm(results[0])
    assert error < 1e-5

"""Conformance of every operation on its own examples: PyTorch, ONNX and ONNX Runtime say the same.

A new file in `inception_dsl/ops` is tested by being there; an operation without examples fails.
"""

from __future__ import annotations

import numpy as np
import onnx
import pytest
import torch
from onnx_samples import distance, images, run
from op_samples import EXAMPLES, IDS, random_weights, run_torch, spec_of
from torch.utils.flop_counter import FlopCounterMode

import inception_dsl as idsl
from inception_dsl.ir.op import Example
from inception_dsl.ops import operation, operation_names

FIRST_EXAMPLES = dict(reversed(EXAMPLES))


@pytest.mark.parametrize("name", operation_names())
def test_every_operation_has_examples(name: str) -> None:
    assert operation(name).EXAMPLES


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=IDS)
def test_every_back_end_gives_the_shape_and_the_numbers(name: str, example: Example) -> None:
    net = idsl.load(spec_of(example))
    assert net.graph.graph[net.graph.graph.output].op.name == name
    shape = tuple(map(int, example.output.split("x")))
    assert net.graph.output_map.dims == shape

    weights, x = random_weights(net), images(net.graph)
    model, proto = net.to_torch(weights), net.to_onnx(weights)
    answer = run_torch(model, x)
    assert answer.shape == (2, *shape)
    assert onnx_shape(proto) == shape
    for optimise in (False, True):
        (found,) = run(proto, x, optimise=optimise)
        assert distance(found, answer) < 1e-5


@pytest.mark.parametrize("name", operation_names())
def test_the_oldest_opset_gives_the_same_numbers(name: str) -> None:
    net = idsl.load(spec_of(FIRST_EXAMPLES[name]))
    weights, x = random_weights(net), images(net.graph)
    (found,) = run(net.to_onnx(weights, opset=18), x)
    assert distance(found, run_torch(net.to_torch(weights), x)) < 1e-5


def onnx_shape(proto: onnx.ModelProto) -> tuple[int, ...]:
    """What ONNX's own shape inference says of the output, told nothing but the input."""
    bare = onnx.ModelProto()
    bare.CopyFrom(proto)
    del bare.graph.value_info[:]
    for output in bare.graph.output:
        output.type.tensor_type.ClearField("shape")
    inferred = onnx.shape_inference.infer_shapes(
        bare, check_type=True, strict_mode=True, data_prop=True
    )
    (output,) = inferred.graph.output
    return tuple(axis.dim_value for axis in output.type.tensor_type.shape.dim)[1:]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=IDS)
def test_parameters_are_those_of_torch_and_onnx(name: str, example: Example) -> None:
    net = idsl.load(spec_of(example))
    weights = random_weights(net)
    expected = {path: array.shape for path, array in weights.items()}
    model, proto = net.to_torch(weights), net.to_onnx(weights)
    state = {
        path: tuple(tensor.shape)
        for path, tensor in model.state_dict().items()
        if not path.endswith("num_batches_tracked")
    }
    assert state == expected
    assert {array.name: tuple(array.dims) for array in proto.graph.initializer} == expected
    assert net.params == sum(parameter.numel() for parameter in model.parameters())
    assert net.buffers == sum(map(np.prod, expected.values())) - net.params


@pytest.mark.parametrize(
    ("name", "example"),
    [(name, example) for name, example in EXAMPLES if operation(name).kind != "combine"],
)
def test_multiply_adds_are_those_that_torch_counts(name: str, example: Example) -> None:
    net = idsl.load(spec_of(example))
    model = net.to_torch(random_weights(net)).eval()
    with FlopCounterMode(display=False) as counter:
        model(torch.from_numpy(images(net.graph, 1)))
    assert net.macs == counter.get_total_flops() // 2


@pytest.mark.parametrize("name", operation_names())
def test_exports_with_a_dynamic_batch(name: str) -> None:
    net = idsl.load(spec_of(FIRST_EXAMPLES[name]))
    model = net.to_torch(random_weights(net)).eval()
    sample = torch.from_numpy(images(net.graph))
    batch = torch.export.Dim("batch")
    exported = torch.export.export(model, (sample,), dynamic_shapes=({0: batch},))
    other = images(net.graph, 5)
    assert distance(run_torch_program(exported, other), run_torch(model, other)) < 1e-6


def run_torch_program(program: torch.export.ExportedProgram, x: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return program.module()(torch.from_numpy(x)).numpy()


@pytest.mark.parametrize(
    "text",
    [
        "avg_pool(3, stride=2, padding=same_upper)",
        "avg_pool(2, stride=1, padding=[0, 1, 1, 0], count_include_pad=true)",
        "max_pool(2, stride=1, padding=same_lower)",
        "conv2d(4, 3, stride=2, padding=same_upper)",
        "batch_norm(scale=false)",
        "batch_norm(center=false)",
        "layer_norm()",
        "channel_shuffle(2)",
    ],
)
def test_compiles_to_the_same_numbers_and_gradients(text: str) -> None:
    net = idsl.load(f"network sample {{ input x: 4x8x8  {text} }}")
    weights, x = random_weights(net), torch.from_numpy(images(net.graph))
    answers, gradients = [], []
    for wrap in (lambda model: model, lambda model: torch.compile(model, backend="aot_eager")):
        model = net.to_torch(weights).train()
        image = x.clone().requires_grad_()
        answer = wrap(model)(image)
        (answer**2).sum().backward()
        answers.append(answer.detach().numpy())
        gradients.append(image.grad.numpy())
    assert distance(answers[1], answers[0]) < 1e-5
    assert distance(gradients[1], gradients[0]) < 1e-5


@pytest.mark.parametrize(("scale", "center"), [(True, False), (False, True)])
def test_batch_norm_without_gain_or_shift_trains_like_a_frozen_one(
    scale: bool, center: bool
) -> None:
    words = f"scale={str(scale).lower()}, center={str(center).lower()}"
    text = f"network sample {{ input x: 4x6x5  batch_norm(eps=1e-3, momentum=0.3, {words}) }}"
    net = idsl.load(text)
    weights = random_weights(net)
    model = net.to_torch(weights).train()
    frozen = torch.nn.BatchNorm2d(4, eps=1e-3, momentum=0.3)
    frozen.load_state_dict(
        {path.split(".")[-1]: torch.from_numpy(array) for path, array in weights.items()},
        strict=False,
    )
    for count in (2, 3, 4):
        x = torch.from_numpy(images(net.graph, count))
        assert distance(model(x).detach().numpy(), frozen(x).detach().numpy()) < 1e-6
    state = model.state_dict()
    for path in weights:
        torch.testing.assert_close(state[path], frozen.state_dict()[path.split(".")[-1]])

"""What people do with a module: copy, pickle, compile, export, spread over processes, train."""

from __future__ import annotations

import copy
import inspect
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch_samples import SAMPLES

import inception_dsl as idsl
from inception_dsl.backends.torch import build_module
from inception_dsl.weights import WeightsError, calibrated_weights

LIKE = ("googlenet_like", "v3_like")


@pytest.fixture(params=LIKE)
def network(request: pytest.FixtureRequest) -> idsl.Network:
    return idsl.load(SAMPLES[request.param])


@pytest.fixture
def model(network: idsl.Network) -> nn.Module:
    return build_module(network.graph, weights=calibrated_weights(network.graph)).eval()


@pytest.fixture
def image(network: idsl.Network) -> Tensor:
    return torch.randn(2, *network.graph.input_map.dims, generator=torch.manual_seed(1))


def test_a_copy_is_independent(model: nn.Module, image: Tensor) -> None:
    expected = model(image)
    twin = copy.deepcopy(model)
    assert type(twin) is type(model)
    for parameter in twin.parameters():
        parameter.data.zero_()
    assert torch.equal(model(image), expected)
    assert not torch.equal(twin(image), expected)


def in_a_new_process(script: str, *arguments: Path) -> None:
    subprocess.run([sys.executable, "-c", script, *map(str, arguments)], check=True)


def test_a_pickle_opens_in_a_new_process(model: nn.Module, image: Tensor, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(pickle.dumps(model))
    torch.save((image, model(image).detach()), tmp_path / "expected")
    script = """
import pickle, sys, torch
with open(sys.argv[1], "rb") as file:
    model = pickle.load(file)
image, expected = torch.load(sys.argv[2])
assert torch.equal(model(image), expected)
again = pickle.loads(pickle.dumps(model))
assert torch.equal(again(image), expected)
"""
    in_a_new_process(script, tmp_path / "model", tmp_path / "expected")


def test_torch_save_opens_in_a_new_process(model: nn.Module, image: Tensor, tmp_path: Path) -> None:
    torch.save((model, image, model(image).detach()), tmp_path / "all")
    script = """
import sys, torch
model, image, expected = torch.load(sys.argv[1], weights_only=False)
assert torch.equal(model(image), expected) and not model.training
model.train()
assert type(model(image)).__name__.endswith("Output")
"""
    in_a_new_process(script, tmp_path / "all")


def test_a_pickle_keeps_what_was_changed(model: nn.Module) -> None:
    model.register_buffer("seen", torch.tensor(3))
    model.get_parameter("head.linear.weight").requires_grad_(False)
    twin = pickle.loads(pickle.dumps(model))  # noqa: S301 - written one line above
    assert int(twin.seen) == 3
    assert not twin.head.linear.weight.requires_grad


def test_the_outputs_of_training_pickle(model: nn.Module, image: Tensor) -> None:
    with torch.no_grad():
        outputs = model.train()(image)
    for same in (copy.deepcopy(outputs), pickle.loads(pickle.dumps(outputs))):  # noqa: S301
        assert type(same) is type(outputs)
        assert all(map(torch.equal, same, outputs))


@pytest.mark.parametrize("training", [False, True])
def test_compiles_without_a_graph_break(model: nn.Module, image: Tensor, training: bool) -> None:
    model.train(training)
    compiled = torch.compile(copy.deepcopy(model), backend="eager", fullgraph=True)
    torch.manual_seed(0)
    expected = model(image)
    torch.manual_seed(0)
    found = compiled(image)
    assert type(found) is type(expected)
    pairs = zip(found, expected, strict=True) if training else [(found, expected)]
    assert all(torch.allclose(one, other, atol=1e-6) for one, other in pairs)


@pytest.mark.parametrize("strict", [False, True])
def test_exports(model: nn.Module, image: Tensor, strict: bool) -> None:
    batch = torch.export.Dim("batch", min=2, max=64)
    shapes = {"x": {0: batch}}
    program = torch.export.export(model, (image,), dynamic_shapes=shapes, strict=strict)
    images = torch.cat([image, image])
    assert torch.allclose(program.module()(images), model(images), atol=1e-6)
    exported = {*program.state_dict} - {key for key in program.state_dict if "num_batches" in key}
    assert exported == {key for key in model.state_dict() if "num_batches" not in key}


def test_is_constructed_on_meta(network: idsl.Network, model: nn.Module, image: Tensor) -> None:
    with torch.device("meta"):
        empty = type(model)()
    assert all(parameter.is_meta for parameter in empty.parameters())
    assert {k: v.shape for k, v in empty.state_dict().items()} == {
        k: v.shape for k, v in model.state_dict().items()
    }
    empty.load_state_dict(model.state_dict(), assign=True)
    assert torch.equal(empty.eval()(image), model(image))
    assert all(p.is_meta for p in build_module(network.graph, weights=False).parameters())


def test_a_state_dict_goes_round(network: idsl.Network, model: nn.Module, image: Tensor) -> None:
    again = build_module(network.graph, weights=model.state_dict()).eval()
    assert torch.equal(again(image), model(image))
    fresh = build_module(network.graph).eval()
    fresh.load_state_dict(model.state_dict(), strict=True)
    assert torch.equal(fresh(image), model(image))
    main = build_module(network.graph, weights=model.state_dict(), aux=False).eval()
    assert torch.equal(main(image), model(image))


def test_weights_that_do_not_fit_are_named(network: idsl.Network) -> None:
    weights: dict[str, Any] = dict(calibrated_weights(network.graph))
    weights["head.linear.bias"] = weights["head.linear.bias"][:2]
    weights["head.linear.wait"] = weights.pop("head.linear.weight")
    with pytest.raises(WeightsError) as fault:
        build_module(network.graph, weights=weights)
    for key in ("head.linear.bias", "head.linear.wait", "head.linear.weight"):
        assert key in str(fault.value)


def test_two_builds_start_alike_and_share_nothing(network: idsl.Network) -> None:
    one, other = (build_module(network.graph) for _ in range(2))
    assert type(one) is type(other)
    assert all(map(torch.equal, one.parameters(), other.parameters()))
    places = {p.data_ptr() for p in one.parameters()} & {p.data_ptr() for p in other.parameters()}
    assert not places


def test_building_leaves_arrays_of_the_caller_alone(network: idsl.Network, image: Tensor) -> None:
    weights = calibrated_weights(network.graph)
    before = {key: array.copy() for key, array in weights.items()}
    model = build_module(network.graph, weights=weights).train()
    for parameter in model.parameters():
        parameter.data.add_(1)
    model(image)
    assert all((weights[key] == array).all() for key, array in before.items())


def test_training_gives_every_output_and_inference_one(
    network: idsl.Network, model: nn.Module, image: Tensor
) -> None:
    outputs = model.train()(image)
    assert outputs._fields == ("logits", *(head.name for head in network.graph.graph.aux))
    assert all(output.shape == (2, 5) for output in outputs)
    assert isinstance(model.eval()(image), Tensor)
    main = build_module(network.graph, aux=False)
    assert isinstance(main.train()(image), Tensor)
    assert isinstance(type(model)(aux=False).train()(image), Tensor)


def test_every_weight_gets_a_gradient(model: nn.Module, image: Tensor) -> None:
    outputs = model.train()(image)
    sum(output.square().sum() for output in outputs).backward()
    idle = [key for key, parameter in model.named_parameters() if parameter.grad is None]
    assert not idle


def test_an_error_shows_the_generated_line(model: nn.Module) -> None:
    with pytest.raises(RuntimeError) as fault:
        model(torch.randn(1, 4, 35, 35))
    text = "".join(traceback.format_exception(fault.value))
    assert "x = self.stem(x)" in text
    assert "x = self.conv2d(x)" in text


def test_inspect_finds_the_source(model: nn.Module) -> None:
    assert inspect.getsource(type(model)).startswith(f"class {type(model).__name__}(nn.Module):")


def test_hooks_on_paths_see_every_module(
    network: idsl.Network, model: nn.Module, image: Tensor
) -> None:
    """What a path names in the graph is what the module of that name computes."""
    seen: dict[str, tuple[int, ...]] = {}

    def hook(path: str) -> Callable[[nn.Module, object, Any], None]:
        return lambda _module, _inputs, output: (
            seen.setdefault(path, tuple(output.shape[1:])) and None
        )

    nodes = {node.path: node.out.dims for node in network.graph.graph}
    modules = {path: module for path, module in model.named_modules() if path in nodes}
    for path, module in modules.items():
        module.register_forward_hook(hook(path))
    model(image)
    assert seen
    assert all(shape == nodes[path] for path, shape in seen.items())


def one_step(rank: int, model: nn.Module, images: Tensor, folder: str) -> None:
    """One process of two: its half of the batch, one step of SGD."""
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{folder}/rendezvous", rank=rank, world_size=2
    )
    model = copy.deepcopy(model)  # what arrives lies in memory that the processes share
    parallel = nn.parallel.DistributedDataParallel(model.train())
    optimizer = torch.optim.SGD(parallel.parameters(), lr=0.1)
    losses = [
        cross_entropy(output, torch.tensor([rank])) for output in parallel(images[rank : rank + 1])
    ]
    torch.stack(losses).sum().backward()
    optimizer.step()
    torch.save(model.state_dict(), f"{folder}/{rank}.pth")
    torch.distributed.barrier()
    os._exit(0)  # on a busy machine gloo's own threads now and then abort while they are taken down


def test_two_spawned_processes_train_one_model(
    network: idsl.Network, image: Tensor, tmp_path: Path
) -> None:
    model = build_module(network.graph)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    torch.multiprocessing.spawn(one_step, (model, image, str(tmp_path)), nprocs=2)
    states = [torch.load(tmp_path / f"{rank}.pth") for rank in range(2)]
    trained = dict(model.named_parameters())
    assert all(torch.equal(states[0][key], states[1][key]) for key in trained)
    if network.name == "googlenet_like":  # no batch statistics, so that one process can tell
        outputs = model.train()(image)
        sum(cross_entropy(output, torch.tensor([0, 1])) for output in outputs).backward()
        for key, parameter in trained.items():
            assert parameter.grad is not None
            expected = parameter - 0.1 * parameter.grad
            assert torch.allclose(states[0][key], expected, atol=1e-6)

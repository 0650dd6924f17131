"""The engine for GPUs, as far as a machine without one can tell: lanes, lines, and choices."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import torch

import inception_dsl as idsl
from inception_dsl.engines import EngineError
from inception_dsl.engines.lanes import lanes
from inception_dsl.engines.program import Program, write_program
from inception_dsl.engines.tensors import tensors
from inception_dsl.engines.torch_cuda import CudnnConvolutions, StreamLines
from inception_dsl.ir.graph import CheckedGraph
from inception_dsl.passes import optimize
from inception_dsl.weights import calibrated_weights

NETWORKS = ("googlenet", "inception_v3", "inception_resnet_v2", "nasnet_a_mobile")


def rewritten(name: str) -> CheckedGraph:
    return optimize(idsl.load(name).graph, "torch-cuda")


@pytest.mark.parametrize("name", NETWORKS)
def test_no_order_of_the_lanes_reads_what_is_not_there(name: str) -> None:
    graph = rewritten(name).graph
    found = lanes(graph)
    main = graph.main()
    queues: dict[int, list[str]] = {}
    for path in graph.network:
        if path in main:
            queues.setdefault(found.lane[path], []).append(path)
    chosen = random.Random(0)
    for _ in range(20):
        left = {lane: list(queue) for lane, queue in queues.items()}
        done: set[str] = set()
        while any(left.values()):
            free = [
                lane
                for lane, queue in left.items()
                if queue and all(path in done for path in found.waits[queue[0]])
            ]
            path = left[chosen.choice(free)].pop(0)
            assert all(operand in done for operand in graph.operands(path)), path
            done.add(path)


def test_the_branches_of_a_module_have_lanes_of_their_own() -> None:
    graph = rewritten("inception_v3").graph
    found = lanes(graph)
    concat = "inception_b_2.concat" if "inception_b_2.concat" in graph else "mixed_6b.concat"
    ends = {found.lane[operand] for operand in graph.operands(concat)}
    assert len(ends) >= 3


@pytest.mark.parametrize("most", [1, 2, 4])
def test_there_are_no_more_lanes_than_asked_for(most: int) -> None:
    assert lanes(rewritten("googlenet").graph, most).count == most


class Recorded:
    """A stream or event that keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []

    def wait_event(self, event: object) -> None:
        self.told.append(("wait", event))

    def wait_stream(self, stream: object) -> None:
        self.told.append(("wait", stream))

    def record(self, stream: object) -> None:
        self.told.append(("record", stream))


def run_on_cpu(
    name: str, timer: Callable[[Callable[[], object]], float], monkeypatch: pytest.MonkeyPatch
) -> tuple[torch.Tensor, torch.Tensor, list[str]]:
    """The program for a GPU, with streams that do nothing, and the plain module's result."""
    network = idsl.load(name)
    weights = calibrated_weights(network.graph, aux=False)
    checked = optimize(network.graph, "torch-cuda")
    program = Program(tensors(checked, weights), torch.float32, "cpu")
    spread = lanes(checked.graph)
    streams = [Recorded() for _ in range(spread.count)]
    around = StreamLines(program, checked.graph, spread, streams, Recorded)
    monkeypatch.setattr(torch.cuda, "set_stream", lambda stream: None)

    def relu(x, weight, bias, *geometry):
        return torch.conv2d(x, weight, bias, *geometry).relu_()

    def add_relu(x, weight, z, alpha, bias, *geometry):
        return torch.conv2d(x, weight, bias, *geometry).add_(z, alpha=alpha).relu_()

    monkeypatch.setattr(torch, "cudnn_convolution_relu", relu)
    monkeypatch.setattr(torch, "cudnn_convolution_add_relu", add_relu)
    images = torch.randn(1, *network.input)
    with torch.inference_mode():
        forward = write_program(checked, program, CudnnConvolutions(1, timer), around)
        found = forward(images)
        expected = network.to_torch(weights=weights, aux=False).eval()(images)
    return found, expected, program.lines


@pytest.mark.parametrize("fused", [True, False])
def test_the_program_computes_the_network(fused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def timer(call: Callable[[], object]) -> float:
        call()
        return 1.0 if (call.__name__ == "in_one") == fused else 2.0

    found, expected, lines = run_on_cpu("inception_resnet_v1", timer, monkeypatch)
    assert float((found - expected).norm() / expected.norm()) < 1e-5
    assert any("cudnn_convolution_relu" in line for line in lines) == fused
    assert any("cudnn_convolution_add_relu" in line for line in lines) == fused


def test_a_layer_that_cudnn_refuses_stays_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    def timer(call: Callable[[], object]) -> float:
        if call.__name__ == "in_one":
            raise RuntimeError("no such kernel")
        return 1.0

    found, expected, lines = run_on_cpu("googlenet", timer, monkeypatch)
    assert float((found - expected).norm() / expected.norm()) < 1e-5
    assert not any("cudnn" in line for line in lines)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_it_says_so() -> None:
    with pytest.raises(EngineError, match="no CUDA device"):
        idsl.load("googlenet").compile(device="cuda", engine="torch")


@pytest.mark.parametrize("engine", ["onnxruntime", "tensorrt"])
@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_provider_it_says_which_and_what_to_install(engine: str) -> None:
    with pytest.raises(EngineError, match=r"no (CUDA|Tensorrt)ExecutionProvider: pip install"):
        idsl.load("googlenet").compile(device="cuda", engine=engine)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_on_a_gpu_the_numbers_are_the_network_s(dtype: str) -> None:
    network = idsl.load("inception_v3")
    with network.compile(device="cuda", engine="torch", dtype=dtype, batch=2) as executable:
        executable.verify()

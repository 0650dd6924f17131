"""Executables: every engine gives the numbers of the plain module, and refuses to give others."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch

import inception_dsl as idsl
from inception_dsl.engines import EngineError, auto, engine_names, torch_cpu
from inception_dsl.engines import compile as compiling
from inception_dsl.engines.compile import ENGINES
from inception_dsl.engines.executable import _OTHER_BATCHES, Executable
from inception_dsl.engines.runner import TOLERANCE, Job, Runner
from inception_dsl.engines.timing import Timing
from inception_dsl.network import Network

SPECS = {
    "grid": "input x: 3x16x16 -> conv2d(8, 3x3, padding=same) -> batch_norm() -> relu()"
    " -> max_pool(2x2) -> residual { conv2d(8, 1x1) -> scale(0.2) } -> relu() -> lrn(5)"
    " -> global_avg_pool() -> linear(5)",
    "line": "input x: 4x30 -> conv1d(8, 3, stride=2) -> batch_norm() -> relu() -> avg_pool(2)"
    " -> global_max_pool() -> linear(5) -> softmax()",
    "volume": "input x: 2x6x6x6 -> conv3d(4, 3x3x3) -> relu() -> avg_pool(2x2x2) -> flatten()"
    " -> linear(5)",
    "vector": "input x: 16 -> linear(8) -> layer_norm() -> gelu() -> linear(5)",
    "picture": "input x: 3x9x9 -> depthwise_conv2d(3x3, padding=same) -> relu6() -> upsample(2)",
}

needs = {
    name: pytest.mark.skipif(find_spec(name) is None, reason=f"{name} is not installed")
    for name in ("onnxruntime", "openvino")
}
installed = [
    pytest.param(name, marks=needs[name]) if name in needs else name for name in engine_names("cpu")
]


@pytest.fixture(autouse=True)
def memory_of_choices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty memory of what `auto` chose, of this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "inception-dsl" / "engines.json"


def network(kind: str) -> Network:
    first, *steps = SPECS[kind].split(" -> ")
    return idsl.load("\n".join(["network small {", first, *steps, "}"]))


def images(net: Network, batch: int = 2) -> np.ndarray:
    random = np.random.default_rng(7)
    return random.standard_normal((batch, *net.input), dtype=np.float32)


def plainly(net: Network, given: np.ndarray, weights: object = None) -> np.ndarray:
    module = net.to_torch(weights, aux=False).eval()  # type: ignore[arg-type]
    with torch.inference_mode():
        return module(torch.from_numpy(given)).numpy()


def relative(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


@pytest.mark.parametrize("kind", SPECS)
@pytest.mark.parametrize("engine", installed)
def test_an_engine_gives_the_numbers_of_the_plain_module(engine: str, kind: str) -> None:
    net = network(kind)
    executable = net.compile(engine=engine, batch=2)
    given = images(net)
    found = executable(given)
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.float32
    assert relative(found, plainly(net, given)) < 1e-5
    tensor = executable(torch.from_numpy(given))
    assert isinstance(tensor, torch.Tensor)
    assert np.array_equal(tensor.numpy(), found)


@pytest.mark.parametrize("engine", installed)
def test_an_engine_runs_a_real_network(engine: str) -> None:
    net = idsl.load("bn_inception", input=(3, 97, 97), classes=10)
    weights = idsl.weights.calibrated_weights(net.graph, aux=False)
    given = images(net, batch=1)
    found = net.compile(weights, engine=engine)(given)
    assert relative(found, plainly(net, given, weights)) < 1e-4


@pytest.mark.parametrize("engine", installed)
def test_other_batches_run_too_and_few_stay_prepared(engine: str) -> None:
    net = network("grid")
    with net.compile(engine=engine) as executable:
        for batch in (1, 3, 1, *range(2, 4 + _OTHER_BATCHES)):
            given = images(net, batch)
            assert relative(executable(given), plainly(net, given)) < 1e-5
        assert len(executable._runners) == 1 + _OTHER_BATCHES
        assert 1 in executable._runners


@pytest.mark.parametrize("engine", installed)
@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
@pytest.mark.parametrize("kind", SPECS)
def test_half_precision_is_near_or_refused_with_the_reason(
    engine: str, dtype: str, kind: str
) -> None:
    net = network(kind)
    job = Job(net.graph, {}, dtype, 2, 1)  # type: ignore[arg-type]
    if why := ENGINES["cpu", engine].unavailable(job):
        with pytest.raises(
            EngineError, match=f"{engine} cannot run `small` in {dtype} here: {why}"
        ):
            net.compile(engine=engine, dtype=dtype)  # type: ignore[arg-type]
        return
    found = net.compile(engine=engine, batch=2, dtype=dtype)(images(net))  # type: ignore[arg-type]
    assert found.dtype == np.float32
    assert relative(found, plainly(net, images(net))) < TOLERANCE[dtype]


@pytest.mark.parametrize("engine", installed)
def test_results_of_two_calls_do_not_share_memory(engine: str) -> None:
    net = network("grid")
    executable = net.compile(engine=engine, batch=2)
    first = executable(images(net))
    kept = first.copy()
    executable(2 * images(net))
    assert np.array_equal(first, kept)


def test_arrays_of_any_type_and_layout_are_taken() -> None:
    net = network("grid")
    executable, given = net.compile(engine="torch"), images(net)
    expected = executable(given)
    read_only = given.copy()
    read_only.flags.writeable = False
    turned = np.ascontiguousarray(given[..., ::-1])[..., ::-1]
    for same in (given.astype(np.float64), read_only, turned, given.tolist()):
        assert np.array_equal(executable(same), expected)


@pytest.mark.parametrize("shape", [(3, 16, 16), (1, 3, 16, 15), (0, 3, 16, 16), ()])
def test_images_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    executable = network("grid").compile(engine="torch")
    with pytest.raises(ValueError, match="expected N x 3 x 16 x 16"):
        executable(np.zeros(shape, np.float32))


def test_a_closed_executable_says_so() -> None:
    net = network("vector")
    with net.compile(engine="torch") as executable:
        executable(images(net))
    for use in (lambda: executable(images(net)), executable.benchmark):
        with pytest.raises(EngineError, match="was closed"):
            use()
    assert "closed" in repr(executable)


def test_a_benchmark_has_a_time_for_every_round() -> None:
    timing = network("grid").compile(engine="torch").benchmark(rounds=5)
    assert len(timing.rounds_ms) == 5
    low, high = timing.spread_ms
    assert 0 < low <= timing.median_ms <= high


def test_an_executable_knows_what_it_needs() -> None:
    net = network("grid")
    memory = net.compile(engine="torch", batch=2).memory
    # conv 8x3x3x3 with its norm folded into a bias, conv 8x8x1x1, linear 5x8, and their biases
    assert memory.weights_bytes == 4 * (216 + 8 + 64 + 8 + 40 + 5)
    # the most at once: the convolution's result, and its operand or the pool's result
    assert memory.activation_bytes == 2 * 4 * (8 * 16 * 16 + 3 * 16 * 16)
    half = net.compile(engine="torch", batch=2, dtype="bfloat16").memory
    assert (2 * half.weights_bytes, 2 * half.activation_bytes) == (
        memory.weights_bytes,
        memory.activation_bytes,
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"engine": "tensorrt"}, "no engine `tensorrt` for cpu: auto, torch"),
        ({"device": "tpu"}, "no device `tpu`"),
        ({"dtype": "float8"}, "no dtype `float8`: float32, bfloat16, float16"),
        ({"batch": 0}, "a batch of 0 images"),
        ({"threads": 0}, "0 threads"),
        ({"weights": False}, "needs weights"),
    ],
)
def test_what_there_is_not_is_refused(options: dict[str, object], told: str) -> None:
    with pytest.raises(EngineError, match=told):
        network("vector").compile(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ["onnxruntime", "openvino"])
def test_an_engine_that_is_not_installed_says_how_to_get_it(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = f"inception_dsl.engines.{engine}_cpu.find_spec"
    monkeypatch.setattr(module, lambda name: None)
    with pytest.raises(EngineError, match=r"not installed: pip install \"inception-dsl\["):
        network("vector").compile(engine=engine)


def test_a_wrong_engine_is_refused_with_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong(monkeypatch, "torch", 1.01)
    executable = network("grid").compile(engine="torch")
    with pytest.raises(EngineError, match=r"wrong in float32: relative L2 1\.0e-02, at most 1e-04"):
        executable(images(network("grid")))


def test_weights_that_are_no_numbers_are_named_as_the_cause() -> None:
    net = network("grid")
    weights = {k: v.numpy().copy() for k, v in net.to_torch(aux=False).state_dict().items()}
    weights["linear.weight"][0, 0] = np.nan
    with pytest.raises(EngineError, match="`small` itself gives numbers that are not finite"):
        net.compile(weights, engine="torch").verify()


def test_without_fused_operators_the_plain_ones_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_cpu, "fused_operators", lambda: False)
    net = network("grid")
    executable = net.compile(engine="torch", batch=2)
    assert "without oneDNN's fused operators" in executable.reason
    assert relative(executable(images(net)), plainly(net, images(net))) < 1e-5


def test_a_call_leaves_the_threads_of_the_process_alone() -> None:
    before = torch.get_num_threads()
    net = network("grid")
    net.compile(engine="torch", threads=before + 1)(images(net))
    assert torch.get_num_threads() == before


def wrong(monkeypatch: pytest.MonkeyPatch, engine: str, factor: float) -> None:
    """Let an engine multiply its results by a number."""
    right = ENGINES["cpu", engine]

    def build(job: Job) -> Runner:
        run = right.build(job)
        return lambda given: factor * run(given)

    broken = {**ENGINES, ("cpu", engine): replace(right, build=build)}
    monkeypatch.setattr(compiling, "ENGINES", broken)


@pytest.fixture
def timer(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """The times that the engines seem to take, in milliseconds, in place of a clock."""
    times = {"torch": 2.0, "onnxruntime": 3.0, "openvino": 4.0}

    def interleaved(variants: dict[str, object], rounds: int) -> dict[str, Timing]:

        return {name: Timing((times[name],) * rounds) for name in variants}

    monkeypatch.setattr(auto, "interleaved", interleaved)
    return times


class TestAuto:
    def test_it_takes_the_fastest_and_says_why(self, timer: dict[str, float]) -> None:
        executable = network("grid").compile()
        assert executable.engine == "torch"
        assert "fastest here at batch 1: torch 2.0 ms" in executable.reason
        assert executable.agreement is not None

    @needs["onnxruntime"]
    def test_it_remembers_until_something_changes(
        self, timer: dict[str, float], memory_of_choices: Path
    ) -> None:
        assert network("grid").compile().engine == "torch"
        timer.update(torch=9.0, openvino=9.0)
        again = network("grid").compile()
        assert again.engine == "torch"
        assert str(memory_of_choices) in again.reason
        assert network("grid").compile(batch=2).engine == "onnxruntime"
        assert len(json.loads(memory_of_choices.read_text())) == 2

    @needs["onnxruntime"]
    def test_a_wrong_engine_is_no_choice_however_fast(
        self, timer: dict[str, float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wrong(monkeypatch, "torch", 0.9)
        timer.update(torch=0.1, openvino=9.0)
        executable = network("grid").compile()
        assert executable.engine == "onnxruntime"
        assert "torch computes `small` wrong in float32: relative L2 1.0e-01" in executable.reason

    @pytest.mark.parametrize("text", ["", "[1]", '{"key": 1}', "\x00"])
    def test_a_broken_memory_is_no_memory(
        self, text: str, timer: dict[str, float], memory_of_choices: Path
    ) -> None:
        memory_of_choices.parent.mkdir(parents=True)
        memory_of_choices.write_text(text)
        assert isinstance(network("vector").compile(), Executable)


def test_a_dilation_on_a_grid_of_one_cell_is_computed() -> None:
    """Packed by oneDNN it ends the process."""
    text = """network dilated {
        input x: 4x1x1
        conv2d(12, 1, stride=1x3, padding=0x2, dilation=2)
    }"""
    with idsl.load(text).compile(engine="torch", batch=2) as run:
        assert run(torch.randn(2, 4, 1, 1)).shape == (2, 12, 1, 2)

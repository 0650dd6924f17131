"""An executable of a network: the engine asked for, or the fastest here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from inception_dsl.engines import (
    onnxruntime_cpu,
    onnxruntime_cuda,
    openvino_cpu,
    torch_cpu,
    torch_cuda,
)
from inception_dsl.engines.executable import Choice, Executable
from inception_dsl.engines.runner import DTYPES, Dtype, EngineError, Job, Runner
from inception_dsl.ir.graph import CheckedGraph

if TYPE_CHECKING:
    from inception_dsl.weights import Weights

__all__ = ["ENGINES", "Engine", "compile_network", "engine_names"]


@dataclass(frozen=True)
class Engine:
    """How to build a job on a device, and why it may not be possible (empty if it is).

    `remark` is what someone who wonders about its speed should know; empty if there is nothing.
    """

    build: Callable[[Job], Runner]
    unavailable: Callable[[Job], str]
    remark: Callable[[], str] = str


ENGINES: Final[Mapping[tuple[str, str], Engine]] = {
    ("cpu", "torch"): Engine(torch_cpu.build, torch_cpu.unavailable, torch_cpu.remark),
    ("cpu", "onnxruntime"): Engine(onnxruntime_cpu.build, onnxruntime_cpu.unavailable),
    ("cpu", "openvino"): Engine(openvino_cpu.build, openvino_cpu.unavailable),
    ("cuda", "torch"): Engine(torch_cuda.build, torch_cuda.unavailable),
    ("cuda", "onnxruntime"): Engine(onnxruntime_cuda.build, onnxruntime_cuda.unavailable),
    ("cuda", "tensorrt"): Engine(
        onnxruntime_cuda.build_tensorrt, onnxruntime_cuda.unavailable_tensorrt
    ),
}


def engine_names(device: str) -> tuple[str, ...]:
    """The engines there are for a device, installed or not."""
    return tuple(name for where, name in ENGINES if where == device)


def compile_network(
    checked: CheckedGraph,
    weights: Weights = None,
    *,
    device: str = "cpu",
    dtype: Dtype = "float32",
    batch: int = 1,
    engine: str = "auto",
    threads: int | None = None,
) -> Executable:
    """The network on an engine; `auto` is the one that is fastest on this machine at this batch.

    `weights` as in `to_torch`; `threads` are as many as PyTorch works on, if not said.

    Raises: EngineError if the engine, device or type is not here; WeightsError if the weights do
            not fit.
    """
    import torch

    from inception_dsl.weights import network_weights

    if dtype not in DTYPES:
        raise EngineError(f"no dtype `{dtype}`: {', '.join(DTYPES)}")
    if batch < 1:
        raise EngineError(f"a batch of {batch} images")
    if threads is not None and threads < 1:
        raise EngineError(f"{threads} threads")
    if weights is False:
        raise EngineError("an executable needs weights")
    names = engine_names(device)
    if not names:
        devices = dict.fromkeys(where for where, _ in ENGINES)
        raise EngineError(f"no device `{device}`: {', '.join(devices)}")
    if engine not in (*names, "auto"):
        raise EngineError(f"no engine `{engine}` for {device}: auto, {', '.join(names)}")
    arrays = network_weights(checked, weights, aux=False)
    job = Job(checked, arrays, dtype, batch, threads or torch.get_num_threads())
    if engine == "auto":
        from inception_dsl.engines.auto import choose

        choice = choose(job, device, {name: ENGINES[device, name] for name in names})
    else:
        choice = Choice(engine, "asked for")
    found = ENGINES[device, choice.engine]
    if why := found.unavailable(job):
        name = checked.graph.name
        raise EngineError(f"{choice.engine} cannot run `{name}` in {dtype} here: {why}")
    if remark := found.remark():
        choice = replace(choice, reason=f"{choice.reason}; {remark}")
    return Executable(job, found.build, device, choice)

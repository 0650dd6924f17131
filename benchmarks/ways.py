"""The ways to run a network by name: a library's module in many forms, and our engines."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FunctionType
from typing import Any

import torch
from torch import nn

import inception_dsl as idsl
from benchmarks.plan import BASE, EAGER, LIBRARIES, dtype_of
from inception_dsl.engines.compile import ENGINES
from inception_dsl.engines.machine import machine
from inception_dsl.engines.runner import Job, Runner
from inception_dsl.weights import network_weights

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from peers import build

__all__ = ["Subject", "Unavailable", "compile_into", "library_module"]


class Unavailable(Exception):
    """A way that is not possible on this machine; the message says why."""


def library_module(name: str) -> nn.Module:
    """The library's module for one of our specs, with random weights that are always the same."""
    torch.manual_seed(0)
    module = build(LIBRARIES[name]).eval()
    # Statistics as after training: with those of a fresh module batch norm does nothing.
    generator = torch.Generator().manual_seed(1)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.1, generator=generator)
            part.running_var.uniform_(0.5, 1.5, generator=generator)
    return module


@dataclass
class Subject:
    """A network, a batch of images and the same weights on both sides.

    Where it `keeps` the module, each way works on a copy; else the first takes it.
    """

    name: str
    batch: int
    keeps: bool = True

    def __post_init__(self) -> None:
        self.network = idsl.load(self.name)
        self.module = library_module(self.name)
        generator = torch.Generator().manual_seed(0)
        self.images = torch.randn(self.batch, *self.network.input, generator=generator)
        self.threads = machine().cores
        torch.set_num_threads(self.threads)

    def prepare(self, way: str) -> Runner:
        """The function of a batch of images that a way makes.

        Raises: Unavailable if this machine cannot; whatever a library raises where it fails.
        """
        kind, _, rest = way.removesuffix(", bfloat16").partition(", ")
        if kind == "ours":
            return self._ours(rest, dtype_of(way))
        if kind == "exported":
            return {"OpenVINO": self._openvino, "ONNX Runtime": self._onnxruntime}[rest](way)
        if kind == "torch.compile":
            return self._compiled(rest)
        assert way.startswith((EAGER, BASE)), way
        dtype = getattr(torch, dtype_of(way))
        return _runner(self._module(last=rest == "channels last").to(dtype), dtype, last=bool(rest))

    def _module(self, *, last: bool) -> nn.Module:
        module = deepcopy(self.module) if self.keeps else self.module
        return module.to(memory_format=torch.channels_last) if last else module

    def _compiled(self, mode: str) -> Runner:
        """`torch.compile` of a function of our own making: compiled code is kept by code object,
        so that two models of one class would share what was compiled first.
        """
        module = self._module(last=True)

        def call(images: torch.Tensor) -> Any:
            return module(images)

        code = call.__code__.replace(co_name=f"call_{mode or 'default'}".replace("-", "_"))
        apart = FunctionType(code, globals(), code.co_name, None, call.__closure__)
        options = {"mode": mode} if mode not in ("", "frozen") else {}
        compiled = torch.compile(apart, dynamic=False, fullgraph=True, **options)
        run = _runner(compiled, torch.float32, last=True)
        # Freezing by the global flag: as an option of torch.compile it has no effect.
        torch._inductor.config.freezing = mode == "frozen"
        try:
            run(self.images)
        finally:
            torch._inductor.config.freezing = False
        return run

    @cached_property
    def _folder(self) -> TemporaryDirectory[str]:
        return TemporaryDirectory()

    @cached_property
    def _exported(self) -> Path:
        path = Path(self._folder.name, "model.onnx")
        torch.onnx.export(self._module(last=False), (self.images,), path, verbose=False)
        return path

    def _onnxruntime(self, _: str) -> Runner:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.log_severity_level = 3
        cpu = ["CPUExecutionProvider"]
        session = onnxruntime.InferenceSession(self._exported, options, providers=cpu)
        (feed,) = (each.name for each in session.get_inputs())
        return lambda images: torch.from_numpy(session.run(None, {feed: images.numpy()})[0])

    def _openvino(self, way: str) -> Runner:
        import openvino

        dtype = dtype_of(way)
        core = openvino.Core()
        if dtype != "float32" and "BF16" not in core.get_property(
            "CPU", "OPTIMIZATION_CAPABILITIES"
        ):
            raise Unavailable(f"this processor has no {dtype}")
        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": {"float32": "f32", "bfloat16": "bf16"}[dtype],
            "INFERENCE_NUM_THREADS": self.threads,
            "NUM_STREAMS": 1,
        }
        request = core.compile_model(self._exported, "CPU", settings).create_infer_request()

        def run(images: torch.Tensor) -> torch.Tensor:
            found = request.infer({0: images.numpy()}, share_inputs=True, share_outputs=False)
            return torch.from_numpy(found[0])

        return run

    def _ours(self, engine: str, dtype: Any) -> Runner:
        arrays = network_weights(self.network.graph, self.module.state_dict(), aux=False)
        job = Job(self.network.graph, arrays, dtype, self.batch, self.threads)
        found = ENGINES["cpu", engine]
        if why := found.unavailable(job):
            raise Unavailable(why)
        return found.build(job)


def _runner(call: Callable[[torch.Tensor], Any], dtype: torch.dtype, *, last: bool) -> Runner:
    form = torch.channels_last if last else torch.contiguous_format

    def run(images: torch.Tensor) -> torch.Tensor:
        with torch.inference_mode():
            found = call(images.to(dtype, memory_format=form))
            return (found if isinstance(found, torch.Tensor) else found.logits).float()

    return run


def compile_into(folder: Path, way: str) -> None:
    """Have torch.compile keep what a way compiles by itself: cold in an empty folder."""
    plain = way.replace(",", "").replace(" ", "_")  # the compiler's command has the path in it
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / plain)

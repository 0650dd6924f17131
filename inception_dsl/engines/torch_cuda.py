"""PyTorch on an NVIDIA GPU: cuDNN's fused convolutions, branches on streams, one CUDA graph."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any

from inception_dsl.engines.convolution_call import ConvolutionCall, convolution_call
from inception_dsl.engines.lanes import Lanes, lanes
from inception_dsl.engines.program import Program, write_program
from inception_dsl.engines.runner import EngineError, Job, Runner
from inception_dsl.engines.tensors import tensors
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.passes import optimize

if TYPE_CHECKING:
    import torch

__all__ = ["CudnnConvolutions", "StreamLines", "build", "unavailable"]

_WARM_CALLS, _TIMED_CALLS = 3, 10

Timer = Callable[[Callable[[], object]], float]


def unavailable(job: Job) -> str:
    """Why this machine cannot run the job this way; empty if it can."""
    import torch

    if not torch.cuda.is_available():
        return "PyTorch finds no CUDA device"
    if job.dtype == "bfloat16" and not torch.cuda.is_bf16_supported():
        return "this GPU has no bfloat16"
    return ""


def build(job: Job) -> Runner:
    """The network captured as one CUDA graph, from a static input to a static output.

    Raises: EngineError without a CUDA device.
    """
    import torch

    if reason := unavailable(job):
        raise EngineError(f"torch cannot run {job.dtype} on a GPU here: {reason}")
    dtype: torch.dtype = getattr(torch, job.dtype)
    checked = optimize(job.checked, "torch-cuda")
    program = Program(tensors(checked, job.arrays), dtype, "cuda")
    spread = lanes(checked.graph)
    stream: Any = torch.cuda.Stream
    streams = [stream() for _ in range(spread.count)]
    around = StreamLines(program, checked.graph, spread, streams, torch.cuda.Event)
    kernels = CudnnConvolutions(job.batch, _milliseconds)
    with torch.inference_mode():
        forward = write_program(checked, program, kernels, around)
        last = torch.channels_last if checked.input_map.rank == 2 else torch.contiguous_format
        static = torch.zeros(job.batch, *checked.input_map.dims, device="cuda", dtype=dtype)
        static = static.contiguous(memory_format=last)
        main = streams[spread.lane[checked.graph.input]]
        main.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(main):
            for _ in range(_WARM_CALLS):
                forward(static)
        torch.cuda.synchronize()
        captured = torch.cuda.CUDAGraph()
        with torch.cuda.graph(captured, stream=main):
            result = forward(static).float()

    def run(images: torch.Tensor) -> torch.Tensor:
        with torch.inference_mode():
            static.copy_(images)
            captured.replay()
            return result.clone()

    return run


class StreamLines:
    """Lines around an operation that put it on its lane's stream, behind what it waits for; at the
    end all is back on the stream of the input, behind the output.

    All values live until the end: memory of one stream is never given to another meanwhile.
    """

    def __init__(
        self,
        program: Program,
        graph: Graph,
        spread: Lanes,
        streams: Sequence[object],
        event: Callable[[], object],
    ) -> None:
        self._lanes = spread
        self._ends = graph.input, graph.output
        self._streams = [program.hold(stream) for stream in streams]
        self._events = {path: program.hold(event()) for path in spread.awaited}

    def before(self, path: str) -> list[str]:
        """Go to the operation's stream, and let it wait."""
        stream = self._streams[self._lanes.lane[path]]
        waits = [f"{stream}.wait_event({self._events[w]})" for w in self._lanes.waits[path]]
        return [f"torch.cuda.set_stream({stream})", *waits]

    def after(self, path: str) -> list[str]:
        """Tell those that wait for it."""
        stream = self._streams[self._lanes.lane[path]]
        return [f"{self._events[path]}.record({stream})"] if path in self._events else []

    def end(self) -> list[str]:
        """Go back to the input's stream."""
        first, last = (self._streams[self._lanes.lane[path]] for path in self._ends)
        wait = [] if last == first else [f"{first}.wait_stream({last})"]
        return [*wait, f"torch.cuda.set_stream({first})"]


class CudnnConvolutions:
    """A convolution with its addend and ReLU in one cuDNN kernel, where that is the faster way.

    cuDNN's fused kernels are slow on some shapes, so each is timed against the plain calls, once
    for all layers that are alike.
    """

    def __init__(self, batch: int, timer: Timer) -> None:
        self._batch = batch
        self._timer = timer
        self._choices: dict[Hashable, bool] = {}

    def lower(
        self, program: Program, graph: Graph, node: Node, operands: Sequence[str]
    ) -> str | None:
        """The faster call for a 2-D convolution; the plain form for all else."""
        call = convolution_call(program, graph, node, operands)
        if call is None:
            return None
        x, addend = call.x, call.addend
        weight, bias = program.hold(call.weight), program.hold(call.bias)
        geometry = f"{call.stride}, {call.padding}, {call.dilation}, {call.groups}"
        plain = f"torch.conv2d({x}, {weight}, {bias}, {geometry})"
        if addend:
            plain = f"{plain}.add_({addend})"
        if not call.fused.relu:
            return plain
        alike = (call.fused, graph.maps(node.path))
        if alike not in self._choices:
            self._choices[alike] = self._faster(program, call)
        if not self._choices[alike]:
            return f"{plain}.relu_()"
        if addend:
            return (
                f"torch.cudnn_convolution_add_relu"
                f"({x}, {weight}, {addend}, 1.0, {bias}, {geometry})"
            )
        return f"torch.cudnn_convolution_relu({x}, {weight}, {bias}, {geometry})"

    def _faster(self, program: Program, call: ConvolutionCall) -> bool:
        """Whether cuDNN's fused kernel beats the plain calls; not where it refuses the layer."""
        import torch

        x = torch.randn(self._batch, *call.dims, device=program.device, dtype=program.dtype)
        x = x.contiguous(memory_format=torch.channels_last)
        weight, bias = call.weight, call.bias
        geometry = (call.stride, call.padding, call.dilation, call.groups)
        z = torch.conv2d(x, weight, bias, *geometry) if call.addend else None

        def plain() -> object:
            found = torch.conv2d(x, weight, bias, *geometry)
            return (found if z is None else found.add_(z)).relu_()

        def in_one() -> object:
            if z is None:
                return torch.cudnn_convolution_relu(x, weight, bias, *geometry)
            return torch.cudnn_convolution_add_relu(x, weight, z, 1.0, bias, *geometry)

        try:
            return self._timer(in_one) < self._timer(plain)
        except RuntimeError:  # cuDNN has no such kernel for the layer
            return False


def _milliseconds(call: Callable[[], object]) -> float:
    """The time of a call on the GPU, the least of some."""
    import torch

    event: Any = torch.cuda.Event
    times: list[float] = []
    for _ in range(_WARM_CALLS):
        call()
    for _ in range(_TIMED_CALLS):
        start, end = (event(enable_timing=True) for _ in range(2))
        start.record()
        call()
        end.record()
        end.synchronize()
        times.append(start.elapsed_time(end))
    return min(times)

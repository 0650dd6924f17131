"""PyTorch on a CPU: oneDNN's fused convolutions on weights packed once, channels last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inception_dsl.engines.convolution_call import convolution_call
from inception_dsl.engines.program import Program, write_program
from inception_dsl.engines.runner import EngineError, Job, Runner
from inception_dsl.engines.tensors import tensors
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.passes import optimize

if TYPE_CHECKING:
    import torch

__all__ = ["build", "remark", "unavailable"]


def unavailable(job: Job) -> str:
    """Why this machine cannot run the job this way; empty if it can."""
    import torch

    if job.dtype == "bfloat16" and not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return "this processor has no bfloat16"
    if job.dtype == "float16" and not torch.ops.mkldnn._is_mkldnn_fp16_supported():
        return "this processor has no float16"
    return ""


def fused_operators() -> bool:
    """Whether this PyTorch has oneDNN's fused convolutions; they are no part of its public API."""
    import torch

    names = ("_convolution_pointwise", "_reorder_convolution_weight")
    here = all(hasattr(torch.ops.mkldnn, name) for name in names)
    return here and bool(torch._C._has_mkldnn)


def remark() -> str:
    """That this PyTorch cannot run at full speed, if so."""
    told = "without oneDNN's fused operators, which this PyTorch does not have"
    return "" if fused_operators() else told


def build(job: Job) -> Runner:
    """The network as a straight line of calls, each convolution with its addend and ReLU in one.

    Without oneDNN's fused operators the convolutions are PyTorch's plain ones, batch norm folded.

    Raises: EngineError if the processor lacks the type.
    """
    import torch

    if reason := unavailable(job):
        raise EngineError(f"torch cannot run {job.dtype} here: {reason}")
    dtype: torch.dtype = getattr(torch, job.dtype)
    fused = fused_operators()
    checked = optimize(job.checked, "torch-cpu" if fused else "torch")
    program = Program(tensors(checked, job.arrays), dtype, "cpu")
    kernels = PackedConvolutions(job.batch) if fused else PlainForms()
    forward = write_program(checked, program, kernels)
    grid = checked.input_map.rank == 2

    def run(images: torch.Tensor) -> torch.Tensor:
        with torch.inference_mode(), threads(job.threads):
            images = images.to(dtype)
            if grid:
                images = images.contiguous(memory_format=torch.channels_last)
            return forward(images).float()

    return run


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let PyTorch work on so many threads meanwhile; it knows but one number for the process."""
    import torch

    before = torch.get_num_threads()
    if before == count:
        yield
        return
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class PlainForms:
    """Every operation as it lowers itself."""

    def lower(
        self, program: Program, graph: Graph, node: Node, operands: Sequence[str]
    ) -> str | None:
        """Nothing of its own."""
        return None


class PackedConvolutions:
    """A 2-D convolution, its addend and its ReLU in one call, on weights packed for this batch."""

    def __init__(self, batch: int) -> None:
        self.batch = batch

    def lower(
        self, program: Program, graph: Graph, node: Node, operands: Sequence[str]
    ) -> str | None:
        """A fused call for 2-D convolutions; the plain form for all else."""
        import torch

        call, mkldnn = convolution_call(program, graph, node, operands), torch.ops.mkldnn
        if call is None:
            return None
        geometry = (call.padding, call.stride, call.dilation, call.groups)
        # Packed for another size, oneDNN would reorder the weights in every call.
        size = [self.batch, *call.dims]
        packed = mkldnn._reorder_convolution_weight(call.weight, *geometry, size)
        last = (
            f"{program.hold(packed)}, {program.hold(call.bias)}, {', '.join(map(repr, geometry))}"
        )
        unary = "relu" if call.fused.relu else None
        if call.addend:
            kernel = program.hold(mkldnn._convolution_pointwise.binary)
            return f"{kernel}({call.x}, {call.addend}, {last}, 'add', None, {unary!r}, [], None)"
        kernel = program.hold(mkldnn._convolution_pointwise.default)
        return f"{kernel}({call.x}, {last}, {unary or 'none'!r}, [], None)"

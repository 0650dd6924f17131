"""PyTorch on a CPU: oneDNN's fused convolutions on weights packed once, channels last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inception_dsl.engines.program import Program, write_program
from inception_dsl.engines.runner import EngineError, Job, Runner
from inception_dsl.engines.tensors import tensors
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ops._window import torch_pads
from inception_dsl.passes import optimize
from inception_dsl.passes.fused_convolution import as_fused

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

        (read, *_), mkldnn = graph.maps(node.path), torch.ops.mkldnn
        fused = as_fused(node.op, (read,))
        if fused is None:
            return None
        conv, window = fused.convolution, fused.convolution.window(read)
        x, pads, grid = operands[0], window.before, read.grid
        if not window.symmetric:
            amounts = torch_pads(window.before, window.after)
            x, pads = program.functional("F.pad", x, amounts), (0, 0)
            grid = tuple(map(sum, zip(grid, window.before, window.after, strict=True)))
        # A kernel of one cell has nothing to dilate, but oneDNN 3.12, channels last, can die of it.
        sizes = zip(window.kernel, window.dilation, strict=True)
        dilation = [step if kernel > 1 else 1 for kernel, step in sizes]
        geometry = ([*pads], [*window.stride], dilation, conv.groups)
        weight = program.tensor(f"{node.path}.weight")
        weight = weight.contiguous(memory_format=torch.channels_last)
        # Packed for another size, oneDNN would reorder the weights in every call.
        size = [self.batch, read.channels, *grid]
        packed = program.hold(mkldnn._reorder_convolution_weight(weight, *geometry, size))
        bias = program.hold(program.tensor(f"{node.path}.bias")) if conv.bias else None
        last = f"{packed}, {bias}, {', '.join(repr(part) for part in geometry)}"
        if len(operands) == 1:
            call = program.hold(mkldnn._convolution_pointwise.default)
            return f"{call}({x}, {last}, {'relu' if fused.relu else 'none'!r}, [], None)"
        call = program.hold(mkldnn._convolution_pointwise.binary)
        unary = "relu" if fused.relu else None
        return f"{call}({x}, {operands[1]}, {last}, 'add', None, {unary!r}, [], None)"

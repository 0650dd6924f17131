"""A 2-D convolution as an engine's kernel is called: geometry in numbers, weights on the device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inception_dsl.engines.program import Program
from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ops._window import torch_pads
from inception_dsl.passes.fused_convolution import FusedConvolution, as_fused

if TYPE_CHECKING:
    import torch

__all__ = ["ConvolutionCall", "convolution_call"]


@dataclass(frozen=True)
class ConvolutionCall:
    """What a kernel takes; its expressions are lines of the program.

    `x` is the operand, padded where the kernel's symmetric `padding` cannot; `dims` are the
    channels and the grid that the kernel sees then. `addend` is empty where nothing is added.
    """

    fused: FusedConvolution
    x: str
    addend: str
    weight: torch.Tensor
    bias: torch.Tensor | None
    dims: tuple[int, ...]
    padding: list[int]
    stride: list[int]
    dilation: list[int]

    @property
    def groups(self) -> int:
        """The groups of the channels."""
        return self.fused.convolution.groups


def convolution_call(
    program: Program, graph: Graph, node: Node, operands: Sequence[str]
) -> ConvolutionCall | None:
    """The call for a 2-D convolution, alone or fused; None for all else."""
    import torch

    (read, *_) = graph.maps(node.path)
    fused = as_fused(node.op, (read,))
    if fused is None:
        return None
    window = fused.convolution.window(read)
    x, padding, grid = operands[0], window.before, read.grid
    if not window.symmetric:
        x = program.functional("F.pad", x, torch_pads(window.before, window.after))
        padding = (0, 0)
        grid = tuple(map(sum, zip(grid, window.before, window.after, strict=True)))
    weight = program.tensor(f"{node.path}.weight")
    # A kernel of one cell has nothing to dilate, but oneDNN 3.12, channels last, can die of it.
    sizes = zip(window.kernel, window.dilation, strict=True)
    return ConvolutionCall(
        fused=fused,
        x=x,
        addend=operands[1] if len(operands) > 1 else "",
        weight=weight.contiguous(memory_format=torch.channels_last),
        bias=program.tensor(f"{node.path}.bias") if fused.convolution.bias else None,
        dims=(read.channels, *grid),
        padding=[*padding],
        stride=[*window.stride],
        dilation=[step if kernel > 1 else 1 for kernel, step in sizes],
    )

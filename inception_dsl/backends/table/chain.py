"""What a part of the network is made of, as papers write it: `64 | 96, 128 | 16, 32 | pool, 32`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from inception_dsl.ir.graph import Graph, Node
from inception_dsl.ir.regions import Region
from inception_dsl.ops._convolution import Convolution
from inception_dsl.ops._global_pool import GlobalPool
from inception_dsl.ops._window import show_size
from inception_dsl.ops.avg_pool import AvgPool
from inception_dsl.ops.conv_transpose2d import ConvTranspose2d
from inception_dsl.ops.depthwise_conv2d import DepthwiseConv2d
from inception_dsl.ops.linear import Linear
from inception_dsl.ops.max_pool import MaxPool

__all__ = ["Chain", "Fork", "Rounds", "Step", "chain_of", "kernels", "step_of", "written"]


@dataclass(frozen=True, slots=True)
class Step:
    """A convolution, a linear layer, or a pool, which has no `filters`."""

    kind: str
    kernel: str = ""
    stride: str = ""
    filters: int = 0

    @property
    def patch(self) -> str:
        """`7×7/2`, the patch size and stride of GoogLeNet's table; nothing for a linear layer."""
        return f"{self.kernel}/{self.stride}" if self.stride else self.kernel


@dataclass(frozen=True, slots=True)
class Fork:
    """Branches side by side, in their order, and the sign of what joins them."""

    branches: tuple[Chain, ...]
    sign: Literal["|", "+", "×"] = "|"


@dataclass(frozen=True, slots=True)
class Rounds:
    """A chain several times; unequal rounds, which no bracket can hold, have no `body`."""

    body: Chain | None
    times: int


Chain = tuple[Step | Fork | Rounds, ...]
_SIGNS: Final[dict[str, Literal["+", "×"]]] = {"add": "+", "mul": "×"}


def step_of(graph: Graph, node: Node) -> Step | None:
    """What a table says of one operation; None for what papers pass over."""
    op = node.op
    maps = graph.maps(node.path)
    if not maps:
        return None
    rank = max(maps[0].rank, 1)
    match op:
        case DepthwiseConv2d():
            kind = _dilated("depthwise convolution", op.dilation)
            return Step(kind, _size(op.kernel, rank), _stride(op.stride), node.out.channels)
        case Convolution():
            kind = _dilated("convolution", op.dilation)
            kind += f", {op.groups} groups" * (op.groups > 1)
            return Step(kind, _size(op.kernel, rank), _stride(op.stride), op.filters)
        case ConvTranspose2d():
            kind = "transposed convolution"
            return Step(kind, _size(op.kernel, rank), _stride(op.stride), op.filters)
        case Linear():
            return Step("linear", filters=op.features)
        case MaxPool() | AvgPool():
            kind = op.name.replace("_", " ")
            return Step(kind, _size(op.kernel, rank), _stride(op.stride or op.kernel))
        case GlobalPool():
            whole = "×".join(map(str, maps[0].grid))
            return Step(op.name.removeprefix("global_").replace("_", " "), whole, "1")
    return Step(op.name.replace("_", " ")) if op.kind == "pool" else None


def chain_of(graph: Graph, part: Region | str) -> Chain:
    """The weighted layers and pools of a part, in the order of the spec; shortcuts left out."""
    return tuple(_separable(tuple(_walk(graph, [part]))))


def _walk(graph: Graph, children: Sequence[Region | str]) -> Iterator[Step | Fork | Rounds]:
    waiting: list[Chain] = []  # branches, until what joins them
    for child in _unrolled(children):
        if isinstance(child, str):
            node = graph[child]
            if node.op.combines and waiting:
                yield Fork(tuple(waiting), _SIGNS.get(node.op.name, "|"))
                waiting = []
            elif step := step_of(graph, node):
                yield step
        elif child.kind == "branch":
            waiting.append(chain_of_children(graph, child))
        elif child.kind == "repeat":
            yield from _rounds([chain_of_children(graph, each) for each in _regions(child)])
        elif child.kind != "shortcut":
            yield from _walk(graph, child.children)


def _unrolled(children: Sequence[Region | str]) -> Iterator[Region | str]:
    """The children, with branches written by a `repeat` among them."""
    for child in children:
        if isinstance(child, Region) and child.kind == "repeat":
            inside = [each for turn in _regions(child) for each in turn.children]
            if any(isinstance(each, Region) and each.kind == "branch" for each in inside):
                yield from _unrolled(inside)
                continue
        yield child


def _regions(region: Region) -> list[Region]:
    return [child for child in region.children if isinstance(child, Region)]


def chain_of_children(graph: Graph, region: Region) -> Chain:
    """The chain of a branch, or of a round."""
    return tuple(_separable(tuple(_walk(graph, region.children))))


def _rounds(turns: list[Chain]) -> Iterator[Step | Fork | Rounds]:
    alike = [[_plain(step) for step in turn] for turn in turns]
    if len(turns) == 1:
        yield from turns[0]
    elif turns and all(turn == alike[0] for turn in alike):
        yield Rounds(tuple(alike[0]), len(turns))
    elif turns:
        yield Rounds(None, len(turns))


def _plain(step: Step | Fork | Rounds) -> Step | Fork | Rounds:
    """Without strides, in which the first of some rounds may differ."""
    return replace(step, stride="") if isinstance(step, Step) else step


def _separable(chain: Chain) -> Iterator[Step | Fork | Rounds]:
    """A depthwise convolution and the 1×1 behind it as one step."""
    previous: Step | Fork | Rounds | None = None
    for step in chain:
        if (
            isinstance(previous, Step)
            and isinstance(step, Step)
            and previous.kind == "depthwise convolution"
            and step.kind == "convolution"
            and set(step.kernel) == set("1×")
        ):
            step, previous = replace(previous, kind="separable", filters=step.filters), None
        if previous is not None:
            yield previous
        previous = step
    if previous is not None:
        yield previous


def written(chain: Chain, nested: bool = False) -> str | None:
    """Its filters, branches parted by bars, or by what adds or multiplies them; None where rounds
    differ. Branches within a branch (`nested`) stand in brackets.
    """
    parts = []
    for step in chain:
        match step:
            case Fork(branches, sign):
                inner = []
                for branch in branches:
                    if (inside := written(branch, nested=True)) is None:
                        return None
                    several = sign != "|" and len(branch) > 1
                    inner.append(f"({inside})" if several else inside or "input")
                bars = f" {sign} ".join(inner)
                parts.append(f"({bars})" if nested or len(chain) > 1 else bars)
            case Rounds(body, times):
                inside = written(body) if body is not None else None
                if inside is None:
                    return None
                parts.append(f"({inside}) × {times}")
            case Step():
                parts.append(_word(step))
    return ", ".join(parts)


def _word(step: Step) -> str:
    if step.kind.endswith("pool"):
        return "pool"
    words = {"depthwise convolution": "depthwise", "separable": "sep"}
    return f"{words.get(step.kind, '')} {step.filters}".lstrip()


def kernels(chain: Chain) -> str:
    """The patch sizes of a straight chain, `1×1, 3×3, 1×1`; those of branches are in figures."""
    match chain:
        case (Step() as step,):
            return step.patch
        case (Rounds(body),) if body is not None:
            return kernels(body)
    steps = [step for step in chain if isinstance(step, Step) and step.kernel]
    if len(steps) < len(chain):
        return ""
    return ", ".join(step.kernel if step.stride in ("", "1") else step.patch for step in steps)


def _dilated(kind: str, dilation: int | tuple[int, ...]) -> str:
    return kind if _stride(dilation) == "1" else f"dilated {kind}"


def _size(kernel: int | tuple[int, ...], rank: int) -> str:
    return show_size(kernel, rank).replace("x", "×")


def _stride(stride: int | tuple[int, ...]) -> str:
    steps = (stride,) if isinstance(stride, int) else tuple(stride)
    return str(steps[0]) if len(set(steps)) == 1 else "×".join(map(str, steps))

"""Windows over a grid of settings: shapes as PyTorch has them, values as a plain loop has them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from onnx import TensorProto, helper
from onnx_samples import distance, images, run
from op_samples import Floats, random_weights, run_torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

import inception_dsl as idsl
from inception_dsl.ir.op import Op, OpFault
from inception_dsl.ir.types import FeatureMap
from inception_dsl.ops import operation

AXES = {1: [(1,), (4,), (5,), (9,)], 2: [(1, 5), (4, 3), (8, 9)], 3: [(1, 2, 5), (4, 3, 6)]}


def shape_of(op: Op, x: FeatureMap) -> tuple[int, ...] | str:
    """Our answer: dims, or the code of the fault."""
    try:
        return op.infer(x).dims
    except OpFault as fault:
        return fault.code


def torch_shape(
    function: Callable[..., torch.Tensor], x: FeatureMap, *args: Any, **named: Any
) -> Any:
    """PyTorch's answer: dims, or None where it refuses."""
    try:
        return tuple(function(torch.zeros(1, *x.dims), *args, **named).shape)[1:]
    except RuntimeError:
        return None


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_convolutions_fit_where_they_fit_in_torch(rank: int) -> None:
    convolve = (F.conv1d, F.conv2d, F.conv3d)[rank - 1]
    settings = product(AXES[rank], (1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2, 3), (1, 2, 3))
    for grid, kernel, stride, padding, dilation, groups in settings:
        op = operation(f"conv{rank}d")(6, kernel, stride, padding, dilation, groups)
        for channels in (4, 6):
            x = FeatureMap(channels, grid)
            weight = torch.zeros(6, channels // groups, *(kernel,) * rank)
            theirs = torch_shape(convolve, x, weight, None, stride, padding, dilation, groups)
            ours = shape_of(op, x)
            assert (ours if isinstance(ours, tuple) else None) == theirs, (op, x, ours)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("name", ["max_pool", "avg_pool"])
def test_pools_fit_where_they_fit_in_torch(name: str, rank: int) -> None:
    pool = getattr(F, f"{name}{rank}d")
    settings = product(AXES[rank], (1, 2, 3, 4), (1, 2, 3, 5), (0, 1, 2), (False, True))
    for grid, kernel, stride, padding, ceil in settings:
        if (name, rank) == ("avg_pool", 3) and min(grid) < kernel:
            continue  # PyTorch has no such pool in 3-D; ours is an average of padded cells
        op, x = operation(name)(kernel, stride, padding, ceil=ceil), FeatureMap(2, grid)
        ours = shape_of(op, x)
        theirs = torch_shape(pool, x, kernel, stride, padding, ceil_mode=ceil)
        assert (ours if isinstance(ours, tuple) else None) == theirs, (op, x, ours)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_dilated_max_pools_have_the_shape_of_torch(rank: int) -> None:
    pool = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[rank - 1]
    settings = product(AXES[rank], (1, 2, 3), (1, 2, 3), (0, 1), (2, 3), (False, True))
    seen = 0
    for grid, kernel, stride, padding, dilation, ceil in settings:
        theirs = torch_shape(
            pool, x := FeatureMap(2, grid), kernel, stride, padding, dilation, ceil_mode=ceil
        )
        ours = shape_of(operation("max_pool")(kernel, stride, padding, dilation, ceil), x)
        if isinstance(ours, tuple) and theirs:
            assert ours == theirs
            seen += 1
        elif isinstance(ours, tuple):
            # Half of the dilated window, where PyTorch counts half of the kernel.
            assert padding > kernel // 2
        elif theirs:
            # A window that could see nothing but padding.
            assert (ours, max(theirs) > 0) == ("E0404", True)
            assert dilation > min(grid)
    assert seen > 50


@pytest.mark.parametrize("rank", [2])
def test_transposed_convolutions_fit_where_they_fit_in_torch(rank: int) -> None:
    settings = product(AXES[rank], (1, 2, 3), (1, 2, 3), (0, 1, 2), (0, 1, 2))
    for grid, kernel, stride, padding, output_padding in settings:
        x, weight = FeatureMap(2, grid), torch.zeros(2, 3, kernel, kernel)
        theirs = torch_shape(F.conv_transpose2d, x, weight, None, stride, padding, output_padding)
        op = operation("conv_transpose2d")(3, kernel, stride, padding, output_padding)
        ours = shape_of(op, x)
        assert (ours if isinstance(ours, tuple) else None) == theirs, (op, x, ours)


SAME = [  # cells, kernel, stride, dilation; TensorFlow's and ONNX's SAME has these result sizes
    (6, 3, 2, 1), (7, 3, 2, 1), (5, 2, 1, 1), (5, 4, 1, 1), (9, 2, 1, 3), (7, 2, 4, 1),
    (1, 3, 2, 1), (8, 5, 3, 2), (10, 3, 4, 1),
]  # fmt: skip


@pytest.mark.parametrize("word", ["same_upper", "same_lower"])
@pytest.mark.parametrize(("cells", "kernel", "stride", "dilation"), SAME)
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_same_upper_and_lower_are_those_of_onnx(
    word: str, cells: int, kernel: int, stride: int, dilation: int, rank: int
) -> None:
    grid = "x".join(map(str, (cells, 6, 5)[:rank]))
    call = f"conv{rank}d(3, {kernel}, {stride}, {word}, dilation={dilation}, bias=false)"
    net = idsl.load(f"network sample {{ input x: 2x{grid}  {call} }}")
    weights, x = random_weights(net), images(net.graph)
    (weight,) = weights.values()
    # ONNX Runtime has no dilation here; a kernel with zeros between its weights does the same.
    spread = np.zeros((*weight.shape[:2], *(dilation * (kernel - 1) + 1,) * rank), np.float32)
    spread[(..., *(slice(None, None, dilation),) * rank)] = weight
    truth = run_onnx_node("Conv", x, spread, auto_pad=word.upper(), strides=[stride] * rank)
    assert distance(run_torch(net.to_torch(weights), x), truth) < 1e-5


def run_onnx_node(op_type: str, *arrays: Floats, **attributes: Any) -> Floats:
    """ONNX Runtime on one hand-written node."""
    names = [f"x{i}" for i in range(len(arrays))]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, array.shape)
        for name, array in zip(names, arrays, strict=True)
    ]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    node = helper.make_node(op_type, names, ["y"], **attributes)
    graph = helper.make_graph([node], "one", inputs, [output])
    opset = [helper.make_opsetid("", 22)]
    (answer,) = run(helper.make_model(graph, opset_imports=opset, ir_version=10), *arrays)
    return answer


POOLS = [
    *((cells, 3, stride, padding, ceil) for cells, stride, padding, ceil in product(
        ("8x9", "5x4"), (1, 2, 3), ("valid", "same", "1", "0x1"), (False, True)
    )),
    *((cells, 3, stride, padding, False) for cells, stride, padding in product(
        ("8x9", "5x4"), (1, 2), ("same_upper", "same_lower", "[0, 1, 1, 0]", "[1, 0, 0, 0]")
    )),
    *((cells, 4, 3, padding, True) for cells, padding in product(("6", "9", "2x6x7"), "012")),
    ("9", 2, 1, "same_upper", False), ("9", 2, 1, "[0, 1]", False),
    ("5x6x7", 2, 2, "same_lower", False), ("5x6x7", 2, 1, "[1, 0, 0, 1, 1, 1]", False),
    ("1x6x7", 3, 1, "same", False), ("1x6x7", 3, 2, "1", True),
]  # fmt: skip


@pytest.mark.parametrize(("grid", "kernel", "stride", "padding", "ceil"), POOLS)
def test_pools_are_what_a_loop_over_their_cells_gives(
    grid: str, kernel: int, stride: int, padding: str, ceil: bool
) -> None:
    for name, counted in (("max_pool", False), ("avg_pool", False), ("avg_pool", True)):
        words = f"{kernel}, {stride}, {padding}, ceil={str(ceil).lower()}"
        words += ", count_include_pad=true" if counted else ""
        net = idsl.load(f"network sample {{ input x: 2x{grid}  {name}({words}) }}")
        x = images(net.graph)
        before, after = amounts(padding, x.shape[2:], kernel, stride)
        truth = pool_by_hand(
            x, net.graph.output_map.grid, name == "max_pool", counted, kernel, stride, before, after
        )
        assert distance(run_torch(net.to_torch(), x), truth) < 1e-6
        (answer,) = run(net.to_onnx(), x)
        assert distance(answer, truth) < 1e-6


def amounts(
    padding: str, grid: tuple[int, ...], kernel: int, stride: int
) -> tuple[list[int], list[int]]:
    """The padding before and after each axis, from the rules of the language's reference."""
    if padding.startswith("["):
        numbers = [int(number) for number in padding.strip("[]").split(",")]
        return numbers[::2], numbers[1::2]
    if padding.startswith("same_"):
        totals = [max((-(-n // stride) - 1) * stride + kernel - n, 0) for n in grid]
        small, large = [total // 2 for total in totals], [(total + 1) // 2 for total in totals]
        return (small, large) if padding == "same_upper" else (large, small)
    both = {"valid": 0, "same": (kernel - 1) // 2}.get(padding, padding)
    sides = [int(n) for n in str(both).split("x")]
    sides = sides * len(grid) if len(sides) == 1 else sides
    return sides, sides


def pool_by_hand(
    x: Floats, out: tuple[int, ...], largest: bool, counted: bool, kernel: int, stride: int,
    before: list[int], after: list[int],
) -> Floats:  # fmt: skip
    """One cell at a time."""
    result = np.empty((*x.shape[:2], *out), np.float64)
    for cell in product(*map(range, out)):
        inner, count = [slice(None), slice(None)], 1
        for axis, index in enumerate(cell):
            n = x.shape[2 + axis]
            start = index * stride - before[axis]
            inner.append(slice(max(start, 0), min(start + kernel, n)))
            count *= min(start + kernel, n + after[axis]) - start
        window = x[tuple(inner)].astype(np.float64)
        axes = tuple(range(2, x.ndim))
        if largest:
            value = window.max(axis=axes)
        else:
            value = window.sum(axis=axes) / (count if counted else np.prod(window.shape[2:]))
        result[(slice(None), slice(None), *cell)] = value
    return result.astype(np.float32)


def test_padding_lists_are_top_bottom_left_right() -> None:
    net = idsl.load("network sample { input x: 2x6x7  conv2d(3, 3x3, padding=[0, 1, 2, 3]) }")
    weights, x = random_weights(net), images(net.graph)
    left_right_top_bottom = nn.ZeroPad2d((2, 3, 0, 1))
    truth = F.conv2d(
        left_right_top_bottom(torch.from_numpy(x)), *map(torch.from_numpy, weights.values())
    )
    assert distance(run_torch(net.to_torch(weights), x), truth.numpy()) < 1e-6

"""What each operation does to a shape, and what it costs: the reference's section 4 in Python.

Written from the language's page alone, so that it can be held against the compiler.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Final

from tests.fuzz.generator.values import Misfit, Word
from tests.fuzz.generator.windows import amounts, axes, slide

__all__ = ["OPERATIONS", "REQUIRED", "Effect", "Rule"]

Shape = tuple[int, ...]
REQUIRED: Final = object()


@dataclass(frozen=True)
class Effect:
    """The result of an operation: its shape, and what it adds to the counts."""

    shape: Shape
    params: int = 0
    buffers: int = 0
    macs: int = 0


@dataclass(frozen=True)
class Rule:
    """An operation: its parameters with type and default, what it does, and what it counts as."""

    parameters: Mapping[str, tuple[str, Any]]
    effect: Callable[..., Effect]
    kind: str = ""


def _convolution(rank: int) -> Callable[..., Effect]:
    def effect(
        x: Shape, filters: int, kernel: Any, stride: Any, padding: Any, dilation: Any,
        groups: int, bias: bool,
    ) -> Effect:  # fmt: skip
        _need(len(x) == rank + 1 and filters > 0 and groups > 0)
        _need(x[0] % groups == 0 and filters % groups == 0)
        grid = slide(x[1:], kernel, stride, padding, dilation)
        weights = filters * x[0] // groups * prod(axes(kernel, rank))
        return Effect((filters, *grid), weights + bias * filters, macs=weights * prod(grid))

    return effect


def _depthwise(
    x: Shape, kernel: Any, stride: Any, padding: Any, dilation: Any, multiplier: int, bias: bool
) -> Effect:
    _need(len(x) == 3 and multiplier > 0)
    grid, filters = slide(x[1:], kernel, stride, padding, dilation), x[0] * multiplier
    weights = filters * prod(axes(kernel, 2))
    return Effect((filters, *grid), weights + bias * filters, macs=weights * prod(grid))


def _transposed(
    x: Shape, filters: int, kernel: Any, stride: Any, padding: Any, output_padding: Any, bias: bool
) -> Effect:
    _need(len(x) == 3 and filters > 0)
    sizes = (axes(each, 2) for each in (kernel, stride, padding, output_padding))
    grid = []
    for n, k, step, pad, extra in zip(x[1:], *sizes, strict=True):
        _need(k > 0 and step > extra >= 0 and pad >= 0)
        grid.append((n - 1) * step - 2 * pad + k + extra)
    _need(min(grid) > 0)
    weights = x[0] * filters * prod(axes(kernel, 2))
    return Effect((filters, *grid), weights + bias * filters, macs=weights * prod(x[1:]))


def _pool(
    x: Shape, kernel: Any, stride: Any, padding: Any, ceil: bool,
    dilation: Any = 1, count_include_pad: bool = False,
) -> Effect:  # fmt: skip
    _need(len(x) > 1)
    stride = kernel if stride is None else stride
    return Effect((x[0], *slide(x[1:], kernel, stride, padding, dilation, ceil, pool=True)))


def _global(x: Shape, keep: bool) -> Effect:
    _need(len(x) > 1)
    return Effect((x[0], *((1,) * (len(x) - 1) if keep else ())))


def _adaptive(x: Shape, size: Any) -> Effect:
    _need(len(x) > 1)
    grid = axes(size, len(x) - 1)
    _need(min(grid) > 0)
    return Effect((x[0], *grid))


def _upsample(x: Shape, factor: Any, mode: Word) -> Effect:
    _need(len(x) == 3 if mode == "bilinear" else len(x) > 1)
    factors = axes(factor, len(x) - 1)
    _need(min(factors) > 0)
    return Effect((x[0], *(n * times for n, times in zip(x[1:], factors, strict=True))))


def _pad(x: Shape, amounts_: Any, value: float) -> Effect:
    _need(len(x) > 1)
    grid = []
    for n, (before, after) in zip(x[1:], amounts(amounts_, len(x) - 1), strict=True):
        _need(n + min(before, 0) + min(after, 0) > 0)
        grid.append(n + before + after)
    return Effect((x[0], *grid))


def _batch_norm(x: Shape, eps: float, momentum: float, scale: bool, center: bool) -> Effect:
    _need(eps > 0 and 0 <= momentum <= 1)
    return Effect(x, x[0] * (scale + center), 2 * x[0])


def _layer_norm(x: Shape, eps: float) -> Effect:
    _need(eps > 0)
    return Effect(x, 2 * x[0])


def _group_norm(x: Shape, groups: int, eps: float) -> Effect:
    _need(groups > 0 and x[0] % groups == 0 and prod(x) > groups)
    return _layer_norm(x, eps)


def _lrn(x: Shape, size: int, alpha: float, beta: float, k: float) -> Effect:
    _need(len(x) == 3 and size > 0 and size % 2 == 1 and alpha >= 0 and k > 0)
    return Effect(x)


def _slice(x: Shape, start: int, stop: int) -> Effect:
    _need(0 <= start < stop <= x[0])
    return Effect((stop - start, *x[1:]))


def _shuffle(x: Shape, groups: int) -> Effect:
    _need(groups > 0 and x[0] % groups == 0)
    return Effect(x)


def _reshape(x: Shape, shape: tuple[int, ...]) -> Effect:
    _need(len(shape) <= 4 and min(shape) > 0 and prod(shape) == prod(x))
    return Effect(tuple(shape))


def _linear(x: Shape, features: int, bias: bool) -> Effect:
    _need(len(x) == 1 and features > 0)
    return Effect((features,), features * (x[0] + bias), macs=features * x[0])


def _unchanged(x: Shape, **given: Any) -> Effect:
    return Effect(x)


def _dropout(x: Shape, rate: float) -> Effect:
    _need(0 <= rate <= 1)
    return Effect(x)


def _need(holds: bool) -> None:
    if not holds:
        raise Misfit


_FILTERS = {"filters": ("int", REQUIRED)}
_KERNEL = {"kernel": ("size", REQUIRED)}
_STEPS = {"stride": ("size", 1), "padding": ("padding", Word("valid")), "dilation": ("size", 1)}
_BIAS = {"bias": ("bool", True)}
_EPS = {"eps": ("float", 1e-5)}
_CONVOLUTION = {**_FILTERS, **_KERNEL, **_STEPS, "groups": ("int", 1), **_BIAS}
_POOL = {**_KERNEL, "stride": ("size", None), "padding": ("padding", Word("valid"))}

OPERATIONS: Final[Mapping[str, Rule]] = {
    "conv1d": Rule(_CONVOLUTION, _convolution(1), "conv"),
    "conv2d": Rule(_CONVOLUTION, _convolution(2), "conv"),
    "conv3d": Rule(_CONVOLUTION, _convolution(3), "conv"),
    "depthwise_conv2d": Rule(
        {**_KERNEL, **_STEPS, "multiplier": ("int", 1), **_BIAS}, _depthwise, "conv"
    ),
    "conv_transpose2d": Rule(
        {
            **_FILTERS, **_KERNEL, "stride": ("size", 1), "padding": ("size", 0),
            "output_padding": ("size", 0), **_BIAS,
        },
        _transposed,
        "conv",
    ),
    "max_pool": Rule({**_POOL, "dilation": ("size", 1), "ceil": ("bool", False)}, _pool, "pool"),
    "avg_pool": Rule(
        {**_POOL, "ceil": ("bool", False), "count_include_pad": ("bool", False)}, _pool, "pool"
    ),
    "global_avg_pool": Rule({"keep": ("bool", False)}, _global, "pool"),
    "global_max_pool": Rule({"keep": ("bool", False)}, _global, "pool"),
    "adaptive_avg_pool": Rule({"size": ("size", REQUIRED)}, _adaptive, "pool"),
    "upsample": Rule(
        {"factor": ("size", REQUIRED), "mode": ("word", Word("nearest"))}, _upsample
    ),
    "pad": Rule(
        {"amounts": ("padding", REQUIRED), "value": ("float", 0)},
        lambda x, amounts, value: _pad(x, amounts, value),
    ),
    "batch_norm": Rule(
        {**_EPS, "momentum": ("float", 0.1), "scale": ("bool", True), "center": ("bool", True)},
        _batch_norm,
    ),
    "layer_norm": Rule(_EPS, _layer_norm),
    "group_norm": Rule({"groups": ("int", REQUIRED), **_EPS}, _group_norm),
    "lrn": Rule(
        {
            "size": ("int", REQUIRED), "alpha": ("float", 1e-4), "beta": ("float", 0.75),
            "k": ("float", 1),
        },
        _lrn,
    ),
    "l2_normalize": Rule({"eps": ("float", 1e-10)}, _unchanged),
    "relu": Rule({}, _unchanged),
    "relu6": Rule({}, _unchanged),
    "leaky_relu": Rule({"slope": ("float", 0.01)}, _unchanged),
    "sigmoid": Rule({}, _unchanged),
    "hard_sigmoid": Rule({}, _unchanged),
    "silu": Rule({}, _unchanged),
    "hard_swish": Rule({}, _unchanged),
    "gelu": Rule({}, _unchanged),
    "tanh": Rule({}, _unchanged),
    "softmax": Rule({}, _unchanged),
    "identity": Rule({}, _unchanged),
    "dropout": Rule({"rate": ("float", REQUIRED)}, _dropout),
    "scale": Rule({"factor": ("float", REQUIRED)}, _unchanged),
    "slice": Rule({"start": ("int", REQUIRED), "stop": ("int", REQUIRED)}, _slice),
    "channel_shuffle": Rule({"groups": ("int", REQUIRED)}, _shuffle),
    "flatten": Rule({}, lambda x: Effect((prod(x),))),
    "reshape": Rule({"shape": ("shape", REQUIRED)}, _reshape),
    "linear": Rule({"features": ("int", REQUIRED), **_BIAS}, _linear, "linear"),
}  # fmt: skip

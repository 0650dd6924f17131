"""Random arguments for every operation, such that it takes an input of a given shape."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

from tests.fuzz.generator.operations import OPERATIONS, REQUIRED, Effect
from tests.fuzz.generator.values import Misfit, Size, Word

__all__ = ["Given", "effect_of", "random_arguments", "window_onto"]

Shape = tuple[int, ...]
Given = dict[str, Any]

_WORDS: Final = tuple(map(Word, ("valid", "same", "same_upper", "same_lower")))
_EPS: Final = (1e-3, 1e-4, 0.01, 0.5)


def effect_of(name: str, given: Given, x: Shape) -> Effect:
    """What the operation does to a shape.

    Raises: Misfit.
    """
    rule = OPERATIONS[name]
    full = {key: given.get(key, default) for key, (_, default) in rule.parameters.items()}
    if REQUIRED in full.values():
        raise Misfit
    return rule.effect(x, **full)


def random_arguments(rng: Random, name: str, x: Shape) -> Given | None:
    """Arguments for the operation, or None where it does not take such an input."""
    for _ in range(12):
        given = _MAKERS.get(name, _none)(rng, x)
        try:
            effect_of(name, given, x)
            return given
        except Misfit:
            continue
    return None


def window_onto(rng: Random, name: str, x: Shape, grid: Shape) -> Given | None:
    """Arguments under which a convolution or pool turns `x` into that grid, if some are found."""
    for _ in range(25):
        given = random_arguments(rng, name, x)
        if given and effect_of(name, given, x).shape[1:] == grid:
            return given
    return None


def _none(rng: Random, x: Shape) -> Given:
    return {}


def _size(rng: Random, rank: int, low: int, high: int) -> int | tuple[int, ...]:
    """An int, a size or a list of ints; never a size in 1-D, where none can be written."""
    numbers = [rng.randint(low, high) for _ in range(rank)]
    shape = rng.random()
    if shape < 0.5:
        return numbers[0]
    return Size(numbers) if shape < 0.9 and rank > 1 else tuple(numbers)


def _padding(rng: Random, rank: int, high: int) -> Any:
    if rng.random() < 0.6:
        return rng.choice(_WORDS)
    if rng.random() < 0.4:
        return tuple(rng.randint(0, high) for _ in range(2 * rank))
    found = _size(rng, rank, 0, high)
    return found if isinstance(found, int | Size) else found[0]


def _some(rng: Random, **optional: Callable[[], Any]) -> Given:
    """Some of the optional arguments."""
    return {name: make() for name, make in optional.items() if rng.random() < 0.45}


def _flag(rng: Random) -> Callable[[], bool]:
    return lambda: rng.random() < 0.5


def _divisor(rng: Random, n: int, *also: int) -> int:
    """A number that divides all of these; 1 only now and then, where there is another."""
    found = [d for d in range(1, n + 1) if not any(m % d for m in (n, *also))]
    return rng.choice(found[1:] if len(found) > 1 and rng.random() < 0.8 else found)


def _steps(rng: Random, rank: int) -> Given:
    return _some(
        rng,
        stride=lambda: _size(rng, rank, 1, 3),
        padding=lambda: _padding(rng, rank, 3),
        dilation=lambda: _size(rng, rank, 1, 2),
    )


def _convolution(rng: Random, x: Shape) -> Given:
    rank = len(x) - 1
    if not rank:
        return {}
    filters = rng.choice((1, 2, 3, 4, 6, 8, 12, x[0], 2 * x[0]))
    given = {"filters": filters, "kernel": _size(rng, rank, 1, 5), **_steps(rng, rank)}
    groups = _some(rng, groups=lambda: _divisor(rng, x[0], filters))
    return {**given, **groups, **_some(rng, bias=_flag(rng))}


def _depthwise(rng: Random, x: Shape) -> Given:
    extra = _some(rng, multiplier=lambda: rng.randint(1, 3), bias=_flag(rng))
    return {"kernel": _size(rng, 2, 1, 5), **_steps(rng, 2), **extra}


def _transposed(rng: Random, x: Shape) -> Given:
    return {
        "filters": rng.randint(1, 8),
        "kernel": _size(rng, 2, 1, 4),
        **_some(
            rng,
            stride=lambda: _size(rng, 2, 1, 3),
            padding=lambda: _size(rng, 2, 0, 2),
            output_padding=lambda: _size(rng, 2, 0, 1),
            bias=_flag(rng),
        ),
    }


def _pool(rng: Random, x: Shape) -> Given:
    rank = len(x) - 1
    if not rank:
        return {}
    return {
        "kernel": _size(rng, rank, 1, 4),
        **_some(
            rng,
            stride=lambda: _size(rng, rank, 1, 3),
            padding=lambda: _padding(rng, rank, 2),
            ceil=_flag(rng),
        ),
    }


def _max_pool(rng: Random, x: Shape) -> Given:
    return {**_pool(rng, x), **_some(rng, dilation=lambda: _size(rng, len(x) - 1 or 1, 1, 2))}


def _avg_pool(rng: Random, x: Shape) -> Given:
    return {**_pool(rng, x), **_some(rng, count_include_pad=_flag(rng))}


def _keep(rng: Random, x: Shape) -> Given:
    return _some(rng, keep=_flag(rng))


def _adaptive(rng: Random, x: Shape) -> Given:
    return {"size": _size(rng, len(x) - 1 or 1, 1, 6)}


def _upsample(rng: Random, x: Shape) -> Given:
    modes = tuple(map(Word, ("nearest", "bilinear")))
    return {
        "factor": _size(rng, len(x) - 1 or 1, 1, 3),
        **_some(rng, mode=lambda: rng.choice(modes)),
    }


def _pad(rng: Random, x: Shape) -> Given:
    rank = len(x) - 1 or 1
    amounts = _size(rng, rank, 0, 2) if rng.random() < 0.5 else rng.randint(-1, 2)
    if isinstance(amounts, tuple) and not isinstance(amounts, Size):
        amounts = tuple(rng.randint(-1, 2) for _ in range(2 * rank))
    return {"amounts": amounts, **_some(rng, value=lambda: rng.choice((0.5, -1, 2.0, 0)))}


def _eps(rng: Random, x: Shape) -> Given:
    return _some(rng, eps=lambda: rng.choice(_EPS))


def _batch_norm(rng: Random, x: Shape) -> Given:
    momentum = _some(rng, momentum=lambda: rng.choice((0.01, 0.5, 0.9)))
    return {**_eps(rng, x), **momentum, **_some(rng, scale=_flag(rng), center=_flag(rng))}


def _lrn(rng: Random, x: Shape) -> Given:
    return {
        "size": rng.choice((1, 3, 5)),
        **_some(
            rng,
            alpha=lambda: rng.choice((1e-3, 0.1, 0.5)),
            beta=lambda: rng.choice((0.5, 1.0)),
            k=lambda: rng.choice((2.0, 1.5)),
        ),
    }


def _slice(rng: Random, x: Shape) -> Given:
    start = rng.randrange(x[0])
    return {"start": start, "stop": rng.randint(start + 1, x[0])}


def _groups(rng: Random, x: Shape) -> Given:
    return {"groups": _divisor(rng, x[0])}


def _reshape(rng: Random, x: Shape) -> Given:
    rest = 1
    for n in x:
        rest *= n
    shape: list[int] = []
    for _ in range(rng.randint(0, 3)):
        shape.append(_divisor(rng, rest))
        rest //= shape[-1]
    shape.append(rest)
    rng.shuffle(shape)
    return {"shape": tuple(shape)}


_MAKERS: Final[dict[str, Callable[[Random, Shape], Given]]] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d"), _convolution),
    "depthwise_conv2d": _depthwise,
    "conv_transpose2d": _transposed,
    "max_pool": _max_pool,
    "avg_pool": _avg_pool,
    "global_avg_pool": _keep,
    "global_max_pool": _keep,
    "adaptive_avg_pool": _adaptive,
    "upsample": _upsample,
    "pad": _pad,
    "batch_norm": _batch_norm,
    "layer_norm": _eps,
    "group_norm": lambda rng, x: {**_groups(rng, x), **_eps(rng, x)},
    "lrn": _lrn,
    "l2_normalize": _eps,
    "leaky_relu": lambda rng, x: _some(rng, slope=lambda: rng.choice((0.1, 0.2, 0.5))),
    "dropout": lambda rng, x: {"rate": rng.choice((0.1, 0.25, 0.5, 0))},
    "scale": lambda rng, x: {"factor": rng.choice((0.5, 2, -1.5, 0.17))},
    "slice": _slice,
    "channel_shuffle": _groups,
    "reshape": _reshape,
    "linear": lambda rng, x: {"features": rng.randint(1, 16), **_some(rng, bias=_flag(rng))},
}

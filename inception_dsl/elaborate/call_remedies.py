"""What may help where an operation refuses an argument or its input: other arguments."""

from __future__ import annotations

from math import gcd, prod

from inception_dsl.elaborate.amend import set_argument
from inception_dsl.elaborate.build import Use
from inception_dsl.elaborate.trial import Remedy, edited
from inception_dsl.ir.op import OpFault
from inception_dsl.ir.types import Dims, FeatureMap

__all__ = ["call_remedies"]


def call_remedies(fault: OpFault, argument: str, use: Use, written: Use) -> list[Remedy]:
    """What may help, best first; each is tried before it is offered."""
    map = use.operands[0].map
    if map is None or len(written.operands) != 1:
        return []
    match fault.code:
        case "E0401":
            return _other_rank(use, map) if use is written else []
        case "E0404":
            return _smaller_window(argument, use, written, map)
        case "E0405":
            return _divisor(argument, use, written, map)
        case "E0406":
            return _same_size(argument, use, written, map)
        case "E0408":
            return _whole_padding(argument, use, written)
        case "E0409":
            last = [_set(written, argument, str(map.channels))]
            return [r for r in last if argument in written.spans]
    return []


def _set(use: Use, name: str, text: str) -> Remedy:
    return Remedy(f"use `{name}={text}`", (set_argument(use.call, use.spans, name, text),))


def _takes(use: Use, name: str) -> bool:
    return any(spec.name == name for spec in use.value.parameters)


def _value(use: Use, name: str) -> object:
    bound = use.value.bound.get(name)
    return bound.value if bound else None


def _other_rank(use: Use, map: FeatureMap) -> list[Remedy]:
    """`conv1d` for `conv2d` on one axis, with windows of as many axes."""
    name = use.value.name
    if name not in ("conv1d", "conv2d", "conv3d") or not map.rank:
        return []
    fitting = f"conv{map.rank}d"
    edits = [set_argument(use.call, {"name": use.call.name.span}, "name", fitting)]
    for key, span in use.spans.items():
        value = _value(use, key)
        if isinstance(value, Dims) and len(set(value)) == 1:
            edits.append(set_argument(use.call, {key: span}, key, str(value[0])))
    text = edited(use.call.span, edits)
    return [Remedy(f"on a {map.rank}-D grid use `{text}`", tuple(edits))]


def _smaller_window(argument: str, use: Use, written: Use, map: FeatureMap) -> list[Remedy]:
    found = []
    if _takes(written, "padding") and _value(written, "padding") != "same":
        found.append(_set(written, "padding", "same"))
    kernel = _value(use, "kernel")
    if argument in written.spans and isinstance(kernel, int | Dims):
        extents = kernel if isinstance(kernel, Dims) else (kernel,) * map.rank
        if len(extents) == map.rank:
            fitting = Dims(min(pair) for pair in zip(extents, map.grid, strict=True))
            words = f"use a kernel of at most {fitting}"
            found.append(Remedy(words, _set(written, argument, repr(fitting)).edits))
    return found


def _divisor(argument: str, use: Use, written: Use, map: FeatureMap) -> list[Remedy]:
    groups, filters = _value(use, "groups"), _value(use, "filters")
    if argument not in written.spans or not isinstance(groups, int):
        return []
    common = gcd(map.channels, filters) if isinstance(filters, int) else map.channels
    divisors = [n for n in range(min(groups, common), 0, -1) if common % n == 0][:1]
    return [_set(written, argument, str(n)) for n in divisors]


def _same_size(argument: str, use: Use, written: Use, map: FeatureMap) -> list[Remedy]:
    shape = _value(use, "shape")
    if argument not in written.spans or not isinstance(shape, tuple):
        return []
    cells = prod(shape[1:])
    whole = [map.size // cells, *shape[1:]] if map.size % cells == 0 else [map.size]
    return [_set(written, argument, str(whole))]


def _whole_padding(argument: str, use: Use, written: Use) -> list[Remedy]:
    found = []
    kernel = _value(use, "kernel")
    if _takes(written, "padding"):
        upper = _set(written, "padding", "same_upper")
        words = f"{upper.words}, TensorFlow's rule"
        found.append(Remedy(words, upper.edits))
    if argument in written.spans and isinstance(kernel, int | Dims):
        odd = Dims(n + (n + 1) % 2 for n in ((kernel,) if isinstance(kernel, int) else kernel))
        text = repr(odd) if isinstance(kernel, Dims) else str(odd[0])
        edits = _set(written, argument, text).edits
        found.append(Remedy(f"use an odd kernel such as `{text}`", edits))
    return found

"""What is said of a name that means nothing where it stands, with the nearest that would."""

from __future__ import annotations

from collections.abc import Iterable

from inception_dsl.diagnostics import Diagnostic, Edit
from inception_dsl.diagnostics.suggest import correction
from inception_dsl.elaborate.arithmetic import FUNCTIONS
from inception_dsl.elaborate.values import WORDS
from inception_dsl.ops import operation_names
from inception_dsl.source import Span

__all__ = [
    "ATTRIBUTES",
    "tensor_as_value",
    "unknown_attribute",
    "unknown_operation",
    "unknown_tensor",
    "unknown_value",
]

ATTRIBUTES = ("channels", "height", "width", "depth", "length")
"""What a tensor may be asked for, by whatever rank it has."""

# What other libraries and the papers call our operations, where the names are not near.
_ELSEWHERE = {
    "conv": "conv2d",
    "convolution": "conv2d",
    "conv2dtranspose": "conv_transpose2d",
    "deconv": "conv_transpose2d",
    "depthwise": "depthwise_conv2d",
    "dwconv": "depthwise_conv2d",
    "pool": "max_pool",
    "gap": "global_avg_pool",
    "dense": "linear",
    "fc": "linear",
    "fullyconnected": "linear",
    "innerproduct": "linear",
    "bn": "batch_norm",
    "ln": "layer_norm",
    "gn": "group_norm",
    "localresponsenorm": "lrn",
    "swish": "silu",
    "lrelu": "leaky_relu",
    "zeropadding2d": "pad",
    "interpolate": "upsample",
    "view": "reshape",
}


def unknown_operation(
    name: str, span: Span, values: Iterable[str], defined: Iterable[str]
) -> Diagnostic:
    """A call of what is no operation, no definition and no function."""
    known = [*values, *FUNCTIONS, *defined, *operation_names()]
    help, fix = correction(name, span, known)
    elsewhere = _ELSEWHERE.get(name.replace("_", "").lower())
    if help is None and elsewhere:
        help, fix = f"the operation is named `{elsewhere}` here", (Edit(span, elsewhere),)
    message = f"no operation or definition is named `{name}`"
    return Diagnostic("E0201", message, span, "not known here", help=help, fix=fix)


def unknown_tensor(
    name: str, span: Span, tensors: Iterable[str], callable: bool = False
) -> Diagnostic:
    """A chain that starts with a name of no tensor; `callable` tells that an operation has it."""
    help, fix = correction(name, span, tensors)
    if callable:
        help, fix = f"to apply the operation, write `{name}(...)`", ()
    message = f"no tensor is named `{name}`"
    return Diagnostic("E0202", message, span, "not known here", help=help, fix=fix)


def unknown_value(
    name: str, span: Span, values: Iterable[str], defined: Iterable[str]
) -> Diagnostic:
    """A name without a value in an expression."""
    known = [*values, *WORDS, "true", "false", "none", *defined, *operation_names()]
    help, fix = correction(name, span, known)
    message = f"no value is named `{name}`"
    return Diagnostic("E0203", message, span, "not known here", help=help, fix=fix)


def unknown_attribute(name: str, span: Span) -> Diagnostic:
    """Something that no tensor has, whatever its shape."""
    help, fix = correction(name, span, ATTRIBUTES)
    label = "tensors have " + ", ".join(ATTRIBUTES)
    return Diagnostic("E0309", f"no tensor has a `{name}`", span, label, help=help, fix=fix)


def tensor_as_value(name: str, span: Span) -> Diagnostic:
    """A tensor in an expression."""
    help = f"its sizes are numbers, for example `{name}.channels`"
    return Diagnostic("E0203", f"`{name}` is a tensor, not a value", span, help=help)

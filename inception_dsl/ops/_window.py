"""Windows that slide over a grid: kernel, stride, dilation, padding and the grid they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from inception_dsl.ir.op import OpFault
from inception_dsl.ir.reach import Reach
from inception_dsl.ir.types import Dims, FeatureMap, show_value
from inception_dsl.ops._arguments import out_of_range, require_at_least, require_grid, spread

__all__ = [
    "Window", "check_padding", "check_pool", "pair_up", "show_size", "slide", "slide_pool",
    "torch_pads", "window_label",
]  # fmt: skip

PADDING_WORDS = ("valid", "same", "same_upper", "same_lower")
_AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A window resolved for one grid; every field has one number per axis.

    Shape: floor((n + before + after - extent) / stride) + 1 per axis; with `ceil` the quotient is
           rounded up, but no window starts behind the input and its leading padding.
    """

    kernel: Numbers
    stride: Numbers
    dilation: Numbers
    before: Numbers
    after: Numbers
    ceil: bool = False

    @property
    def extent(self) -> Numbers:
        """The cells from the first to the last that a window reads."""
        pairs = zip(self.kernel, self.dilation, strict=True)
        return tuple(dilation * (kernel - 1) + 1 for kernel, dilation in pairs)

    @property
    def symmetric(self) -> bool:
        """Whether every axis has as much padding before as after."""
        return self.before == self.after

    def grid(self, grid: Numbers) -> Numbers:
        """The grid of the windows.

        Raises: OpFault if no window fits.
        """
        return tuple([self._axis(axis, cells) for axis, cells in enumerate(grid)])

    def derivation(self, axis: int, cells: int) -> str | None:
        """The sum that gives one axis of the grid, `ceil(35 / 2)`; None where it stays the same."""
        count = self._axis(axis, cells)
        stride, extent = self.stride[axis], self.extent[axis]
        padding = self.before[axis] + self.after[axis]
        if count == cells:
            return None
        if padding == extent - 1 and not self.ceil:
            return f"ceil({cells} / {stride})"
        rest = f"{cells} + {padding} - {extent}" if padding else f"{cells} - {extent}"
        if stride == 1:
            return f"{rest} + 1"
        whole = (cells + padding - extent + (stride - 1 if self.ceil else 0)) // stride + 1
        steps = f"{'ceil' if self.ceil else 'floor'}(({rest}) / {stride})"
        return f"{steps} + 1" if count == whole else steps

    def reach(self, grid: Numbers) -> Numbers:
        """The trailing cells that the windows need beyond the input, of which none is left over."""
        sums = zip(self.grid(grid), self.stride, self.extent, grid, self.before, strict=True)
        return tuple(
            max((count - 1) * stride + extent - cells - before, 0)
            for count, stride, extent, cells, before in sums
        )

    def reads(self) -> tuple[Reach, ...]:
        """The cells of each window, those of the padding too."""
        axes = zip(self.stride, self.before, self.extent, strict=True)
        return tuple(_reach(*axis) for axis in axes)

    def _axis(self, axis: int, cells: int) -> int:
        stride, extent = self.stride[axis], self.dilation[axis] * (self.kernel[axis] - 1) + 1
        padded = cells + self.before[axis] + self.after[axis]
        count = (padded - extent + (stride - 1 if self.ceil else 0)) // stride + 1
        if self.ceil and (count - 1) * stride >= cells + self.before[axis]:
            count -= 1
        if count < 1:
            raise OpFault(
                "E0404",
                f"a window of {extent} cells does not fit into {padded}",
                expected=f"at most {padded}, the {_AXES[len(self.kernel)][axis]} with its padding",
                argument="kernel",
                help="use `padding=same`, a smaller kernel, or a larger input",
            )
        return count

    @property
    def torch_padding(self) -> int | Numbers:
        """Symmetric padding as PyTorch writes it: one number where all axes agree."""
        return self.before[0] if len(set(self.before)) == 1 else self.before

    @property
    def onnx_pads(self) -> Numbers:
        """All leading, then all trailing padding."""
        return self.before + self.after


@lru_cache(1024, typed=True)  # which tells the size `1x1` from the list `[1, 1]`
def slide(
    grid: Numbers, kernel: int | Numbers, stride: int | Numbers, dilation: int | Numbers,
    padding: int | str | Numbers, ceil: bool = False,
) -> Window:  # fmt: skip
    """The window of these arguments on a grid.

    Raises: OpFault if a size has another number of axes, or `same` comes out as half a cell.
    """
    rank = len(grid)
    kernels = spread("kernel", kernel, rank)
    strides = spread("stride", stride, rank)
    dilations = spread("dilation", dilation, rank)
    spans = tuple(d * (k - 1) for k, d in zip(kernels, dilations, strict=True))
    if not isinstance(padding, str):
        before, after = pair_up("padding", padding, rank)
    elif padding == "same":
        if any(span % 2 for span in spans):
            raise OpFault(
                "E0408",
                f"`same` would pad {Dims(kernels)} windows by half a cell",
                expected="an odd kernel, or an even dilation",
                argument="kernel",
                help="use an odd kernel, `same_upper`, or `same_lower`",
            )
        before = after = tuple(span // 2 for span in spans)
    elif padding == "valid":
        before = after = (0,) * rank
    else:
        totals = tuple(
            max((-(-cells // step) - 1) * step + span + 1 - cells, 0)
            for cells, step, span in zip(grid, strides, spans, strict=True)
        )
        halves = tuple(total // 2 for total in totals)
        rests = tuple(total - half for total, half in zip(totals, halves, strict=True))
        before, after = (halves, rests) if padding == "same_upper" else (rests, halves)
    return Window(kernels, strides, dilations, before, after, ceil)


@lru_cache(256)
def _reach(stride: int, before: int, extent: int) -> Reach:
    return Reach(Fraction(stride), Fraction(-before), Fraction(extent - 1 - before))


def pair_up(argument: str, amounts: int | Numbers, rank: int) -> tuple[Numbers, Numbers]:
    """The amounts before and after each axis, of an int, a size, or `[before, after, ...]`.

    Raises: OpFault if their number does not fit the grid.
    """
    if isinstance(amounts, int | Dims):
        both = spread(argument, amounts, rank)
        return both, both
    if len(amounts) != 2 * rank:
        found = f"`{argument}` is a list of {len(amounts)} numbers"
        expected = f"{2 * rank}: before and after each of the {rank} axes of the grid"
        raise OpFault("E0304", found, expected=expected, argument=argument)
    return tuple(amounts[::2]), tuple(amounts[1::2])


def check_padding(padding: int | str | Numbers) -> None:
    """Refuse a padding that fits no input: an unknown word, an amount below zero."""
    if not isinstance(padding, str):
        require_at_least(0, padding=padding)
    elif padding not in PADDING_WORDS:
        words = ", ".join(f"`{word}`" for word in PADDING_WORDS)
        raise out_of_range("padding", padding, f"{words}, a number, a size, or a list")


def check_pool(
    kernel: int | Numbers, stride: int | Numbers, padding: int | str | Numbers, ceil: bool
) -> None:
    """Refuse a pool's arguments that fit no input."""
    require_at_least(1, kernel=kernel, stride=stride)
    check_padding(padding)
    if isinstance(padding, str):
        lopsided = padding in ("same_upper", "same_lower")
    else:
        lopsided = not isinstance(padding, int | Dims) and padding[::2] != padding[1::2]
    if ceil and lopsided:
        raise out_of_range("padding", padding, "symmetric padding with `ceil=true`")


def slide_pool(
    x: FeatureMap, name: str, kernel: int | Numbers, stride: int | Numbers,
    padding: int | str | Numbers, dilation: int | Numbers = 1, ceil: bool = False,
) -> Window:  # fmt: skip
    """The window of a pool on its input.

    Raises: OpFault if the input is a vector, or the padding exceeds half a window.
    """
    require_grid(name, x)
    window = slide(x.grid, kernel, stride, dilation, padding, ceil)
    for amount, extent in zip(window.onnx_pads, window.extent * 2, strict=True):
        if amount > extent // 2:
            raise OpFault(
                "E0305",
                f"padding of {amount} is more than half of a window of {extent}",
                expected=f"at most {extent // 2}",
                argument="padding",
            )
    return window


def torch_pads(before: Sequence[int], after: Sequence[int]) -> Numbers:
    """The amounts in the order of `F.pad`: the last axis first."""
    pairs = zip(reversed(before), reversed(after), strict=True)
    return tuple(amount for pair in pairs for amount in pair)


def show_size(value: int | Numbers, rank: int | None = None) -> str:
    """A size in a label: `3x3`; an int alone where the rank is not known."""
    if isinstance(value, int):
        return show_value(Dims((value,) * rank) if rank else value)
    return show_value(Dims(value))


def window_label(kernel: int | Numbers, stride: int | Numbers, rank: int | None = None) -> str:
    """`3x3`, or `3x3 / 2` where the window strides."""
    size = show_size(kernel, rank)
    steps = (stride,) if isinstance(stride, int) else tuple(stride)
    if set(steps) == {1}:
        return size
    return f"{size} / {steps[0] if len(set(steps)) == 1 else show_size(steps)}"

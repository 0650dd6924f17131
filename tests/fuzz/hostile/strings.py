"""Strings and names that an output may take for more than text, and a spec with slots for them.

Whatever stands in the slots, it means the same network: two outputs may differ in strings alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Final

__all__ = ["NAMES", "TEXTS", "filled", "harmless", "hostile"]

TEXTS: Final = (
    '"', "'", '"""', "'''", "\\", "\\\\", '\\"', "\\n", "\\N", "\\G\\L", "\\N{BULLET}",
    "%s%n%(x)s", "{}", "{0.__class__}", "{{", "}}", "$()", "`id`", "$HOME", "${IFS}",
    "<script>alert(1)</script>", "<b onload='x()'>", "</text></svg>", "<!--", "-->", "]]>",
    "<![CDATA[", "&amp;", "&#x22;", "&lt", "<<TABLE><TR>", "|", "||", "| a | b |", "\\|", "*a*",
    "_a_", "[x](javascript:y)", "![](http://z)", "~~~", "```", "$x$", "\\input{x}",
    "\\end{tabular}", "#", "##", "%", "^", "~", "_{", "=cmd()", "@x", "+1", "-1",
    "::error file=x::y", "::set-output name=a::b", "%0A::error::", "--", "//", "/*", "*/", "\x00",
    "\x07", "\x1b[31m", "\x1b]0;x\x07", "\x7f", "\x85", "\x9b31m", "\u200b", "\u2028", "\u2029",
    "\u202e", "\u2066", "\ufeff", "\ufffd", "\uffff", "e\u0301", "\u0430", "\u6f22\u5b57",
    "\U0001f980", "\t", "\x0b", "\x0c", "\r", "import os", "raise SystemExit", "; rm -rf",
    "f'{x}'", "\\u0022", "\\x22",
)  # fmt: skip
"""What a doc or a string may hold; a string has no `"` and no line end."""

NAMES: Final = (
    "False", "None", "True", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "except", "finally", "for", "global", "is", "lambda", "nonlocal", "pass",
    "raise", "return", "try", "while", "with", "yield", "match", "case", "type", "abs", "all",
    "any", "bool", "bytes", "callable", "chr", "dict", "dir", "exec", "eval", "filter", "float",
    "format", "getattr", "globals", "hasattr", "hash", "help", "id", "int", "isinstance", "iter",
    "len", "list", "locals", "map", "max", "memoryview", "min", "next", "object", "open", "ord",
    "pow", "print", "property", "range", "repr", "reversed", "round", "set", "setattr", "sorted",
    "staticmethod", "str", "sum", "super", "tuple", "vars", "zip", "Exception", "KeyError",
    "NotImplemented", "Ellipsis", "PendingDeprecationWarning", "copyright", "exit", "quit",
    "license", "forward", "training", "parameters", "buffers", "modules", "children",
    "state_dict", "T_destination", "call_super_init", "dump_patches", "register_buffer",
    "add_module", "train", "to", "cuda", "double", "half", "apply", "named_parameters",
    "zero_grad", "share_memory", "extra_repr", "requires_grad_", "compile", "load_state_dict",
    "get_submodule", "register_forward_hook", "xpu", "ipu", "cpu", "mtia", "bfloat16", "to_empty",
    "self", "nn", "F", "torch", "Tensor", "math", "OrderedDict", "NamedTuple", "x", "y", "z",
    "logits", "Chain", "BatchNorm", "Self", "NN", "f", "Nn", "Torch", "A1_", "a__", "B2b",
    "sequential", "Sequential", "Conv2d", "in_channels", "branch_1", "conv", "padding", "x_2",
    "n" * 10_000,
)  # fmt: skip
"""What a spec may name anything, and what means something to Python, torch or our own source."""

_TEXT_SLOTS = (
    "file_doc", "knob_doc", "layer_doc", "module_doc", "head_doc", "network_doc", "comment",
    "source", "label", "note",
)  # fmt: skip
_NAME_SLOTS = (
    "knob", "layer", "module", "head", "network", "filters", "kernel", "text", "width", "pool",
    "classes", "image", "side", "stage", "first", "second", "auxiliary", "constant", "index",
    "local",
)  # fmt: skip

_TEMPLATE: Final = """\
## <<file_doc>>

## <<knob_doc>>
param <<knob>>: bool = true
let <<constant>> = 2

## <<layer_doc>>
layer <<layer>>(<<filters>>: int, <<kernel>>: size = 3x3) {
    conv2d(<<filters>>, <<kernel>>, padding=same)  # <<comment>>
    batch_norm(scale=<<knob>>) -> relu()
}

## <<module_doc>>
module <<module>>(<<width>>: int, <<text>>: string = "<<label>>", <<pool>>: op = max_pool) {
    let <<local>> = <<width>> * <<constant>>
    concat {
        branch <<side>> = <<layer>>(<<local>>, 1x1)
        branch <<pool>>(3x3, stride=1, padding=same) -> <<layer>>(<<width>>)
        repeat <<index>> in 0..2 { branch <<layer>>(<<index>> + 1) }
    }
}

## <<head_doc>>
head <<head>>(<<classes>>: int) {
    global_avg_pool() -> linear(<<classes>>)
}

## <<network_doc>>
network <<network>>(<<classes>>: int = 4) {
    input <<image>>: 3x8x8
    stem { <<layer>>(4) }
    stage <<stage>> {
        <<first>> = <<module>>(2)
        <<second>> = <<module>>(3, "<<note>>", avg_pool)
    }
    aux <<auxiliary>>(weight=0.3) = <<head>>(<<classes>>)
    residual { <<layer>>(12) }
    <<head>>(<<classes>>)
    expect params in 0..1_000_000 "<<source>>"
}
"""


def filled(values: Mapping[str, str]) -> str:
    """The template's spec with these values in its slots."""
    text = _TEMPLATE
    for slot, value in values.items():
        text = text.replace(f"<<{slot}>>", value)
    return text


def hostile(random: Random) -> dict[str, str]:
    """A value for every slot: hostile, and its own kind of text or name."""
    values = {slot: _text(random, slot) for slot in _TEXT_SLOTS}
    names = random.sample(NAMES, len(_NAME_SLOTS))
    if random.random() < 0.3:  # names that differ by case only
        names[1], names[2] = "cell", "Cell"
        names[14], names[15] = "step", "STEP"
    return values | dict(zip(_NAME_SLOTS, names, strict=True))


def _text(random: Random, slot: str) -> str:
    text = " ".join(random.choice(TEXTS) for _ in range(random.choice((1, 1, 2, 5))))
    if random.random() < 0.05:
        text *= 3_000 // len(text) + 1
    if slot in ("label", "note", "source"):
        return text.replace('"', "'").replace("\n", " ")
    return "a" + text.replace("<<", "< <")


def harmless(values: Mapping[str, str]) -> dict[str, str]:
    """The twin of hostile values: plain words, and names as long that mean nothing to anyone."""
    letters = zip(_NAME_SLOTS, "abcdeghjkmnpqrstuvwyz", strict=False)
    names = {slot: _plain(values[slot], letter) for slot, letter in letters}
    return dict.fromkeys(_TEXT_SLOTS, "words") | names


def _plain(name: str, letter: str) -> str:
    """A name that begins with the letter, and looks like the other: line ends depend on it."""
    rest = ("K" if c.isupper() else "k" if c.isalpha() else c for c in name[1:])
    return (letter.upper() if name[0].isupper() else letter) + "".join(rest)

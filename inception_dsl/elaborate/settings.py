"""`preprocess` and `recipe`: how a network is meant to be used, read and type-checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inception_dsl.diagnostics import Diagnostic
from inception_dsl.diagnostics.suggest import correction
from inception_dsl.elaborate.build import Builder, Frame
from inception_dsl.elaborate.faults import Fault, Unknown, fail
from inception_dsl.elaborate.values import describe
from inception_dsl.ir.types import Dims, Word, show_value
from inception_dsl.syntax import tree
from inception_dsl.syntax.walk import behind_keyword

__all__ = ["read_settings"]


@dataclass(frozen=True)
class _Key:
    """What a key takes: numbers, words or calls, and the bounds of its numbers."""

    type: str
    words: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


_PREPROCESS = {
    "size": _Key("size", low=1),
    "crop": _Key("number", low=0.05, high=1),
    "interpolation": _Key("word", ("nearest", "bilinear", "bicubic")),
    "range": _Key("pair"),
    "mean": _Key("numbers"),
    "std": _Key("numbers", low=1e-6),
    "channels": _Key("string", ("rgb", "bgr", "grey")),
}
_RECIPE = {
    "optimizer": _Key("call", ("sgd", "rmsprop", "adam", "adamw")),
    "learning_rate": _Key(
        "rate", ("constant", "exponential", "step", "polynomial", "cosine"), low=0
    ),
    "label_smoothing": _Key("number", low=0, high=1),
    "weight_decay": _Key("number", low=0),
    "gradient_clip": _Key("number", low=0),
    "ema": _Key("number", low=0, high=1),
    "dropout": _Key("number", low=0, high=1),
    "epochs": _Key("int", low=1),
    "steps": _Key("int", low=1),
    "warmup": _Key("number", low=0),
    "batch": _Key("int", low=1),
}
# Positional parameters of the calls come first; all take numbers but `nesterov`.
_CALLS = {
    "sgd": ("momentum", "nesterov"),
    "rmsprop": ("decay", "epsilon", "momentum"),
    "adam": ("beta1", "beta2", "epsilon"),
    "adamw": ("beta1", "beta2", "epsilon"),
    "constant": ("rate",),
    "exponential": ("start", "decay", "every"),
    "step": ("start", "decay", "every"),
    "polynomial": ("start", "power", "end"),
    "cosine": ("start", "end"),
}
_KEYS: Mapping[str, Mapping[str, _Key]] = {"preprocess": _PREPROCESS, "recipe": _RECIPE}


def read_settings(builder: Builder, block: tree.Settings, frame: Frame) -> dict[str, object]:
    """The entries of a block that are right; the others are reported.

    A call such as `rmsprop(decay=0.9)` reads as `{"name": "rmsprop", "decay": 0.9}`.
    """
    keys = _KEYS[block.kind]
    found: dict[str, object] = {}
    for entry in block.entries:
        name = entry.name.text
        try:
            if name not in keys:
                expected = "expected one of " + ", ".join(keys)
                message = f"`{block.kind}` has no key `{name}`"
                near, fix = correction(name, entry.name.span, keys)
                fail("E0512", entry.name.span, message, expected, help=near, fix=fix)
            if name in found:
                fail("E0512", entry.name.span, f"`{name}` is given twice", "the second time")
            found[name] = _entry(builder, keys[name], entry, frame)
        except Fault as fault:
            builder.report(fault.diagnostic, frame)
        except Unknown:
            pass
    if block.kind == "preprocess" and builder.check_notes:
        _agrees_with_input(builder, block, found, frame)
    return found


def _agrees_with_input(
    builder: Builder, block: tree.Settings, found: Mapping[str, object], frame: Frame
) -> None:
    """Report what speaks of another input than the declared one; set another, and that one wins."""
    x = builder.graph[builder.graph.input].out
    for entry in block.entries:
        name, value = entry.name.text, found.get(entry.name.text)
        fits, expected = True, ""
        if name == "size" and isinstance(value, int | Dims):
            sizes = (value,) * x.rank if isinstance(value, int) else tuple(value)
            fits, expected = sizes == x.grid, str(Dims(x.grid))
        elif name in ("mean", "std") and isinstance(value, tuple):
            fits, expected = len(value) == x.channels, f"{x.channels}, one per channel"
        elif name == "channels":
            fits = x.channels == (1 if value == "grey" else 3)
            expected = f"words for {x.channels} channel" + ("s" if x.channels > 1 else "")
        if not fits:
            message = f"`{name}` is {show_value(value)}, the input is {x}"
            builder.report(
                Diagnostic("E0513", message, entry.value.span, f"expected {expected}"), frame
            )


def _entry(builder: Builder, key: _Key, entry: tree.Setting, frame: Frame) -> object:
    expr = entry.value
    if key.type in ("call", "rate") and isinstance(expr, tree.Call):
        return _call(builder, key, expr, frame)
    if key.type == "call":
        if isinstance(expr, tree.Name) and expr.text in key.words:
            return {"name": expr.text}
        fail(
            "E0513",
            expr.span,
            f"`{entry.name.text}` takes a call",
            "expected one of " + ", ".join(f"{w}(...)" for w in key.words),
        )
    if key.type == "word" and isinstance(expr, tree.Name) and expr.text not in key.words:
        expected = "expected one of " + ", ".join(key.words)
        message = f"`{entry.name.text}` has no choice `{expr.text}`"
        near, fix = correction(expr.text, expr.span, key.words)
        fail("E0513", expr.span, message, expected, help=near, fix=fix)
    value = builder.evaluator.value(expr, frame.scope)
    _check(key, value, entry)
    return value


def _check(key: _Key, value: object, entry: tree.Setting) -> None:
    numbers = value if isinstance(value, tuple) else (value,)
    kinds = {
        "int": ("an int", isinstance(value, int)),
        "number": ("a number", isinstance(value, int | float)),
        "rate": ("a number or a schedule", isinstance(value, int | float)),
        "numbers": ("a number or a list of numbers, one per channel", value != ()),
        "pair": ("a list of two numbers", isinstance(value, tuple) and len(value) == 2),
        "size": ("an int or a size", isinstance(value, int | Dims)),
        "word": (
            " or ".join(f"`{w}`" for w in key.words),
            isinstance(value, Word) and value in key.words,
        ),
        "string": (
            " or ".join(f'"{w}"' for w in key.words),
            isinstance(value, str) and value in key.words,
        ),
    }
    expected, fits = kinds[key.type]
    if key.type not in ("word", "string"):
        fits = fits and all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers)
    if not fits:
        fail(
            "E0513",
            entry.value.span,
            f"`{entry.name.text}` takes {expected}, found {describe(value)}",
            f"expected {expected}",
        )
    if key.type == "pair" and isinstance(value, tuple) and value[0] >= value[1]:
        message = f"`{entry.name.text}` is {show_value(value)}"
        fail("E0513", entry.value.span, message, "expected the lower end first")
    for number in numbers:
        if isinstance(number, int | float):
            low, high = key.low, key.high
            if (low is not None and number < low) or (high is not None and number > high):
                bounds = f"at least {low}" if high is None else f"{low} to {high}"
                fail(
                    "E0513",
                    entry.value.span,
                    f"`{entry.name.text}` is {number}",
                    f"expected {bounds}",
                )


def _call(builder: Builder, key: _Key, call: tree.Call, frame: Frame) -> dict[str, object]:
    name = call.name.text
    if name not in key.words:
        expected = "expected one of " + ", ".join(key.words)
        near, fix = correction(name, call.name.span, key.words)
        fail("E0513", call.name.span, f"`{name}` is not known here", expected, help=near, fix=fix)
    parameters = _CALLS[name]
    found: dict[str, object] = {"name": name}
    for position, argument in enumerate(call.arguments):
        if argument is behind_keyword(call.arguments):
            raise Unknown  # which is reported where names are resolved
        if argument.keyword is None and position >= len(parameters):
            fail(
                "E0303",
                argument.span,
                f"`{name}` takes at most {len(parameters)} arguments",
                "one too many",
            )
        given = argument.keyword.text if argument.keyword else parameters[position]
        if given not in parameters or given in found:
            place = argument.keyword.span if argument.keyword else argument.span
            fail(
                "E0301",
                place,
                f"`{name}` has no free parameter `{given}`",
                "expected one of " + ", ".join(parameters),
            )
        value = builder.evaluator.value(argument.value, frame.scope)
        wanted: type | tuple[type, ...] = bool if given == "nesterov" else (int, float)
        if not isinstance(value, wanted) or (given != "nesterov" and isinstance(value, bool)):
            kind = "a bool" if given == "nesterov" else "a number"
            builder.report(
                Diagnostic(
                    "E0513", f"`{given}` takes {kind}, found {describe(value)}", argument.value.span
                ),
                frame,
            )
            continue
        found[given] = value
    return found

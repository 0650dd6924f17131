"""What a random network says of itself: figures, `preprocess` and `recipe`."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from tests.fuzz.generator.context import Context
from tests.fuzz.generator.scopes import Library, Scope
from tests.fuzz.generator.spec import Counts
from tests.fuzz.generator.tensors import Record
from tests.fuzz.generator.values import Size, Word, written

__all__ = ["figures", "preprocess", "recipe"]

Shape = tuple[int, ...]


def figures(ctx: Context, counts: Counts, settings: str) -> list[str]:
    """`expect`s that hold; `settings` stands behind each metric."""
    shown = []
    for _ in range(ctx.rng.randint(0, 3)):
        metric, value = _metric(ctx, counts, settings)
        source = ctx.rng.choice(("", ' "a source"', ' "table 1, # 2: <i>x</i>"'))
        if ctx.chance(0.7) or isinstance(value, float):
            scope = Scope(Library(), Record(), None)
            shown.append(f"expect {metric} == {ctx.write(scope, value).at(5)}{source}")
        else:
            low, high = value - ctx.rng.randint(0, 9), value + ctx.rng.randint(0, 9)
            shown.append(f"expect {metric} in {written(low)}..{written(high)}{source}")
    return shown


def _metric(ctx: Context, counts: Counts, settings: str) -> tuple[str, Any]:
    first, second = (ctx.rng.choice([f.name for f in fields(Counts)]) for _ in range(2))
    a, b = getattr(counts, first), getattr(counts, second)
    first, second = first + settings, second + settings
    number = ctx.rng.randint(1, 9)
    forms = [
        (f"{first} + {second}", a + b), (f"{first} - {second}", a - b),
        (f"{first} * {number}", a * number), (f"{first} // {number}", a // number),
        (f"{first} % {number}", a % number), (f"({first} + {number}) / 0.5", (a + number) / 0.5),
    ]  # fmt: skip
    return ctx.rng.choice(forms) if ctx.chance(0.4) else (first, a)


def preprocess(ctx: Context, shape: Shape) -> list[str]:
    """How a picture becomes the input, where that is one."""
    if len(shape) != 3 or shape[0] not in (1, 3) or not ctx.chance(0.4):
        return []
    grid = shape[1:]
    numbers = [round(ctx.rng.uniform(0.1, 0.9), 3) for _ in range(shape[0])]
    entries = {
        "size": grid[0] if grid[0] == grid[1] and ctx.chance(0.7) else Size(grid),
        "crop": ctx.rng.choice((0.875, 1, 0.5)),
        "interpolation": Word(ctx.rng.choice(("nearest", "bilinear", "bicubic"))),
        "range": (-1, 1),
        "mean": tuple(numbers),
        "std": tuple(numbers[::-1]),
        "channels": "grey" if shape[0] == 1 else ctx.rng.choice(("rgb", "bgr")),
    }
    return [_block(ctx, "preprocess", {key: written(value) for key, value in entries.items()})]


_OPTIMIZERS = (
    "sgd(0.9, nesterov=true)", "sgd", "rmsprop(decay=0.9, epsilon=1.0)", "adam(0.9, 0.999)",
    "adamw(beta1=0.8, epsilon=1e-6)", "adam()",
)  # fmt: skip
_RATES = (
    "0.1", "constant(0.05)", "exponential(0.045, decay=0.94, every=2)", "step(0.1, 0.5, 30)",
    "polynomial(0.1, power=2, end=0)", "cosine(0.1)",
)  # fmt: skip


def recipe(ctx: Context) -> list[str]:
    """How the network is trained."""
    if not ctx.chance(0.3):
        return []
    entries = {
        "optimizer": ctx.rng.choice(_OPTIMIZERS),
        "learning_rate": ctx.rng.choice(_RATES),
        "label_smoothing": "0.1", "weight_decay": "4e-5", "gradient_clip": "2.0", "ema": "0.9999",
        "dropout": "1 - 0.8", "epochs": "90", "steps": "2 * 50_000", "warmup": "5", "batch": "32",
    }  # fmt: skip
    return [_block(ctx, "recipe", entries)]


def _block(ctx: Context, kind: str, entries: dict[str, str]) -> str:
    """Some of the entries, on one line or several."""
    names = [name for name in entries if ctx.chance(0.6)]
    ctx.rng.shuffle(names)
    shown = [f"{name} = {entries[name]}" for name in names]
    if ctx.chance(0.5):
        return f"{kind} {{ {'  '.join(shown)} }}"
    return "\n".join([f"{kind} {{", *("    " + line for line in shown), "}"])

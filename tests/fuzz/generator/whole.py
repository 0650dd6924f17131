"""A whole random spec: its files, and the network under its settings."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.fuzz.generator.bodies import body, some_steps
from tests.fuzz.generator.context import Context, Makers
from tests.fuzz.generator.definitions import define
from tests.fuzz.generator.files import SpecFile, random_file
from tests.fuzz.generator.layout import laid_out
from tests.fuzz.generator.networks import random_network
from tests.fuzz.generator.programs import Network
from tests.fuzz.generator.sayings import figures, preprocess, recipe
from tests.fuzz.generator.scopes import Library, Scope
from tests.fuzz.generator.spec import GeneratedSpec
from tests.fuzz.generator.tensors import Bounds, Record, Tensor
from tests.fuzz.generator.values import Misfit

__all__ = ["random_spec"]

Settings = dict[str, Any]


def random_spec(seed: int, size: int = 15) -> GeneratedSpec:
    """The spec of a seed, the same on every Python; `size` is about how many operations it has."""
    attempt = 0
    while True:
        try:
            return _spec(seed, Random(f"{seed} {size} {attempt}"), size)
        except Misfit:
            attempt += 1


def _spec(seed: int, rng: Random, size: int) -> GeneratedSpec:
    budget = rng.randint(max(1, size // 3), 2 * size)
    ctx = Context(rng, budget, Makers(define, body, some_steps), Library())
    main = random_file(ctx, "main.incept")
    ctx.main = main.library
    others = [random_file(ctx, name, main) for name in ("blocks.incept", "cells.incept")]
    others = others[: rng.choice((0, 0, 1, 1, 2))]
    ctx.imports = [file.library for file in others]
    whole = _Whole(main, others, random_network(ctx, main.library), size)

    record, output = whole.run({})
    extra = whole.network.extra
    extra += preprocess(ctx, record.entries[0].effect.shape) + recipe(ctx)
    extra += figures(ctx, record.counts(output), "")
    settings = whole.other_settings(ctx)
    if settings:
        record, output = whole.run(settings)
        extra += figures(ctx, record.counts(output), _shown(ctx, settings))
        if ctx.chance(0.5):
            settings = {}
    record, output = whole.run(settings)
    return GeneratedSpec(
        seed=seed,
        files=whole.texts(ctx),
        settings=settings,
        input=record.entries[0].effect.shape,
        output=output.shape,
        counts=record.counts(output),
        operations=record.operations(output),
        heads={name: head.shape for name, head in record.heads.items()},
    )


def _shown(ctx: Context, settings: Settings) -> str:
    """Settings behind a metric; they see no names."""
    scope = Scope(Library(), Record(), None)
    shown = (f"{name}={ctx.write(scope, value).text}" for name, value in settings.items())
    return f"({', '.join(shown)})"


@dataclass(frozen=True)
class _Whole:
    main: SpecFile
    others: list[SpecFile]
    network: Network
    size: int

    def run(self, settings: Settings) -> tuple[Record, Tensor]:
        """The network under settings of the file and its own, and its output.

        Raises: Misfit.
        """
        scale = max(1, self.size // 15)
        record = Record(Bounds(120 * scale, 20_000, 60_000 * scale, 2_000_000 * scale))
        self.main.settle(settings)
        for file in self.others:
            file.settle({}, self.main)
        return record, self.network.run(record, settings)

    def other_settings(self, ctx: Context) -> Settings:
        """Settings under which the network has a result too; none where none are found."""
        knobs = [knob.param for knob in self.main.knobs if not knob.constant]
        scope = self.network.scope(Record(), {})
        values = {param: scope.value(param.name) for param in (*self.network.params, *knobs)}
        found: Settings = {}
        for param, value in values.items():
            other = {
                "bool": lambda value: not value,
                "int": lambda value: max(1, value + ctx.rng.choice((-1, 1, 2))),
                "float": lambda value: value * 2,
            }.get(param.kind, lambda value: value)(value)
            if other == value or ctx.chance(0.3):
                continue
            try:
                self.run({**found, param.name: other})
                found[param.name] = other
            except Misfit:
                continue
        return found

    def texts(self, ctx: Context) -> dict[str, str]:
        """The text of every file; imports may stand anywhere at the top of the main one."""
        parts = self.main.parts(ctx)
        parts.insert(ctx.rng.choice((0, len(parts))), self.network.text())
        for file in self.others:
            line = file.import_line(ctx, self.main.library)
            if line:
                parts.insert(ctx.rng.choice((0, 0, len(parts))), line)
        texts = {self.main.name: laid_out(ctx.rng, parts)}
        return texts | {file.name: laid_out(ctx.rng, file.parts(ctx)) for file in self.others}

"""The files of a random spec: knobs, constants, imports, and the order of definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz.generator.context import Context
from tests.fuzz.generator.definitions import random_value
from tests.fuzz.generator.programs import Definition, Knob, Param
from tests.fuzz.generator.scopes import Library, Scope
from tests.fuzz.generator.steps import Argument
from tests.fuzz.generator.tensors import Record
from tests.fuzz.generator.values import kind_of

__all__ = ["SpecFile", "random_file"]

_KNOBS = ["wide", "bn_scale", "base", "ratio", "size2", "pool_kind", "half", "NAME", "block_width"]


@dataclass
class SpecFile:
    """A file: what stands at its top, and what its bodies see of it.

    `given` are the settings with which the main file imports it.
    """

    name: str
    library: Library = field(default_factory=Library)
    knobs: list[Knob] = field(default_factory=list)
    given: list[Argument] = field(default_factory=list)

    def settle(self, settings: Mapping[str, Any], above: SpecFile | None = None) -> None:
        """Give the knobs and constants their values, in the order of the file.

        `above` is the importing file, whose knobs of the same names win over the defaults here.

        Raises: Misfit where a value does not fit.
        """
        values = self.library.values
        values.clear()
        scope = Scope(Library(values), Record(), None)
        outer = Scope(above.library, Record(), None) if above else scope
        given = dict(settings)
        if above:
            names = [knob.param.name for knob in above.knobs if not knob.constant]
            given = {name: above.library.values[name] for name in names}
            given |= {each.keyword: each.value.value(outer) for each in self.given if each.keyword}
        for knob in self.knobs:
            name = knob.param.name
            taken = name in given and not knob.constant
            values[name] = given[name] if taken else knob.param.default_in(scope)

    def import_line(self, ctx: Context, main: Library) -> str | None:
        """`from "..." import ...`, for the definitions of this file that the main one knows."""
        names = []
        for alias, definition in main.definitions.items():
            if definition.library is self.library:
                same = alias == definition.name
                names.append(alias if same else f"{definition.name} as {alias}")
        if not names:
            return None
        given = ", ".join(each.text() for each in self.given)
        settings = f"({given}) " if given or ctx.chance(0.1) else ""
        comma = "," if ctx.chance(0.1) else ""
        return (
            f'from "{self.name.removesuffix(".incept")}" {settings}import {", ".join(names)}{comma}'
        )

    def parts(self, ctx: Context) -> list[str]:
        """Its definitions in any order, with its knobs in theirs among them."""
        own: list[Definition] = [
            each for each in self.library.definitions.values() if each.library is self.library
        ]
        texts = [definition.text() for definition in own]
        ctx.rng.shuffle(texts)
        places = sorted(ctx.rng.randint(0, len(texts)) for _ in self.knobs)
        for shift, (place, knob) in enumerate(zip(places, self.knobs, strict=True)):
            texts.insert(place + shift, knob.text())
        return texts


def random_file(ctx: Context, name: str, above: SpecFile | None = None) -> SpecFile:
    """A file with some knobs and constants, and no definitions yet."""
    file = SpecFile(name)
    for _ in range(ctx.rng.choice((0, 0, 1, 2, 3))):
        shared = [k for k in above.knobs if not k.constant] if above else []
        scope = Scope(Library(dict(file.library.values)), Record(), None)
        if shared and ctx.chance(0.4):
            knob = ctx.rng.choice(shared)
            param = Param(
                knob.param.name, knob.param.kind, ctx.write(scope, above_value(above, knob))
            )
            if param.name in file.library.values:
                continue
            file.knobs.append(Knob(param, constant=False))
        else:
            file.knobs.append(_knob(ctx, scope, file))
        file.settle({}, above)
    if above:
        for knob in file.knobs:
            if not knob.constant and ctx.chance(0.4):
                value = file.library.values[knob.param.name]
                outer = Scope(above.library, Record(), None)
                file.given.append(Argument(knob.param.name, ctx.write(outer, value)))
        file.settle({}, above)
    return file


def above_value(above: SpecFile | None, knob: Knob) -> Any:
    """The value of a knob of the importing file."""
    assert above
    return above.library.values[knob.param.name]


def _knob(ctx: Context, scope: Scope, file: SpecFile) -> Knob:
    value = random_value(ctx, scope, (4, 8, 8))
    constant = ctx.chance(0.4)
    default = ctx.write(scope, value)
    name = ctx.file_name(_KNOBS)
    kind = "any" if value is None or ctx.chance(0.1) else kind_of(value)
    doc = ("## A knob.",) if ctx.chance(0.3) else ()
    return Knob(Param(name, kind, default), constant, doc)

"""Files to units: imports with their settings, knobs and constants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from inception_dsl.diagnostics import Diagnostic, Diagnostics, Note
from inception_dsl.diagnostics.suggest import suggestion
from inception_dsl.elaborate.evaluate import Evaluator
from inception_dsl.elaborate.faults import Fault, Unknown, fail
from inception_dsl.elaborate.files import read_source, shown_name
from inception_dsl.elaborate.imports import find, take
from inception_dsl.elaborate.limits import Limits
from inception_dsl.elaborate.scopes import Scope
from inception_dsl.elaborate.units import DefinitionRef, Unit, setting_key
from inception_dsl.elaborate.values import coerce, describe
from inception_dsl.ir.formula import Bound, Literal
from inception_dsl.ops import operation_names
from inception_dsl.source import Source, Span
from inception_dsl.syntax import tree
from inception_dsl.syntax.parse import parse

__all__ = ["Loader"]

_KEPT_FILES, _KEPT_TEXT = 64, 32 * 1024  # imported files that a process keeps, characters of each


@dataclass
class Loader:
    """Loads a file and what it imports, each file once per settings."""

    diagnostics: Diagnostics
    limits: Limits = field(default_factory=Limits)
    before: tuple[Unit, ...] = ()
    """Units of an earlier run, whose files are not read again."""
    evaluator: Evaluator = field(init=False)
    _files: dict[Path, tuple[Source, tree.File, bool]] = field(default_factory=dict)
    _units: dict[tuple[Path | None, str], Unit] = field(default_factory=dict)
    _imports: int = 0

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.limits, self.diagnostics.add)
        for unit in self.before:
            self._files[unit.path or Path(unit.source.name)] = unit.source, unit.file, False

    @property
    def units(self) -> tuple[Unit, ...]:
        """Every unit that was loaded, the importing ones first."""
        return tuple(self._units.values())

    def outline(self, source: Source, path: Path | None) -> Unit:
        """A file's tree alone: what it declares, before any setting is known."""
        file, broken = self._parse(source, path)
        return Unit(source, file, path, broken=broken)

    def unit(
        self,
        source: Source,
        path: Path | None,
        given: Mapping[str, Bound],
        trail: tuple[tuple[Path, Span], ...] = (),
    ) -> Unit:
        """The unit of a file under the settings `given`, imports and all; mistakes are reported."""
        file, broken = self._parse(source, path)
        unit = Unit(source, file, path, broken=broken)
        self._define(unit)
        self._values(unit, given)
        unit.key = setting_key(path, {p.name.text: unit.values[p.name.text] for p in unit.params})
        known = self._units.get((path, unit.key))
        if known:
            return known
        self._units[path, unit.key] = unit
        for item in file.items:
            if isinstance(item, tree.Import):
                try:
                    self._import(unit, item, trail)
                except Fault as fault:
                    unit.broken = True
                    self.diagnostics.add(fault.diagnostic)
                except Unknown:
                    unit.broken = True
        return unit

    def _parse(
        self, source: Source, path: Path | None, *, imported: bool = False
    ) -> tuple[tree.File, bool]:
        key = path or Path(source.name)
        if key not in self._files:
            nesting, before = self.limits.nesting, len(self.diagnostics)
            known = _flawless(source, nesting) if imported else None
            file = known or parse(source, self.diagnostics, nesting=nesting)
            self._files[key] = file.source, file, len(self.diagnostics) > before
        _, file, broken = self._files[key]
        return file, broken

    def _define(self, unit: Unit) -> None:
        for item in unit.file.items:
            if not isinstance(item, tree.Definition):
                continue
            name = item.name.text
            first = unit.definitions.get(name)
            if first:
                note = Note(f"`{name}` is defined here first", first.tree.name.span)
                message = f"two definitions are named `{name}`"
                self.diagnostics.add(
                    Diagnostic("E0214", message, item.name.span, "the second", notes=(note,))
                )
            elif name in operation_names():
                message = f"`{name}` is an operation of the language"
                self.diagnostics.add(
                    Diagnostic("E0207", message, item.name.span, "choose another name")
                )
            else:
                unit.definitions[name] = DefinitionRef(unit, item)

    def _values(self, unit: Unit, given: Mapping[str, Bound]) -> None:
        """Constants and knobs, in the order of the file; each sees those above it."""
        scope = Scope(unit, "network")
        for item in unit.file.items:
            if not isinstance(item, tree.FileParam | tree.Let):
                continue
            name = item.name.text
            if name in unit.values:
                message = f"`{name}` is bound twice"
                self.diagnostics.add(
                    Diagnostic("E0204", message, item.name.span, "the second time")
                )
                continue
            unit.values[name] = self._value(item, scope, given.get(name))

    def _value(self, item: tree.FileParam | tree.Let, scope: Scope, given: Bound | None) -> Bound:
        expr = item.value if isinstance(item, tree.Let) else item.default
        type = item.type.text if isinstance(item, tree.FileParam) and item.type else "any"
        try:
            value = self.evaluator.value(expr, scope)
            try:
                value = coerce(value, type)
            except TypeError:
                fail(
                    "E0304",
                    expr.span,
                    f"`{item.name.text}` is declared {type}, found {describe(value)}",
                )
        except Fault as fault:
            self.diagnostics.add(fault.diagnostic)
            return Bound(Unknown)
        except Unknown:
            return Bound(Unknown)
        if given is not None and isinstance(item, tree.FileParam):
            value = given.value
        return Bound(value, Literal(value))

    def _import(self, unit: Unit, item: tree.Import, trail: tuple[tuple[Path, Span], ...]) -> None:
        self._imports += 1
        if self._imports > self.limits.imports:
            fail(
                "E0702",
                item.span,
                f"more than {self.limits.imports} imports",
                "the limit is passed here",
            )
        path = find(unit, item)
        here = unit.path
        steps = (*trail, (here, item.path_span)) if here else trail
        for index, (visited, _) in enumerate(steps):
            if visited == path:
                cycle = " -> ".join([p.name for p, _ in steps[index:]] + [path.name])
                notes = tuple(Note("imported here", span) for _, span in steps[index:-1])
                fail("E0210", item.path_span, f"imports go in a circle: {cycle}", notes=notes)
        given = self._settings(unit, item, path)
        target = self.unit(self._read(path, item), path, given, steps)
        for imported in item.names:
            try:
                take(unit, target, imported)
            except Fault as fault:
                unit.broken = True
                self.diagnostics.add(fault.diagnostic)

    def _read(self, path: Path, item: tree.Import) -> Source:
        if path in self._files:
            return self._files[path][0]
        try:
            return read_source(path, shown_name(path, item.path, item.span.source), self.limits)
        except OSError as error:
            fail("E0209", item.path_span, f"`{item.path}` cannot be read: {error.strerror}")
        except UnicodeDecodeError as error:
            fail("E0109", item.path_span, f"`{item.path}` is not UTF-8 at byte {error.start}")
        except OverflowError:
            fail(
                "E0701",
                item.path_span,
                f"`{item.path}` is larger than {self.limits.file_bytes:,} bytes",
            )

    def _settings(self, unit: Unit, item: tree.Import, path: Path) -> dict[str, Bound]:
        """What the importing file gives the imported one's knobs."""
        file, _ = self._parse(self._read(path, item), path, imported=True)
        knobs = {p.name.text: p for p in file.items if isinstance(p, tree.FileParam)}
        own = {p.name.text: p for p in unit.params}
        found: dict[str, Bound] = {}
        for name, knob in knobs.items():
            if name not in own:
                continue
            ours, theirs = (p.type.text if p.type else "any" for p in (own[name], knob))
            if ours != theirs:
                message = f"`{name}` is {ours} here and {theirs} in `{item.path}`"
                here, there = Note("here", own[name].span), Note("there", knob.span)
                fail("E0304", item.span, message, notes=(here, there))
            found[name] = unit.values[name]
        scope = Scope(unit, "network")
        for argument in item.settings:
            name = argument.keyword.text if argument.keyword else ""
            if name not in knobs:
                place = argument.keyword.span if argument.keyword else argument.span
                message = f"`{item.path}` has no file parameter `{name}`"
                message = message if name else "settings are written `name = value`"
                fail("E0212", place, message, help=suggestion(name, knobs))
            found[name] = self.setting(knobs[name], argument.value, scope)
        return {name: bound for name, bound in found.items() if bound.value is not Unknown}

    def setting(self, knob: tree.FileParam | tree.Param, expr: tree.Expr, scope: Scope) -> Bound:
        """The value of a setting as its parameter takes it.

        Raises: Fault where it does not fit.
        """
        value = self.evaluator.value(expr, scope)
        type = knob.type.text if knob.type else "any"
        try:
            value = coerce(value, type)
        except TypeError:
            note = Note(f"`{knob.name.text}` is declared here", knob.span)
            fail(
                "E0304",
                expr.span,
                f"`{knob.name.text}` is declared {type}, found {describe(value)}",
                notes=(note,),
            )
        return Bound(value, Literal(value))


def _flawless(source: Source, nesting: int) -> tree.File | None:
    """The tree of a file without a mistake, which other networks of the process import too."""
    return _kept(source, nesting) if len(source.text) <= _KEPT_TEXT else None


@lru_cache(_KEPT_FILES)
def _kept(source: Source, nesting: int) -> tree.File | None:
    mistakes = Diagnostics(limit=1)
    file = parse(source, mistakes, nesting=nesting)
    return None if mistakes.failed else file

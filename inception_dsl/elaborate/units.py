"""A file under its settings: definitions, imported definitions, and the values of its knobs.

Equal settings give one unit per file, different settings independent ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from inception_dsl.ir.formula import Bound
from inception_dsl.ir.op import ParameterSpec, Signature
from inception_dsl.ir.regions import DefinitionInfo
from inception_dsl.source import Source
from inception_dsl.syntax import tree

__all__ = ["DefinitionRef", "Unit"]


@dataclass(eq=False)
class Unit:
    """One copy of a file. `broken` tells that names may be missing since a part did not parse."""

    source: Source
    file: tree.File
    path: Path | None = None
    key: str = ""
    broken: bool = False
    values: dict[str, Bound] = field(default_factory=dict)
    definitions: dict[str, DefinitionRef] = field(default_factory=dict)
    imported: dict[str, DefinitionRef] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    """The definitions and imports that its text mentions."""
    unread: list[tree.Ident] = field(default_factory=list)
    """The parameters of its definitions and networks that nothing reads."""

    @property
    def params(self) -> tuple[tree.FileParam, ...]:
        """The knobs of the file."""
        return tuple(item for item in self.file.items if isinstance(item, tree.FileParam))

    @property
    def networks(self) -> tuple[tree.Network, ...]:
        """The networks of the file; a library has none."""
        return tuple(item for item in self.file.items if isinstance(item, tree.Network))

    def definition(self, name: str) -> DefinitionRef | None:
        """The definition that `name` means in this file."""
        return self.definitions.get(name) or self.imported.get(name)

    @property
    def definition_names(self) -> tuple[str, ...]:
        """Every definition that can be called here."""
        return (*self.definitions, *self.imported)


@dataclass(eq=False)
class DefinitionRef:
    """A definition in its unit, whose names it sees wherever it is called."""

    unit: Unit
    tree: tree.Definition

    @property
    def name(self) -> str:
        """The name it was defined under."""
        return self.tree.name.text

    @cached_property
    def info(self) -> DefinitionInfo:
        """What back ends need of it."""
        names = tuple(param.name.text for param in self.tree.params)
        operands = tuple(operand.text for operand in self.tree.operands)
        doc, key = self.tree.doc, self.unit.key
        return DefinitionInfo(self.name, self.tree.role, names, doc, key, operands, self.tree.span)

    @cached_property
    def signature(self) -> Signature:
        """Its parameters; defaults are expressions, evaluated at each call."""
        return Signature(parameter_specs(self.tree.params))

    @property
    def parameters(self) -> tuple[ParameterSpec, ...]:
        """Its parameters, in order."""
        return self.signature.parameters


def parameter_specs(params: tuple[tree.Param, ...]) -> tuple[ParameterSpec, ...]:
    """The signature that `params` write."""
    return tuple(
        ParameterSpec(
            name=param.name.text,
            type=param.type.text if param.type else "any",
            required=param.default is None,
            default=param.default,
            shown=param.default.span.text if param.default else "",
        )
        for param in params
    )


def setting_key(path: Path | None, settings: Mapping[str, Bound]) -> str:
    """What tells units apart: the file, and the values of its knobs in order of their names."""
    shown = ", ".join(f"{name}={settings[name].value!r}" for name in sorted(settings))
    return f"{path.name if path else ''}({shown})"

"""Imports: the file that is meant, and the definitions that it gives.

Raises: Fault for what cannot be imported, Unknown where the other file did not parse.
"""

from __future__ import annotations

from pathlib import Path

from inception_dsl.diagnostics import Note
from inception_dsl.diagnostics.suggest import correction
from inception_dsl.elaborate.faults import Unknown, fail
from inception_dsl.elaborate.files import find_import
from inception_dsl.elaborate.units import Unit
from inception_dsl.ops import operation_names
from inception_dsl.syntax import tree

__all__ = ["find", "take"]


def find(unit: Unit, item: tree.Import) -> Path:
    """The file that an import means."""
    path = find_import(item.path, unit.path)
    if path is None:
        beside = "beside this file or " if unit.path else ""
        help = f"imports are looked up {beside}among the shipped specs, and never outside"
        message = f"no spec `{item.path}` to import"
        fail("E0209", item.path_span, message, "not found", help=help)
    return path


def take(unit: Unit, target: Unit, imported: tree.Imported) -> None:
    """Bring one definition of `target` into `unit`, under its name here."""
    name, alias = imported.name.text, imported.alias.text
    found = target.definitions.get(name)
    if found is None:
        if any(network.name.text == name for network in target.networks):
            message = f"`{name}` is a network, and networks are not imported"
            help = "import the definitions that it uses"
            fail("E0215", imported.name.span, message, help=help)
        if target.broken:
            raise Unknown
        near, fix = correction(name, imported.name.span, target.definitions)
        message = f"`{target.source.name}` defines no `{name}`"
        fail("E0211", imported.name.span, message, "not defined there", help=near, fix=fix)
    taken = unit.definitions.get(alias) or unit.imported.get(alias)
    if taken:
        note = Note(f"`{alias}` is defined here", taken.tree.name.span)
        message = f"two definitions are named `{alias}`"
        help = f"import it under another name: `{name} as ...`"
        fail("E0214", imported.alias.span, message, notes=(note,), help=help)
    if alias in operation_names():
        fail(
            "E0207",
            imported.alias.span,
            f"`{alias}` is an operation of the language",
            "choose another name",
        )
    unit.imported[alias] = found

"""One operation per file, found by listing this folder and imported when its name is used."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from inception_dsl.ir.op import Op

__all__ = ["operation", "operation_names"]


@cache
def operation_names() -> tuple[str, ...]:
    """The names of all operations, sorted; files that start with `_` are none."""
    files = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in files if not name.startswith("_")))


@cache
def operation(name: str) -> type[Op] | None:
    """The operation of that name, or None; its class is the name in CamelCase."""
    if name not in operation_names():
        return None
    class_name = "".join(word.capitalize() for word in name.split("_"))
    found: type[Op] = getattr(import_module(f"{__name__}.{name}"), class_name)
    return found
